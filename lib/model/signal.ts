import type { Percent, Seconds } from './units.ts';

/** One CloudWatch metric with its statistic, as GetMetricData takes it. */
export interface MetricStatistic {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, `p99` … */
  readonly statistic: string;
}

/** How the values of the tasks become one: a total, or what a task has on average. */
export type Combining = 'sum' | 'mean';

/** What a load balancer knows of a target group. */
export type AlbMeasure = 'requestsPerSecond' | 'latencyMs' | 'errorPercent';

/** Where a signal of the user's own definition comes from. */
export type SignalSource =
  | (MetricStatistic & { readonly from: 'metric'; readonly periodSeconds: Seconds })
  | {
      readonly from: 'expression';
      /** CloudWatch metric math over the ids of `metrics`. */
      readonly expression: string;
      readonly metrics: Readonly<Record<string, MetricStatistic>>;
      readonly periodSeconds: Seconds;
    }
  | { readonly from: 'beacon'; readonly combine: Combining }
  | (TargetGroupAddress & {
      readonly from: 'alb';
      readonly measure: AlbMeasure;
      readonly latencyPercentile: Percent;
    });

/** Values of the CloudWatch dimensions: `targetgroup/web/73e2d6bc24d8a067` and `app/web/50dc6c495c0c9188`. */
export interface TargetGroupAddress {
  readonly targetGroup: string;
  readonly loadBalancer: string;
}

/** The service's load balancer. Without an address the binding must have one. */
export interface LoadBalancerSignals extends Partial<TargetGroupAddress> {
  /** Which percentile of the response time `latencyMs` is. */
  readonly latencyPercentile: Percent;
}

/** A signal that Sluice has a source for without any definition. */
export interface KnownSignal {
  readonly name: string;
  readonly unit: string;
  /** How values of several tasks become one, when it comes by beacon. */
  readonly combine: Combining;
}

/** The built-in names. docs/signals.md says where each comes from. */
export const knownSignals: readonly KnownSignal[] = [
  { name: 'cpu', unit: '%', combine: 'mean' },
  { name: 'memory', unit: '%', combine: 'mean' },
  { name: 'requestsPerSecond', unit: '1/s', combine: 'sum' },
  { name: 'latencyMs', unit: 'ms', combine: 'mean' },
  { name: 'errorPercent', unit: '%', combine: 'mean' },
  { name: 'queueDepth', unit: 'jobs', combine: 'sum' },
  { name: 'activeJobs', unit: 'jobs', combine: 'sum' },
  { name: 'delayedJobs', unit: 'jobs', combine: 'sum' },
  { name: 'unfinishedJobs', unit: 'jobs', combine: 'sum' },
  { name: 'oldestAgeSeconds', unit: 's', combine: 'mean' },
  { name: 'arrivalsPerSecond', unit: '1/s', combine: 'sum' },
  { name: 'completionsPerSecond', unit: '1/s', combine: 'sum' },
  { name: 'groupsInFlight', unit: 'groups', combine: 'sum' },
  { name: 'activeGroups', unit: 'groups', combine: 'mean' },
  { name: 'connections', unit: 'connections', combine: 'sum' },
  { name: 'cacheHitPercent', unit: '%', combine: 'mean' },
];

/** Names that only a queue can have. */
export const queueSignals: readonly string[] = [
  'oldestAgeSeconds',
  'arrivalsPerSecond',
  'completionsPerSecond',
  'delayedJobs',
  'unfinishedJobs',
  'groupsInFlight',
];

/** A total where that is what the name means, else what a task has on average. */
export const combiningOf = (name: string): Combining =>
  knownSignals.find((signal) => signal.name === name)?.combine ?? 'mean';

/**
 * What a beacon may be called: it becomes part of an attribute's name.
 * One letter first, so that a number can never be taken for one.
 */
export const isSignalName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name);

/** Sort key of the item that all tasks of a service add a window's values to. `end` is the window's end, epoch seconds. */
export const signalWindowKey = (end: number): string => `SIGNALS#${String(end).padStart(12, '0')}`;

const albMeasures: readonly string[] = ['requestsPerSecond', 'latencyMs', 'errorPercent'] satisfies AlbMeasure[];
export const isAlbMeasure = (name: string): name is AlbMeasure => albMeasures.includes(name);
