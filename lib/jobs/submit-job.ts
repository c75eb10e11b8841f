import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { JobSender } from './job-sender.ts';
import type { Accepted, AcceptOptions, JobStore, NewJob } from './job-store.ts';

export interface SubmitOptions extends AcceptOptions {
  /** Of its message, at most 900. */
  readonly delaySeconds?: Seconds;
}

/**
 * Accepts a job and sends its message: the record first, so that nothing runs that nobody knows of. A job that was
 * accepted before and whose message nobody is sure of is sent again. Rejects when the store or the queue does; who
 * submits the same id again then, or the sweeper, brings it to its end.
 */
export const submitJob = async (
  store: JobStore,
  sender: JobSender,
  job: NewJob,
  now: EpochSeconds,
  options: SubmitOptions = {},
): Promise<Accepted> => {
  const accepted = await store.accept(job, options);
  const { outcome, record } = accepted;
  if (outcome === 'conflict' || record.sentAt !== undefined || record.state !== 'queued') return accepted;
  await sender.send(record, options.delaySeconds);
  const marked = await store.apply(record, { kind: 'sent', at: now }, record);
  return marked.outcome === 'unknown' ? accepted : { outcome, record: marked.record };
};
