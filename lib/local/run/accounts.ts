import type { JobCounts } from '../../model/job-counts.ts';

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
}): JobCounts => {
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

export const sumAccounts = (all: readonly JobCounts[]): JobCounts => {
  const sum = (key: keyof JobCounts): number => all.reduce((total, accounts) => total + accounts[key], 0);
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
