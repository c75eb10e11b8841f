import type { Draft, ServiceFields } from '../draft.ts';
import type { Source } from '../source/source.ts';

type SignalInput = NonNullable<ServiceFields['signals']>[string];

export interface MetricSeen {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** `MetricName`, `Namespace`, `Dimensions` as the AWS CLI prints them; `Statistic` or `Stat` beside or above. */
export const metricOf = (source: Source, statistic: Source | undefined): MetricSeen => {
  const dimensions = source.get('Dimensions')?.items() ?? [];
  return {
    namespace: source.need('Namespace', 'Use the output of the AWS CLI as it is.').text(),
    metric: source.need('MetricName', 'Use the output of the AWS CLI as it is.').text(),
    dimensions: Object.fromEntries(
      dimensions.map((one) => [
        one.need('Name', 'A dimension has a name.').text(),
        one.need('Value', 'A dimension has a value.').text(),
      ]),
    ),
    statistic: statistic?.text() ?? 'Average',
  };
};

export const visibleMetric = 'ApproximateNumberOfMessagesVisible';

/**
 * The signal that a CloudWatch metric is here: one of the built-in ones where Sluice reads the same by itself (the
 * queue then becomes the service's), else a definition of its own in `signals`.
 */
export const awsSignal = (draft: Draft, seen: MetricSeen, periodSeconds: number): string => {
  if (seen.namespace === 'AWS/ECS' && seen.metric === 'CPUUtilization') return 'cpu';
  if (seen.namespace === 'AWS/ECS' && seen.metric === 'MemoryUtilization') return 'memory';
  const queue = seen.namespace === 'AWS/SQS' ? seen.dimensions.QueueName : undefined;
  const own = queue === undefined ? undefined : queueSignals[seen.metric];
  if (queue !== undefined && own !== undefined && takesQueue(draft, queue)) return own;
  const name = seen.metric.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 60);
  return defineSignal(draft, /^[A-Za-z]/.test(name) ? name : `m_${name}`, {
    namespace: seen.namespace,
    metric: seen.metric,
    ...(Object.keys(seen.dimensions).length > 0 && { dimensions: { ...seen.dimensions } }),
    statistic: seen.statistic,
    periodSeconds: Math.min(3600, Math.max(60, Math.ceil(periodSeconds / 60) * 60)),
  });
};

export const defineSignal = (draft: Draft, name: string, signal: SignalInput): string => {
  draft.service.signals = { ...draft.service.signals, [name]: signal };
  return name;
};

const queueSignals: Readonly<Record<string, string>> = {
  [visibleMetric]: 'queueDepth',
  ApproximateNumberOfMessagesNotVisible: 'activeJobs',
  ApproximateAgeOfOldestMessage: 'oldestAgeSeconds',
};

/** A service's first queue is its own; a metric of another one stays a metric. */
export const takesQueue = (draft: Draft, name: string): boolean => {
  const { queue } = draft.service;
  if (queue !== undefined && queue !== false) return queue.name === name;
  draft.service.queue = { name };
  return true;
};
