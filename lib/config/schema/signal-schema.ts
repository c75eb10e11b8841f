import { z } from 'zod';
import { isAlbMeasure, isSignalName } from '../../model/signal.ts';
import { expressionFault } from '../metric-expression.ts';
import { decimal, group, note, oneOf, type RuleBroken, record, rule, text } from './field.ts';

const nameForm = 'a signal name: a letter, then letters, digits, "_", "." or "-", at most 64';
const statisticForm = '"Average", "Sum", "Minimum", "Maximum", "SampleCount" or a percentile such as "p99"';
const periodForm = 'a multiple of 60 from 60 to 3600';
const targetGroupForm = 'the ARN of a target group, or "targetgroup/NAME/ID"';
const loadBalancerForm = 'the ARN of an application load balancer, or "app/NAME/ID"';

const isStatistic = (value: string): boolean =>
  ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'].includes(value) || /^p(100|\d{1,2}(\.\d{1,2})?)$/.test(value);

const statistic = () =>
  text(statisticForm, isStatistic)
    .exactOptional()
    .meta(note('How the values of a period become one.', { fallback: '`Average`' }));
const dimensions = () =>
  record(text('text'))
    .exactOptional()
    .meta(
      note('All dimensions of the series, by name: CloudWatch has another one for each set.', { fallback: 'none' }),
    );
const targetGroup = () => text(targetGroupForm, (value) => /(^|:)targetgroup\/[^/]+\/[^/]+$/.test(value));
const loadBalancer = () => text(loadBalancerForm, (value) => /(^|:loadbalancer\/)app\/[^/]+\/[^/]+$/.test(value));
const latencyNote = note('Which percentile of the response time counts.', { unit: '%', fallback: '95' });

const metricOfExpression = group({
  namespace: text('a CloudWatch namespace').meta(note('Such as `AWS/SQS`.')),
  metric: text('a metric’s name').meta(note('Name of the metric.')),
  dimensions: dimensions(),
  statistic: statistic(),
});

const signal = group({
  namespace: text('a CloudWatch namespace')
    .exactOptional()
    .meta(note('With `metric`: a CloudWatch metric, such as one in `AWS/SQS`.', { fallback: 'none' })),
  metric: text('a metric’s name')
    .exactOptional()
    .meta(note('Name of the metric.', { fallback: 'none' })),
  dimensions: dimensions(),
  statistic: statistic(),
  expression: text('CloudWatch metric math')
    .exactOptional()
    .meta(note('Metric math over the ids in `metrics`, such as `100 * e / r`.', { fallback: 'none' })),
  metrics: record(metricOfExpression)
    .exactOptional()
    .meta(note('The metrics of `expression`, by id.', { fallback: 'none' })),
  periodSeconds: z
    .number({ error: periodForm })
    .refine((value) => value >= 60 && value <= 3600 && value % 60 === 0, { error: periodForm })
    .exactOptional()
    .meta({
      ...note('Period of a metric or an expression. A value older than three periods is stale.', {
        unit: 's',
        fallback: '60',
      }),
      takes: periodForm,
    }),
  source: oneOf(['beacon'])
    .exactOptional()
    .meta(note('`beacon`: the tasks report it themselves (docs/signals.md).', { fallback: 'none' })),
  combine: oneOf(['sum', 'mean'])
    .exactOptional()
    .meta(
      note('How the values of the tasks become one.', {
        fallback: '`sum` for names that are totals, else `mean`',
      }),
    ),
  albTargetGroup: targetGroup()
    .exactOptional()
    .meta(note('With `loadBalancer`: what the load balancer knows of this target group.', { fallback: 'none' })),
  loadBalancer: loadBalancer()
    .exactOptional()
    .meta(note('The target group’s load balancer.', { fallback: 'none' })),
  measure: oneOf(['requestsPerSecond', 'latencyMs', 'errorPercent'])
    .exactOptional()
    .meta(note('What of the target group.', { fallback: 'the signal’s name, where it is one of these' })),
  latencyPercentile: decimal(0, 100).exactOptional().meta(latencyNote),
}).superRefine(rule(signalBroken));
export type CheckedSignal = z.output<typeof signal>;

