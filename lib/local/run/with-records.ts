import type { JobCounts } from '../../model/job-counts.ts';

/** What the job records say of one service, beyond what queues and results do. */
export interface RecordedJobs {
  /** Of the jobs that the run itself sent: their messages went without a run. */
  readonly own: Pick<JobCounts, 'expired' | 'cancelled'>;
  /** Jobs that came by another way: the job API, a chain, a workflow. */
  readonly others: Omit<JobCounts, 'submitted' | 'lost'>;
}

/** The books with the records in them: what ended without a run was missing there, and is neither lost nor open. */
export const withRecords = (books: JobCounts, { own, others }: RecordedJobs): JobCounts => {
  let found = own.expired + own.cancelled;
  const less = (count: number): number => {
    const taken = Math.min(count, found);
    found -= taken;
    return count - taken;
  };
  const lost = less(books.lost);
  const running = less(books.running);
  const queued = less(books.queued);
  const sum = {
    done: books.done + others.done,
    failed: books.failed + others.failed,
    expired: books.expired + own.expired + others.expired,
    cancelled: books.cancelled + own.cancelled + others.cancelled,
    queued: queued + others.queued,
    running: running + others.running,
    lost,
  };
  return { ...sum, submitted: Object.values(sum).reduce((total, count) => total + count, 0) };
};
