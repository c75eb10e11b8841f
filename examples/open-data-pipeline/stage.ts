import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from '../../lib/worker/job.ts';
import { runWorker } from '../../lib/worker/run-worker.ts';

/**
 * A stage of the pipeline: takes its time, then returns the next stage's job. It is accepted before this one's message
 * is deleted, under an id that follows from this one's: a stage that runs twice hands on once.
 */
export const runStage = ({
  seconds,
  next,
}: {
  readonly seconds: (job: Job) => number;
  /** The next stage's queue. Absent: the last stage. */
  readonly next?: string;
}): Promise<never> =>
  runWorker({
    handler: async (job, { signal }) => {
      await delay(seconds(job) * 1000, undefined, { signal });
      return next === undefined ? {} : { next: [{ queue: next, type: next, payload: job.body }] };
    },
  });
