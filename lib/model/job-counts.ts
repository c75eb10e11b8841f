/** Where each job that was sent is now; all but `submitted` add up to it. */
export interface JobCounts {
  readonly submitted: number;
  /** Jobs with a result; a job that ran twice counts once. */
  readonly done: number;
  /** Jobs in the dead-letter queue. */
  readonly failed: number;
  /** Jobs past their expiry. */
  readonly expired: number;
  /** Jobs taken back by their sender; only the job API can. */
  readonly cancelled: number;
  readonly queued: number;
  readonly running: number;
  /** Accepted by SQS and found nowhere. */
  readonly lost: number;
}
