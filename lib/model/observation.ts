import type { TaskSize } from './plan.ts';
import type { EpochSeconds, Seconds } from './units.ts';

/** Why a value is not there. It is never read as zero. */
export type UnknownCause = 'missing' | 'stale' | 'future' | 'failed' | 'hidden';

/** A value with its time, or the reason why there is none. */
export type Reading<T> =
  | {
      readonly known: true;
      readonly at: EpochSeconds;
      readonly value: T;
      /** How often its source speaks: after three of its periods a value is stale. Absent: 60. */
      readonly periodSeconds?: Seconds;
    }
  | { readonly known: false; readonly because: UnknownCause; readonly text?: string };

export const known = <T>(at: EpochSeconds, value: T): Reading<T> => ({ known: true, at, value });
export const unknown = (
  because: UnknownCause,
  text?: string,
): { known: false; because: UnknownCause; text?: string } =>
  text === undefined ? { known: false, because } : { known: false, because, text };

/** GetQueueAttributes: approximate, eventually consistent, a lone zero proves nothing. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** One queue of a service. `name` is the queue's name in the config. */
export interface QueueObservation {
  readonly name: string;
  readonly counts: Reading<QueueCounts>;
}

/** DescribeServices, summed over all deployments. */
export interface ServiceCounts {
  readonly desired: number;
  readonly running: number;
  /** Started and not yet running. Where the source hides PROVISIONING tasks this may be too small. */
  readonly pending: number;
  /** Tasks told to stop that still work off a job under protection; part of `running`. Absent: not known. */
  readonly draining?: number;
  readonly deploymentInProgress: boolean;
  /** Consecutive tasks of the primary deployment that failed to start. */
  readonly failedStarts: number;
  /** What new tasks start from. Absent: not known, or nobody asks, since the template made no task definitions. */
  readonly taskDefinition?: TaskDefinitionSeen;
}

/** The task definition of the primary deployment, compared with those of the template. */
export interface TaskDefinitionSeen {
  /** `family:revision` */
  readonly name: string;
  /**
   * `template`: one of those that the last deploy made. `otherRevision`: of a family of theirs, with another revision.
   * `foreign`: none of Sluice's.
   */
  readonly origin: 'template' | 'otherRevision' | 'foreign';
  /** What it gives a task. Absent: foreign. */
  readonly size?: TaskSize;
}

/**
 * What the workers did since the previous observation, summed over all tasks.
 * A job is late when it started more than its queue's `startWithinSeconds` after it was sent.
 */
export interface WorkReport {
  readonly started: number;
  readonly late: number;
  readonly completed: number;
  readonly failed: number;
  /** Slot-seconds spent on jobs: busy slots integrated over time. */
  readonly busySlotSeconds: Seconds;
  /** Sum of the run times of the completed jobs. Absent: only `busySlotSeconds` is known. */
  readonly serviceSeconds?: Seconds;
  /** Tasks that became ready, and the sum of their delays from task creation to ready. */
  readonly tasksReady?: number;
  readonly tasksReadyDelaySeconds?: Seconds;
}

/** Everything one decision may look at. */
export interface Observation {
  readonly now: EpochSeconds;
  readonly queues: readonly QueueObservation[];
  readonly service: Reading<ServiceCounts>;
  readonly work: Reading<WorkReport>;
  /** By name: cpu, memory, errorPercent, cacheHitPercent (percent), requestsPerSecond, queueDepth, activeJobs, connections (totals), latencyMs, or a name of the user's own. */
  readonly signals: Readonly<Record<string, Reading<number>>>;
}