export const signalsSchema = () => {
  const takes = 'an object { name: … }';
  return z
    .record(text(nameForm, isSignalName), signal, { error: takes })
    .superRefine(
      rule((signals) => {
        const vague = Object.entries(signals).find(
          ([name, { albTargetGroup, measure }]) => albTargetGroup && !measure && !isAlbMeasure(name),
        );
        return (
          vague && {
            path: [vague[0], 'measure'],
            found: 'nothing',
            expected: '"requestsPerSecond", "latencyMs" or "errorPercent"',
            mend: `"${vague[0]}" does not say which of them it is: add "measure".`,
          }
        );
      }),
    )
    .meta({ takes });
};

/** The service's own load balancer. */
export const albSchema = () =>
  group({
    targetGroup: targetGroup()
      .exactOptional()
      .meta(note('The target group with the service’s tasks.', { fallback: 'the one that the template makes' })),
    loadBalancer: loadBalancer()
      .exactOptional()
      .meta(note('Its load balancer.', { fallback: 'the one that the template makes' })),
    latencyPercentile: decimal(0, 100).default(95).meta(latencyNote),
  }).superRefine(
    rule(({ targetGroup, loadBalancer }) =>
      (targetGroup === undefined) === (loadBalancer === undefined)
        ? undefined
        : {
            path: [targetGroup === undefined ? 'targetGroup' : 'loadBalancer'],
            found: 'nothing',
            expected: targetGroup === undefined ? targetGroupForm : loadBalancerForm,
            mend: 'CloudWatch knows the metrics only by both names: add it.',
          },
    ),
  );

type Given = Readonly<Record<string, unknown>>;

/** The four kinds of definition: the fields that say which it is, those that it needs, those that it may have. */
const kinds = [
  { marks: ['namespace', 'metric'], needs: ['namespace', 'metric'], may: ['dimensions', 'statistic', 'periodSeconds'] },
  { marks: ['expression', 'metrics'], needs: ['expression', 'metrics'], may: ['periodSeconds'] },
  { marks: ['source'], needs: ['source'], may: ['combine'] },
  {
    marks: ['albTargetGroup', 'loadBalancer', 'measure'],
    needs: ['albTargetGroup', 'loadBalancer'],
    may: ['measure', 'latencyPercentile'],
  },
] as const;
const kindsForm =
  'one of { namespace, metric, … }, { expression, metrics }, { source: "beacon" } and { albTargetGroup, loadBalancer }';

function signalBroken(
  given: Given & { readonly expression?: string; readonly metrics?: Given },
): RuleBroken | undefined {
  const has = (name: string): boolean => given[name] !== undefined;
  const meant = kinds.filter(({ marks }) => marks.some(has));
  const [kind] = meant;
  if (kind === undefined || meant.length > 1)
    return {
      found:
        kind === undefined
          ? 'no source'
          : `two sources: ${meant
              .flatMap(({ marks }) => marks.filter(has))
              .map(quoted)
              .join(' and ')}`,
      expected: kindsForm,
      mend: 'Say in one way where the values come from; docs/signals.md has an example of each.',
    };
  const missing = kind.needs.find((name) => !has(name));
  if (missing !== undefined)
    return {
      path: [missing],
      found: 'nothing',
      expected: `"${missing}" beside ${kind.marks.filter(has).map(quoted).join(' and ')}`,
      mend: `Add "${missing}".`,
    };
  const known: readonly string[] = [...kind.needs, ...kind.may];
  const foreign = Object.keys(given).find((name) => has(name) && !known.includes(name));
  if (foreign !== undefined)
    return {
      path: [foreign],
      found: `"${foreign}" beside ${kind.marks.filter(has).map(quoted).join(' and ')}`,
      expected: `only ${known.map(quoted).join(', ')} there`,
      mend: 'Remove it.',
    };
  return given.expression === undefined
    ? undefined
    : expressionFault(given.expression, Object.keys(given.metrics ?? {}));
}

const quoted = (name: string): string => `"${name}"`;
