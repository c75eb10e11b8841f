import type { JobApiPlan } from '../../model/job-api-plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { JobSender } from '../job-sender.ts';
import type { JobStore } from '../job-store.ts';
import type { WorkflowStore } from '../workflow/workflow-store.ts';
import type { Authenticate } from './auth/caller.ts';
import type { Uploads } from './jobs/uploads.ts';
import type { RateLimiter } from './limit/rate-limiter.ts';

/** When waiting jobs will begin, by the model that scales their workers. */
export interface StartForecast {
  /** Seconds until so many of the waiting jobs of a queue have begun. Undefined: nothing is known of the queue. */
  startedAfter(queue: string, jobs: number, now: EpochSeconds): Promise<Seconds | undefined>;
}

/** What the job API works with. */
export interface JobApiParts {
  readonly plan: JobApiPlan;
  readonly stage: string;
  readonly store: JobStore;
  readonly sender: JobSender;
  readonly workflows: WorkflowStore;
  /** Undefined: there is no bucket, so nothing large. */
  readonly uploads?: Uploads;
  readonly authenticate: Authenticate;
  readonly limiter: RateLimiter;
  readonly forecast: StartForecast;
  readonly clock: { now(): EpochSeconds };
  /** Hears of what is answered with 500 or 503. */
  readonly onError: (error: unknown) => void;
}
