import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { Seconds } from '../../model/units.ts';
import type { Expectation } from './slo-late.ts';
import type { Launches } from './slo-out.ts';
import type { Outlook } from './slo-outlook.ts';

/** Below this share of the jobs that fall due, lateness is chance and not worth a word. */
const wordyShare = 0.05;

/** What one decision of the `slo` policy is made of. */
export interface Verdict {
  readonly outlook: Outlook;
  readonly launches: Launches;
  /** With the fleet that was decided on. */
  readonly expectation: Expectation;
  readonly latePrice: number;
  readonly startWithinSeconds: Seconds;
  /** Tasks that only a declared event asks for. 0: none. */
  readonly forEvent: number;
  readonly wanted: number;
  readonly desired: number;
  readonly current: number;
  /** The promise cannot be kept within `maxCostFactor`, so the price of a late job no longer rises. */
  readonly billIsFull: boolean;
}

/** The decision in plain words, with the numbers that made it. */
export const sentence = (verdict: Verdict): string => {
  const { outlook, expectation } = verdict;
  const waiting = outlook.classes.reduce((sum, jobs) => sum + jobs.waiting, 0);
  const load = `${round(waiting)} jobs wait, ${round(outlook.ratePerSecond)}/s come, ${round(outlook.serviceSeconds)} s each`;
  const late =
    expectation.late > wordyShare * expectation.due && expectation.late >= 1
      ? ` About ${round(expectation.late)} of the ${round(expectation.due)} jobs due within the next ${Math.round(horizonOf(verdict))} s will be late whatever is started now: a start takes about ${Math.round(startDelayQuantile(outlook.startDelay, 0))} s.`
      : '';
  const full = verdict.billIsFull
    ? ' The limit maxCostFactor is reached, so no more is paid for being in time more often.'
    : '';
  return `${load}: ${reason(verdict)}.${late}${full}`;
};

const reason = (verdict: Verdict): string => {
  const { launches, current, desired, wanted, startWithinSeconds, latePrice } = verdict;
  const tasks = `${desired} task${desired === 1 ? '' : 's'}`;
  if (verdict.forEvent > 0) return `${tasks} for the event that was declared and is about to begin`;
  switch (launches.because) {
    case 'catchUp':
      return `jobs are overdue, so ${launches.tasks} more start and make ${tasks}`;
    case 'busyAnyway':
      return `what waits keeps ${launches.tasks} more busy until its deadlines, so they start now and make ${tasks}`;
    case 'price':
      return `to start within ${startWithinSeconds} s cannot wait longer for ${launches.tasks} more (a late job counts as ${round(latePrice)} starts), which makes ${tasks}`;
    case 'none':
      if (desired < current) return `${tasks} will do; ${current - desired} can go`;
      if (desired > wanted)
        return `${wanted} would do; ${tasks} stay, for the rest was needed a moment ago or idles for less than a change costs`;
      return `${tasks} will do and none is spare`;
  }
};

const horizonOf = ({ outlook }: Verdict): Seconds =>
  startDelayQuantile(outlook.startDelay, 1.645) + 2 * outlook.tickSeconds;

const round = (x: number): string => (x >= 10 ? String(Math.round(x)) : x.toFixed(1));
