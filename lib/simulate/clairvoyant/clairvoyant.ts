import type { Seconds } from '../../model/units.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Setup } from '../engine/setup.ts';
import { runScaler } from '../run-scaler.ts';
import type { Scaler } from '../scaler.ts';
import type { SimulatedJobs } from '../simulated-jobs.ts';
import { fluidPlan } from './fluid-plan.ts';
import { earliestWork } from './work-curve.ts';

export interface Clairvoyant {
  readonly outcome: Outcome;
  /** Billed, and what the work that was left over at the end will take: never less than the work itself. */
  readonly taskSeconds: Seconds;
  /** Whether the promise was kept. Where it cannot be, even this fleet is only the nearest that was found. */
  readonly kept: boolean;
  /** Share of the promised wait that the plan made use of. */
  readonly patience: number;
}

/** Shares of the promised wait to plan with, the cheapest first. A fluid has no last job; real jobs need some slack. */
const patiences: readonly number[] = [1.1, 1, 0.85, 0.7, 0.5, 0.3, 0.15];

/**
 * What perfect knowledge of every arrival, service time and start delay can do: a fluid plan, then played job by job
 * with tasks that are ready when the plan wants them, their pull and the minute's minimum billed. It is achievable, so
 * the true optimum is at most this; it is no lower bound, and now and then a policy without foresight comes close to it.
 */
export const clairvoyant = (jobs: SimulatedJobs, setup: Setup, percent: number): Clairvoyant => {
  const slotSeconds = slotFor(setup.startWithinSeconds);
  const earliest = earliestWork(jobs, setup.concurrency, slotSeconds);
  let nearest: Clairvoyant | undefined;
  for (const patience of patiences) {
    const plan = fluidPlan({
      earliest,
      slotSeconds,
      patienceSlots: Math.max(1, Math.round((patience * setup.startWithinSeconds) / slotSeconds)),
      startCostSeconds: meanPull(setup),
      tasksMax: setup.bounds.max,
    });
    const outcome = runScaler(jobs, { ...setup, protect: true, startsKnownAhead: true }, following(plan, slotSeconds));
    const taskSeconds = outcome.billedSeconds + outcome.leftSlotSeconds / setup.concurrency;
    const tried = { outcome, taskSeconds, patience, kept: 100 * outcome.attained >= percent };
    if (tried.kept) return tried;
    if (!nearest || outcome.attained > nearest.outcome.attained) nearest = tried;
  }
  if (!nearest) throw new RangeError('nothing was tried');
  return nearest;
};

const slotFor = (startWithinSeconds: Seconds): Seconds => Math.max(2, Math.min(30, startWithinSeconds / 6));

/** Mean of the billed part of a lognormal start delay. */
const meanPull = ({ world: { startDelay } }: Setup): Seconds => {
  const sigma = Math.log(startDelay.p95Seconds / startDelay.medianSeconds) / 1.6448536269514722;
  return startDelay.pullShare * startDelay.medianSeconds * Math.exp((sigma * sigma) / 2);
};

const following = (plan: Int32Array, slotSeconds: Seconds): Scaler => ({
  tickSeconds: slotSeconds,
  initial: plan[0] ?? 0,
  decide: ({ t }) => plan[Math.min(plan.length - 1, Math.round(t / slotSeconds))],
});
