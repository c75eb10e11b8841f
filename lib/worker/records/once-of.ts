import type { Once } from '../../jobs/once.ts';
import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { Job, JobContext } from '../job.ts';
import { refOf } from './record-lifecycle.ts';

/** `context.once` of one job. */
export type OnceOf = (job: Job) => JobContext['once'];

/** Two workers with the same delivery there are not; so long the effect of a second message of the job waits. */
const holdSeconds: Seconds = 300;

/** Keys are the job's own: two jobs may use the same word. */
export const onceOf =
  (once: Once, clock: Clock): OnceOf =>
  (job) => {
    const { tenant, jobId } = refOf(job);
    return (key, effect) =>
      once.run({ key: `${tenant}#${jobId}#${key}`, attempt: job.receiveCount, now: clock.now(), holdSeconds }, effect);
  };

export const noOnce: OnceOf = () => () =>
  Promise.reject(new Error('context.once needs job records: set `worker.jobs` in the config'));
