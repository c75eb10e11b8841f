/** Where every job is. `submitted` is the sum of all others. */
export interface Accounts {
  readonly submitted: number;
  /** Jobs with a result; a job that ran twice counts once. */
  readonly done: number;
  /** Jobs in the dead-letter queue. */
  readonly failed: number;
  /** Jobs past their expiry; the queues of a local run are far younger than any retention. */
  readonly expired: number;
  /** Jobs taken back by their sender; only the job API can. */
  readonly cancelled: number;
  readonly queued: number;
  readonly running: number;
  /** Accepted by SQS and found nowhere. */
  readonly lost: number;
}

/**
 * The books of one service. A job with a result is done, even when a copy of its message is still in flight; copies
 * never make `lost` negative, nor can they hide another job's loss at the end, when queues are empty.
 */
export const accountsOf = (found: {
  readonly submitted: number;
  readonly done: number;
  readonly failed: number;
  readonly queued: number;
  readonly running: number;
}): Accounts => {
  const { submitted, done } = found;
  const failed = Math.min(submitted - done, found.failed);
  const open = submitted - done - failed;
  const running = Math.min(open, found.running);
  const queued = Math.min(open - running, found.queued);
  return { submitted, done, failed, expired: 0, cancelled: 0, queued, running, lost: open - running - queued };
};

/** How many of `ids` are in `wanted`, leaving out those in `except`. */
export const countOf = (
  ids: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
  except: ReadonlySet<string> = new Set(),
): number => [...wanted].filter((id) => ids.has(id) && !except.has(id)).length;

export const sumAccounts = (all: readonly Accounts[]): Accounts => {
  const sum = (key: keyof Accounts): number => all.reduce((total, accounts) => total + accounts[key], 0);
  return {
    submitted: sum('submitted'),
    done: sum('done'),
    failed: sum('failed'),
    expired: sum('expired'),
    cancelled: sum('cancelled'),
    queued: sum('queued'),
    running: sum('running'),
    lost: sum('lost'),
  };
};
