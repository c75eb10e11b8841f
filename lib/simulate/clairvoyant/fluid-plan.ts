import type { Seconds } from '../../model/units.ts';

export interface FluidProblem {
  /** Most work that can have been done by the end of each slot, in task-seconds (`earliestWork`). */
  readonly earliest: Float64Array;
  readonly slotSeconds: Seconds;
  /** By how many slots the least work that must have been done lags behind it. */
  readonly patienceSlots: number;
  /** What a start costs beside the time that the task works. */
  readonly startCostSeconds: Seconds;
  readonly tasksMax: number;
}

/** Steps of the backlog between none and the most that patience allows. */
const backlogSteps = 10;
/** Planned at a time, and how far beyond: what lies further ahead than this no longer matters to the first part. */
const windowSlots = 1500;
const outlookSlots = 300;
/** Price of a task-second of work that is done too late, in task-seconds. */
const lateness = 50;

/**
 * Whole tasks, slot by slot, with perfect knowledge: the cheapest fleet whose work stays between the earliest and the
 * latest curve, where work flows like water. A dynamic programme over the count and the backlog, by windows.
 */
export const fluidPlan = (problem: FluidProblem): Int32Array => {
  const slots = problem.earliest.length - 1;
  const plan = new Int32Array(slots);
  const counts = countsToTry(problem);
  let count = 0;
  let done = 0;
  for (let from = 0; from < slots; from += windowSlots) {
    const to = Math.min(slots, from + windowSlots + outlookSlots);
    const costs = costsToGo(problem, counts, from, to);
    for (let slot = from; slot < Math.min(slots, from + windowSlots); slot += 1) {
      const step = bestStep(problem, counts, costs[slot - from + 1] as Float32Array, slot, count, done);
      count = step.count;
      done = step.done;
      plan[slot] = count;
    }
  }
  return plan;
};

/** All small counts, then steps of five percent. */
const countsToTry = ({ earliest, slotSeconds, tasksMax }: FluidProblem): readonly number[] => {
  let peak = 0;
  for (let i = 1; i < earliest.length; i += 1)
    peak = Math.max(peak, ((earliest[i] as number) - (earliest[i - 1] as number)) / slotSeconds);
  const top = Math.min(tasksMax, Math.ceil(peak) + 1);
  const counts: number[] = [];
  for (let n = 0; n < top; n = n < 24 ? n + 1 : Math.ceil(n * 1.05)) counts.push(n);
  return [...counts, top];
};

const latest = ({ earliest, patienceSlots }: FluidProblem, slot: number): number =>
  slot >= patienceSlots ? (earliest[slot - patienceSlots] as number) : 0;

/** costs[k][count × steps + backlog]: the least cost from slot `from + k` on, with `count` tasks running into it. */
const costsToGo = (
  problem: FluidProblem,
  counts: readonly number[],
  from: number,
  to: number,
): readonly Float32Array[] => {
  const states = counts.length * (backlogSteps + 1);
  const costs: Float32Array[] = new Array(to - from + 1);
  costs[to - from] = new Float32Array(states);
  const staying = new Float64Array(states);
  for (let slot = to - 1; slot >= from; slot -= 1) {
    costOfSlot(problem, counts, costs[slot - from + 1] as Float32Array, slot, staying);
    costs[slot - from] = withStarts(problem, counts, staying);
  }
  return costs;
};

/** For each count and backlog: this slot with that count, and all that follows. The hot loop: nothing is allocated. */
const costOfSlot = (
  problem: FluidProblem,
  counts: readonly number[],
  next: Float32Array,
  slot: number,
  staying: Float64Array,
): void => {
  const least = latest(problem, slot);
  const perStep = ((problem.earliest[slot] as number) - least) / backlogSteps;
  const mostAfter = problem.earliest[slot + 1] as number;
  const leastAfter = latest(problem, slot + 1);
  const stepsPerSecond = mostAfter - leastAfter > 1e-9 ? backlogSteps / (mostAfter - leastAfter) : 0;
  for (let i = 0; i < counts.length; i += 1) {
    const busy = (counts[i] as number) * problem.slotSeconds;
    const row = i * (backlogSteps + 1);
    for (let step = 0; step <= backlogSteps; step += 1) {
      const reached = Math.min(mostAfter, least + perStep * step + busy);
      const kept = Math.max(leastAfter, reached);
      const place = stepsPerSecond > 0 ? (kept - leastAfter) * stepsPerSecond : backlogSteps;
      const low = Math.min(backlogSteps - 1, Math.floor(place));
      const share = place - low;
      const later = (next[row + low] as number) * (1 - share) + (next[row + low + 1] as number) * share;
      staying[row + step] = busy + lateness * (kept - reached) + later;
    }
  }
};

/** Any count may fall for nothing; each task more costs a start. */
const withStarts = (problem: FluidProblem, counts: readonly number[], staying: Float64Array): Float32Array => {
  const costs = new Float32Array(staying.length);
  for (let step = 0; step <= backlogSteps; step += 1) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < counts.length; i += 1) {
      const state = i * (backlogSteps + 1) + step;
      least = Math.min(least, staying[state] as number);
      costs[state] = least;
    }
    least = Number.POSITIVE_INFINITY;
    for (let i = counts.length - 1; i >= 0; i -= 1) {
      const state = i * (backlogSteps + 1) + step;
      const further = ((counts[i + 1] ?? 0) - (counts[i] ?? 0)) * problem.startCostSeconds;
      least = Math.min(staying[state] as number, least + further);
      if (least < (costs[state] as number)) costs[state] = least;
    }
  }
  return costs;
};

/** The count to run in a slot that begins with this much work done, and the work done by its end. */
const bestStep = (
  problem: FluidProblem,
  counts: readonly number[],
  next: Float32Array,
  slot: number,
  before: number,
  done: number,
): { count: number; done: number } => {
  const most = problem.earliest[slot + 1] as number;
  const least = latest(problem, slot + 1);
  let best = { cost: Number.POSITIVE_INFINITY, count: 0, done };
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    const busy = count * problem.slotSeconds;
    const reached = Math.min(most, done + busy);
    const kept = Math.max(least, reached);
    const place = most - least > 1e-9 ? ((kept - least) / (most - least)) * backlogSteps : backlogSteps;
    const low = Math.min(backlogSteps - 1, Math.floor(place));
    const row = i * (backlogSteps + 1) + low;
    const later = (next[row] as number) * (1 - place + low) + (next[row + 1] as number) * (place - low);
    const cost = busy + lateness * (kept - reached) + later + Math.max(0, count - before) * problem.startCostSeconds;
    if (cost < best.cost - 1e-9) best = { cost, count, done: kept };
  }
  return best;
};
