import type { Percent, Seconds } from '../../model/units.ts';
import type { Estimate } from '../../simulate/history/service-seconds-of.ts';
import { duration } from '../run/format.ts';
import { span } from '../simulation/format.ts';

/** What a backtest rests on. */
export interface Evidence {
  readonly seconds: Seconds;
  readonly jobs: number;
  /** Of the whole span, what was recorded in periods of at most so many seconds. */
  readonly finestPeriodSeconds: Seconds;
  readonly finestShare: number;
  readonly unknownSeconds: Seconds;
  readonly startWithinSeconds: Seconds;
  readonly startDelay: 'given' | 'recorded' | 'assumed';
  /** Absent: somebody said how long a job takes. */
  readonly serviceSeconds?: Estimate;
  /** Sent ÷ (deleted + growth of the queue). */
  readonly balance?: number;
  /** What today's fleet kept: by the recorded curves, and by the same counts in the simulator. */
  readonly today?: {
    readonly measured: { readonly low: Percent; readonly high: Percent };
    readonly simulated: Percent;
  };
}

export type Grade = 'good' | 'fair' | 'poor';
export interface Trust {
  /** The worst of the reasons' grades. */
  readonly grade: Grade;
  readonly reasons: readonly { readonly grade: Grade; readonly text: string }[];
}

const grades: readonly Grade[] = ['good', 'fair', 'poor'];

/** How far a backtest's figures can be trusted, reason by reason. */
export const trustOf = (evidence: Evidence): Trust => {
  const reasons = [
    lengthOf(evidence),
    resolutionOf(evidence),
    gapsOf(evidence),
    countOf(evidence),
    runTimeOf(evidence),
    ...(evidence.balance === undefined ? [] : [balanceOf(evidence.balance)]),
    startsOf(evidence),
    ...(evidence.today === undefined ? [] : [checkOf(evidence.today)]),
  ];
  const worst = Math.max(...reasons.map(({ grade }) => grades.indexOf(grade)));
  return { grade: grades[worst] ?? 'poor', reasons };
};

type Reason = Trust['reasons'][number];
/** `good` up to the first limit, `fair` up to the second. */
const grade = (value: number, good: number, fair: number): Grade =>
  value <= good ? 'good' : value <= fair ? 'fair' : 'poor';

const lengthOf = ({ seconds }: Evidence): Reason => {
  const days = seconds / 86_400;
  const text = `${span(seconds)} of history`;
  return days >= 7
    ? { grade: 'good', text: `${text}: whole weeks are in it` }
    : { grade: days >= 2 ? 'fair' : 'poor', text: `${text}: a week shows weekends, and two show what repeats` };
};

const resolutionOf = ({ finestPeriodSeconds, finestShare, startWithinSeconds }: Evidence): Reason => {
  const coarse = `${(100 * finestShare).toFixed(0)} % in periods of ${duration(finestPeriodSeconds)}`;
  const isFine = finestPeriodSeconds <= Math.max(60, startWithinSeconds / 2);
  if (isFine && finestShare >= 0.9) return { grade: 'good', text: coarse };
  return {
    grade: isFine && finestShare >= 0.5 ? 'fair' : finestPeriodSeconds <= 300 ? 'fair' : 'poor',
    text: `${coarse}: bursts shorter than a period do not show, so waits are likely to be longer than they say here`,
  };
};

const gapsOf = ({ unknownSeconds, seconds }: Evidence): Reason => {
  const share = unknownSeconds / seconds;
  return {
    grade: grade(share, 0, 0.02),
    text:
      unknownSeconds === 0
        ? 'no gaps'
        : `${span(unknownSeconds)} (${(100 * share).toFixed(1)} %) are not recorded, and are played as if nothing had come`,
  };
};

const countOf = ({ jobs }: Evidence): Reason => ({
  grade: jobs >= 5000 ? 'good' : jobs >= 500 ? 'fair' : 'poor',
  text:
    jobs >= 5000
      ? `${Math.round(jobs).toLocaleString('en-US')} jobs`
      : `only ${Math.round(jobs).toLocaleString('en-US')} jobs: a few late ones decide whether the promise was kept`,
});

const runTimeOf = ({ serviceSeconds }: Evidence): Reason => {
  if (serviceSeconds === undefined) return { grade: 'good', text: 'the run time of a job was given' };
  const { value, low, high } = serviceSeconds;
  return {
    grade: grade((high - low) / (2 * value), 0.1, 0.3),
    text: `run time estimated from what was in flight: ${duration(value)} (${duration(low)} to ${duration(high)}); jobs fetched in advance make it too long`,
  };
};

const balanceOf = (balance: number): Reason => ({
  grade: grade(Math.abs(balance - 1), 0.03, 0.15),
  text:
    Math.abs(balance - 1) <= 0.03
      ? `the books balance: sent is ${balance.toFixed(3)} × deleted and left over`
      : `sent is ${balance.toFixed(2)} × deleted and left over: ${balance > 1 ? 'messages expired, moved to a dead-letter queue, or were purged' : 'messages were deleted twice, or sends were not recorded'}`,
});

const startsOf = ({ startDelay }: Evidence): Reason => ({
  grade: startDelay === 'assumed' ? 'fair' : 'good',
  text:
    startDelay === 'assumed'
      ? 'how long a task takes to start is assumed: give --start-seconds when you know it'
      : startDelay === 'given'
        ? 'the start delay of a task was given'
        : 'start delay estimated from desired and running tasks',
});

const checkOf = ({ measured: { low, high }, simulated }: NonNullable<Evidence['today']>): Reason => {
  const off = Math.max(0, low - simulated, simulated - high);
  const range = low === high ? `${low.toFixed(1)} %` : `${low.toFixed(1)} to ${high.toFixed(1)} %`;
  const tooCoarse = high - low > 20;
  return {
    grade: tooCoarse && off <= 2 ? 'fair' : grade(off, 2, 10),
    text: `the recorded curves say that ${range} started in time today; the same task counts in the simulator, ${simulated.toFixed(1)} %${tooCoarse ? '; most waits lie near the promise, so what today keeps is not well known' : ''}`,
  };
};
