import type { Seconds } from '../../model/units.ts';

/**
 * What a late job may cost: the one number through which the error budget steers the fleet. While more jobs are late than
 * the promise allows, the price rises and more is paid to avoid the next one; while fewer are, it falls.
 */
export interface LatePrice {
  /** Natural logarithm of the price of one late job, in starts of a task, for jobs of `referenceServiceSeconds`. */
  readonly log: number;
  /** What the logarithm returns to when the budget is balanced: it begins at a guess and follows what proved needed. Absent: nothing was seen yet. */
  readonly usualLog?: number;
  /** The guess as it was last: when start-ups or counters prove slower than was believed, the usual price moves with it. */
  readonly guessedLog?: number;
  /** Error budget: late jobs minus those that were allowed, bounded. */
  readonly overspentJobs: number;
  /** Jobs of the last day, decayed. */
  readonly jobsPerDay: number;
  /** Slot-seconds of the last half day, decayed: of all running tasks, and of those that worked. */
  readonly paidSlotSeconds: Seconds;
  readonly usedSlotSeconds: Seconds;
}

/** What the workers reported for one tick. */
export interface Spending {
  readonly elapsedSeconds: Seconds;
  readonly started: number;
  readonly late: number;
  readonly runningSlots: number;
  readonly busySlotSeconds: Seconds;
  readonly slotsPerTask: number;
  /** Share of jobs that may be late, 0 to 1. */
  readonly allowedShare: number;
  readonly maxCostFactor: number;
  /** From a job's arrival until a task that is started for it is ready, and how long it may take: the guess to begin with. */
  readonly reactionSeconds: Seconds;
  readonly startWithinSeconds: Seconds;
}

/** Of the allowed share, this much is aimed at: bursts still to come need the rest. */
const aimedShare = 0.7;
const logStart = 2;
const logMin = -2.5;
const logMax = 7;
/**
 * The guess: the longer a start takes against the promise, the more must stand ready, and the dearer a late job is; steeply
 * so where a start takes longer than the promise. Rather too dear than too cheap: what the first day overdraws is paid for a week.
 */
const logPerLogReaction = 1;
const logPerLogReactionTooLate = 5;
const usualLogMin = -1;
const usualLogMax = 5;
/** What proved needed over so many days becomes the usual price. */
const usualDays = 3;
/** Overspending by one day's allowance raises the logarithm of the price by so much. */
const logPerDaysAllowance = 3;
/** With few jobs a day, one late job must not count as days of overspending. */
const allowanceMinJobs = 5;
/** The price moves slowly, so that one hopeless burst neither makes the fleet dear nor is gambled with afterwards. */
const risePerHour = 1;
/** Up to the usual price it may hurry: that much is known to be needed. */
const returnPerHour = 6;
const fallPerHour = 0.3;
const referenceServiceSeconds: Seconds = 30;
const daySeconds: Seconds = 86_400;
const billSeconds: Seconds = 43_200;

export const initialLatePrice: LatePrice = {
  log: logStart,
  overspentJobs: 0,
  jobsPerDay: 0,
  paidSlotSeconds: 0,
  usedSlotSeconds: 0,
};

/** A late job's price in starts. Longer jobs are dearer: to keep a slot free for one costs in proportion. */
export const startsPerLateJob = (price: LatePrice, serviceSeconds: Seconds): number =>
  Math.exp(price.log) * (serviceSeconds / referenceServiceSeconds);

/** True when the bill has reached the limit, so the price may not rise further. One task is never called dear. */
export const billIsFull = (price: LatePrice, slotsPerTask: number, maxCostFactor: number): boolean =>
  price.paidSlotSeconds > maxCostFactor * price.usedSlotSeconds + slotsPerTask * billSeconds;

export const nextLatePrice = (before: LatePrice, tick: Spending): LatePrice => {
  const { elapsedSeconds, started, late } = tick;
  const aim = aimedShare * tick.allowedShare;
  const dayKept = Math.exp(-elapsedSeconds / daySeconds);
  const billKept = Math.exp(-elapsedSeconds / billSeconds);
  const after = {
    jobsPerDay: before.jobsPerDay * dayKept + started,
    paidSlotSeconds: before.paidSlotSeconds * billKept + tick.runningSlots * elapsedSeconds,
    usedSlotSeconds: before.usedSlotSeconds * billKept + tick.busySlotSeconds,
  };
  const guessed = guessedLog(tick);
  const usualLog =
    before.usualLog === undefined
      ? guessed
      : before.usualLog +
        (guessed - (before.guessedLog ?? guessed)) +
        (before.log - before.usualLog) * (1 - Math.exp(-elapsedSeconds / (usualDays * daySeconds)));
  const allowance = Math.max(allowanceMinJobs, aim * before.jobsPerDay);
  const bound = (log: number) => ((log - usualLog) / logPerDaysAllowance) * allowance;
  const overspent = late - aim * started;
  const full = billIsFull(before, tick.slotsPerTask, tick.maxCostFactor);
  // A promise that cannot be kept at this price is not chased: what it overspends is written off.
  const counted = full ? Math.min(0, overspent) : overspent;
  const overspentJobs = clamp(before.overspentJobs + counted, bound(logMin), bound(logMax));
  const target = usualLog + (logPerDaysAllowance * overspentJobs) / allowance;
  const hours = elapsedSeconds / 3600;
  const from = before.usualLog === undefined ? usualLog : before.log;
  const rise = from < usualLog ? returnPerHour : risePerHour;
  const log = clamp(target, from - fallPerHour * hours, from + rise * hours);
  return { log, usualLog, guessedLog: guessed, overspentJobs, ...after };
};

const guessedLog = ({ reactionSeconds, startWithinSeconds }: Spending): number => {
  const slope = reactionSeconds > startWithinSeconds ? logPerLogReactionTooLate : logPerLogReaction;
  return clamp(logStart + slope * Math.log(reactionSeconds / startWithinSeconds), usualLogMin, usualLogMax);
};

const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
