import type { Seconds } from '../../model/units.ts';
import type { Job, JobContext, JobHandler, JobOutcome } from '../job.ts';
import type { Gate } from './gate.ts';

/** How a type of jobs is retried, and how long one may run. */
export interface JobRules {
  /** Tries after the first one. */
  readonly retries: number;
  /** The first back-off; each further failure doubles it. */
  readonly retrySeconds: Seconds;
  /** Absent: as long as it takes. */
  readonly deadlineSeconds?: Seconds;
}

/** A job whose handler is found and whose payload is checked. */
export interface PreparedJob {
  readonly rules: JobRules;
  /** Lets in so many of its type at a time. */
  readonly gate?: Gate;
  run(context: JobContext): Promise<JobOutcome | undefined> | Promise<void>;
}

/** Finds the handler of a job. */
export interface JobHandlers {
  /** What holds for a job whose handler cannot be asked. */
  readonly defaults: JobRules;
  /** Rejects with a `PermanentFailure` when the type is unknown or the payload is not what its schema says. */
  prepare(job: Job): PreparedJob | Promise<PreparedJob>;
}

/** One handler for every job, whatever its type. */
export const singleHandler = (handler: JobHandler, defaults: JobRules): JobHandlers => ({
  defaults,
  prepare: (job) => ({ rules: defaults, run: (context) => handler(job, context) }),
});
