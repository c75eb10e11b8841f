import type { DecisionRecord } from '../../model/decision.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { EpochSeconds, Percent, Seconds, Usd } from '../../model/units.ts';

/**
 * Everything that is known of one run of the local cloud. The summary and the page are pure functions of it.
 * Times named `t` or ending in `T` are seconds since `startedAt`, the moment the command was given.
 */
export interface RunRecord {
  readonly settings: RunSettings;
  readonly startedAt: EpochSeconds;
  /** The first job was sent. Absent: the run ended before. */
  readonly jobsFromT?: Seconds;
  readonly endedT: Seconds;
  readonly firstDecisionT?: Seconds;
  /** Why the run was cut short: `SIGINT`, `the terminal went away`. Absent: it ended by itself. */
  readonly interrupted?: string;
  /** What kept the run from finishing, one sentence each. Empty: it finished. */
  readonly problems: readonly string[];
  /** What was shown of the job API, in order. Absent: the run has none, or nobody to show it. */
  readonly tour?: readonly TourStep[];
  readonly cpu: CpuUse;
  readonly services: readonly ServiceRun[];
}

/** One thing that the job API does, tried in the run. */
export interface TourStep {
  readonly name: string;
  /** It was as it must be. */
  readonly ok: boolean;
  /** What was seen, one sentence. */
  readonly text: string;
}

export interface RunSettings {
  /** The example's name, or the config's path. */
  readonly title: string;
  readonly minutes: number;
  readonly seed: number;
  /** Of a task, drawn anew for each one: median and 95th percentile. */
  readonly startSeconds: Seconds;
  readonly startP95Seconds: Seconds;
  readonly trace?: string;
  /** Seconds after the first job at which a busy worker is killed without warning. */
  readonly killOneAt: readonly Seconds[];
}

/** What the workers took of the machine, in cores. */
export interface CpuUse {
  readonly meanCores: number;
  /** The highest mean over ten seconds. */
  readonly peakCores: number;
  /** Above this the run's waits say more about this machine than about the scaling. */
  readonly limitCores: number;
}

export interface ServiceRun {
  readonly plan: ServicePlan;
  readonly jobs: JobCounts;
  /** About one a second, oldest first. */
  readonly samples: readonly ServiceSample[];
  readonly starts: readonly JobStart[];
  readonly tasks: readonly TaskLife[];
  /** Oldest first; those of ticks without a change too. */
  readonly decisions: readonly DecisionRecord[];
  readonly price: TaskPrice;
}

export interface ServiceSample {
  readonly t: Seconds;
  /** Sent so far. */
  readonly submitted: number;
  /** Over all the queues of the service: visible and delayed. */
  readonly waiting: number;
  readonly inFlight: number;
  readonly desired: number;
  readonly running: number;
  readonly starting: number;
  readonly stopping: number;
  /** What its processes have used so far, those that are gone left out. */
  readonly cpuSeconds?: Seconds;
  /** Resident memory of its tasks as a share of what they may have. Absent: none was measured. */
  readonly memoryPercent?: Percent;
}

/** One job that a worker began. A job that is delivered again counts by its first start. */
export interface JobStart {
  readonly queue: string;
  readonly sentT: Seconds;
  readonly waitSeconds: Seconds;
}

/** From the start of the task (as AWS bills: from the pull of its image) to its end. */
export interface TaskLife {
  readonly startedT: Seconds;
  /** Absent: still there at the end of the run. */
  readonly stoppedT?: Seconds;
}

export interface TaskPrice {
  readonly usdPerTaskHour: Usd;
  readonly region: string;
  /** The day of the price list, YYYY-MM-DD. */
  readonly date: string;
}
