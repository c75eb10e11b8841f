import type { ServiceFacts } from '../facts.ts';
import { type Check, type FindingText, given, perService } from '../finding.ts';

/** Good and bad ends of a signal; between them a warning where the two differ. */
interface Threshold {
  readonly signal: string;
  readonly unit: string;
  readonly good: string;
  readonly severityOf: (value: number) => 'ok' | 'info' | 'warning' | 'error';
  readonly mend: string;
}

/** The readiness figures of the llm-governance preset. */
const thresholds: readonly Threshold[] = [
  {
    signal: 'cpu',
    unit: ' %',
    good: '60 to 80 %',
    severityOf: (value) => (value > 80 ? 'warning' : value < 60 ? 'info' : 'ok'),
    mend: 'Above: lower the target or take a larger size. Below: a smaller size may do, the weekly report says when.',
  },
  {
    signal: 'memory',
    unit: ' %',
    good: 'below 85 %',
    severityOf: (value) => (value >= 85 ? 'warning' : 'ok'),
    mend: 'Take a size with more memory, or fewer jobs at once.',
  },
  {
    signal: 'cacheHitPercent',
    unit: ' %',
    good: 'above 80 %',
    severityOf: (value) => (value < 70 ? 'warning' : value <= 80 ? 'info' : 'ok'),
    mend: 'Look at what is asked for: keys, lifetimes, size of the cache.',
  },
  {
    signal: 'errorPercent',
    unit: ' %',
    good: 'below 1 %',
    severityOf: (value) => (value >= 1 ? 'error' : 'ok'),
    mend: 'More tasks do not help while requests fail: look at the log.',
  },
  {
    signal: 'latencyMs',
    unit: ' ms',
    good: 'below 500 ms',
    severityOf: (value) => (value >= 500 ? 'warning' : 'ok'),
    mend: 'Look for what binds: CPU, a downstream, or too few tasks.',
  },
];

/** The signals that `collectFacts` asks for. */
export const thresholdSignals: readonly string[] = thresholds.map(({ signal }) => signal);

/** A signal that the service does not have is nothing to tell. */
const load = perService(
  'load',
  'CPU, memory, errors, response time and cache hits are in their bounds',
  ({ binding, signals }) =>
    given(signals, (seen) =>
      thresholds.flatMap(({ signal, unit, good, severityOf, mend }): readonly FindingText[] => {
        const reading = seen[signal];
        if (reading === undefined || !reading.known) return [];
        const severity = severityOf(reading.value);
        if (severity === 'ok') return [];
        return [
          {
            severity,
            found: `${signal} ${Number(reading.value.toPrecision(3))}${unit}`,
            expected: good,
            mend,
            command: `npm run -s sluice -- why ${binding.plan.service}`,
          },
        ];
      }),
    ),
);

const limits = perService('limits', 'no downstream limit binds before the largest fleet', (facts) => {
  const { plan } = facts.binding;
  const binding = Object.entries(plan.uses)
    .map(([name, perTask]) => ({ name, perTask, total: plan.limits?.[name] ?? Number.POSITIVE_INFINITY }))
    .map((limit) => ({ ...limit, tasks: Math.floor(limit.total / limit.perTask) }))
    .filter(({ tasks }) => tasks < plan.tasks.max)
    .sort((a, b) => a.tasks - b.tasks);
  const [first, ...others] = binding;
  if (first === undefined) return [];
  const rest = others.map(({ name, tasks }) => `, then "${name}" at ${tasks}`).join('');
  return [
    {
      severity: 'warning',
      found: `"${first.name}" binds first, at ${first.tasks} tasks (${first.total} / ${first.perTask} a task)${rest}${throughput(facts, first.tasks)}`,
      expected: `room for ${plan.tasks.max} tasks`,
      mend: `Raise the limit (a pooler), let a task take less of it, or lower tasks.max to ${first.tasks}.`,
      command: 'npm run -s sluice -- validate',
    },
  ];
});

const throughput = ({ binding, jobSeconds }: ServiceFacts, tasks: number): string => {
  const seconds = (jobSeconds.known ? jobSeconds.value : undefined) ?? binding.plan.priors?.serviceSeconds;
  if (seconds === undefined || seconds <= 0) return '';
  const perHour = Math.floor((3600 * tasks * binding.plan.worker.concurrency) / seconds);
  return `: about ${perHour.toLocaleString('en-US')} jobs an hour`;
};

export const loadChecks: readonly Check[] = [load, limits];
