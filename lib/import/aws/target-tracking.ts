import type { Draft } from '../draft.ts';
import type { TrackedInput } from '../kubernetes/hpa-metrics.ts';
import type { Source } from '../source/source.ts';
import { awsSignal, defineSignal, metricOf, takesQueue, visibleMetric } from './metric.ts';
import { type Tracking, usualCooldownSeconds } from './policies.ts';

/** `TargetTrackingScalingPolicyConfiguration`. Undefined: noted as dropped. */
export const targetTracking = (draft: Draft, config: Source): Tracking | undefined => {
  const target = config.need('TargetValue', 'Use the output of the AWS CLI as it is.').number(0);
  const cooldown = (key: string): number =>
    draft.usual(
      config.get(key)?.wholeNumber(),
      usualCooldownSeconds,
      `${config.path}.${key}`,
      `behavior.${key === 'ScaleInCooldown' ? 'scaleIn' : 'scaleOut'}.cooldownSeconds`,
      'Application Auto Scaling (on ECS)',
    );
  const tracked = signalOf(draft, config, target);
  if (tracked === undefined) return undefined;
  return {
    kind: 'tracking',
    signal: tracked,
    outCooldownSeconds: cooldown('ScaleOutCooldown'),
    inCooldownSeconds: cooldown('ScaleInCooldown'),
    scalesIn: config.get('DisableScaleIn')?.flag() !== true,
  };
};

const signalOf = (draft: Draft, config: Source, target: number): TrackedInput | undefined => {
  const predefined = config.get('PredefinedMetricSpecification');
  if (predefined) return predefinedSignal(draft, predefined, target);
  const customised = config.need('CustomizedMetricSpecification', 'Target tracking follows some metric.');
  const metrics = customised.get('Metrics');
  if (metrics) return metricMath(draft, metrics, target);
  customised.get('Unit')?.skip();
  const signal = awsSignal(draft, metricOf(customised, customised.get('Statistic')), 60);
  // A queue's depth as a plain target: the total does not shrink with more tasks, which AWS cannot know either.
  return { signal, target };
};

/** `requests`: per target and minute. */
export const requestsSignal = (perMinute: number): TrackedInput => ({
  signal: 'requestsPerSecond',
  perTask: perMinute / 60,
});

const predefinedSignal = (draft: Draft, predefined: Source, target: number): TrackedInput | undefined => {
  const type = predefined.need('PredefinedMetricType', 'Use the output of the AWS CLI as it is.');
  const name = type.text();
  if (/^ECSServiceAverageCPUUtilization/.test(name)) return { signal: 'cpu', target };
  if (/^ECSServiceAverageMemoryUtilization/.test(name)) return { signal: 'memory', target };
  if (name !== 'ALBRequestCountPerTarget') {
    draft.drop(predefined, 'It belongs to another kind of resource than an ECS service.');
    return undefined;
  }
  const label = predefined.get('ResourceLabel')?.text() ?? '';
  const at = label.indexOf('/targetgroup/');
  if (at > 0) draft.service.alb = { loadBalancer: label.slice(0, at), targetGroup: label.slice(at + 1) };
  draft.near(
    type,
    `requestsPerSecond ${target / 60} a task`,
    'AWS counts requests per target and minute, Sluice requests per second.',
    'policy',
  );
  return requestsSignal(target);
};

interface MathMetric {
  readonly id: string;
  readonly expression: string | undefined;
  readonly metric: ReturnType<typeof metricOf> | undefined;
  readonly returned: boolean;
}

const metricMath = (draft: Draft, metrics: Source, target: number): TrackedInput | undefined => {
  const all = metrics.items().map(mathMetric);
  const result = all.find(({ returned }) => returned) ?? all.at(-1);
  if (result === undefined) return undefined;
  if (result.expression === undefined) return result.metric && { signal: awsSignal(draft, result.metric, 60), target };
  const backlog = backlogPerTask(all, result.expression);
  if (backlog !== undefined && takesQueue(draft, backlog)) {
    draft.near(
      metrics,
      `queueDepth ${target} a task`,
      'Visible messages by the running tasks: Sluice reads the queue at each tick instead of a CloudWatch minute, and needs no Container Insights.',
      'policy',
    );
    return { signal: 'queueDepth', perTask: target };
  }
  return { signal: expressionSignal(draft, all, result), target };
};

const mathMetric = (source: Source): MathMetric => {
  const stat = source.get('MetricStat');
  stat?.get('Unit')?.skip();
  source.get('Label')?.skip();
  const metric = stat?.get('Metric');
  return {
    id: source.need('Id', 'Each metric of an expression has an id.').text(),
    expression: source.get('Expression')?.text(),
    metric: metric && metricOf(metric, stat?.get('Stat')),
    returned: source.get('ReturnData')?.flag() ?? true,
  };
};

/** `visible / running tasks`, with or without FILL and IF around: the queue whose backlog per task it is. */
const backlogPerTask = (all: readonly MathMetric[], expression: string): string | undefined => {
  const isVisible = ({ metric }: MathMetric): boolean =>
    metric?.namespace === 'AWS/SQS' && metric.metric === visibleMetric;
  const visible = all.filter(isVisible);
  const running = all.find(({ metric }) => metric?.metric === 'RunningTaskCount');
  const [queue] = visible;
  if (visible.length !== 1 || queue === undefined || running === undefined) return undefined;
  if (all.some(({ metric, id }) => metric !== undefined && id !== queue.id && id !== running.id)) return undefined;
  const bare = expression.replace(/\s/g, '').replaceAll(/FILL\((\w+),[^)]*\)/g, '$1');
  const divided = new RegExp(`\\b${queue.id}/\\(?(MAX\\()?\\[?(IF\\([^)]*\\)|${running.id}\\b)`);
  return divided.test(bare) ? queue.metric?.dimensions.QueueName : undefined;
};

/** Expressions may name other expressions in AWS; here one expression has metrics alone, so they are put in place. */
const expressionSignal = (draft: Draft, all: readonly MathMetric[], result: MathMetric): string => {
  let expression = result.expression ?? '';
  for (let round = 0; round < all.length; round += 1)
    for (const inner of all)
      if (inner.expression !== undefined && inner.id !== result.id)
        expression = expression.replaceAll(new RegExp(`\\b${inner.id}\\b`, 'g'), `(${inner.expression})`);
  const metrics = Object.fromEntries(
    all.flatMap(({ id, metric }) =>
      metric
        ? [
            [
              id,
              {
                namespace: metric.namespace,
                metric: metric.metric,
                dimensions: { ...metric.dimensions },
                statistic: metric.statistic,
              },
            ],
          ]
        : [],
    ),
  );
  return defineSignal(draft, `expression_${result.id}`, { expression, metrics, periodSeconds: 60 });
};
