import { meanServiceSeconds } from '../forecast/service-time.ts';
import { initialStartDelay, readyWithin, startDelayQuantile } from '../forecast/start-delay.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { HotState, LearntState, StartDelay } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { initialSloMemory, type SloMemory, sloMemoryFrom } from './policies/slo-memory.ts';
import { launchesByAge } from './policies/slo-outlook.ts';

/** A fleet as the scaler last knew it: what works, what is on its way, and how fast jobs go. */
export interface Fleet {
  readonly readyTasks: number;
  /** Launches under way: [seconds since they were asked for, tasks]. Negative: they will be asked for then. */
  readonly launches: readonly (readonly [age: Seconds, tasks: number])[];
  readonly concurrency: number;
  readonly serviceSeconds: Seconds;
  readonly startDelay: StartDelay;
  readonly tasksMax: number;
  readonly tickSeconds: Seconds;
  readonly startWithinSeconds: Seconds;
}

/** What the scaler's own state says of a service, with its priors where it has learnt nothing yet. */
export const fleetFrom = (
  plan: ServicePlan,
  queue: string,
  hot: HotState | undefined,
  learnt: LearntState | undefined,
  now: EpochSeconds,
): Fleet => {
  const { median, p95 } = plan.priors?.startDelaySeconds ?? {};
  const startDelay = learnt?.startDelay ?? initialStartDelay(median, p95);
  const asked = hot === undefined || hot.asked < 0 ? Math.max(plan.tasks.min, startDelay.running) : hot.asked;
  const readyTasks = Math.max(0, Math.min(asked, startDelay.running));
  const promise = plan.queues.find(({ name }) => name === queue)?.startWithinSeconds;
  return {
    readyTasks,
    launches: launchesOf(startDelay, asked - readyTasks, now),
    concurrency: plan.worker.concurrency,
    serviceSeconds: meanServiceSeconds(sloMemoryIn(learnt)?.service ?? initialSloMemory(plan.priors).service),
    startDelay,
    tasksMax: plan.tasks.max,
    tickSeconds: plan.tickSeconds,
    startWithinSeconds: promise ?? 60,
  };
};

/** What was learnt may be some minutes old; launches that it does not have were asked for a moment ago. */
const launchesOf = (belief: StartDelay, starting: number, now: EpochSeconds): Fleet['launches'] => {
  if (starting <= 0) return [];
  const known = launchesByAge({ ...belief, launches: belief.launches.slice(0, starting) }, now, starting);
  return known.length > 0 ? known : [[0, starting]];
};

/** The memory of the `slo` policy, wherever in the policy tree it stands. */
const sloMemoryIn = (learnt: LearntState | undefined): SloMemory | undefined =>
  Object.values(learnt?.policies ?? {})
    .map(sloMemoryFrom)
    .find((memory) => memory !== undefined);

/**
 * When `jobs` more jobs will have begun: the last of them is the one that is asked about. Ready tasks begin jobs as fast
 * as they end others, launches from the moment they are likely ready, and where that is too late for the promise
 * the scaler is taken to start at its next tick what keeps it, as far as it may.
 */
export const startedAfter = (fleet: Fleet, jobs: number): Seconds => {
  if (jobs <= 0) return 0;
  const asItIs = secondsUntil(fleet, jobs);
  if (asItIs <= fleet.startWithinSeconds) return asItIs;
  const present = fleet.readyTasks + fleet.launches.reduce((sum, [, tasks]) => sum + tasks, 0);
  const more = Math.min(Math.max(0, fleet.tasksMax - present), tasksToKeepPromise(fleet, jobs));
  const scaled = { ...fleet, launches: [...fleet.launches, [-fleet.tickSeconds, more] as const] };
  return more === 0 ? asItIs : secondsUntil(scaled, jobs);
};

const farSeconds: Seconds = 86_400;

/** A fleet that begins nothing within a day is said to need that day. */
const secondsUntil = (fleet: Fleet, jobs: number): Seconds => {
  if (begunBy(fleet, farSeconds) < jobs) return farSeconds;
  let early = 0;
  let late = farSeconds;
  while (late - early > 0.05 + late / 200) {
    const middle = (early + late) / 2;
    if (begunBy(fleet, middle) < jobs) early = middle;
    else late = middle;
  }
  return late;
};

/** Jobs that the fleet is expected to have begun by then. Slots of ready tasks are taken for busy: jobs are waiting. */
const begunBy = ({ readyTasks, launches, concurrency, serviceSeconds, startDelay }: Fleet, seconds: Seconds): number =>
  launches.reduce(
    (sum, [age, tasks]) => sum + tasks * concurrency * begunBySlotOf(startDelay, age, serviceSeconds, seconds),
    (readyTasks * concurrency * seconds) / serviceSeconds,
  );

const steps = 16;

/** Of one slot of a launch: one job as soon as it is ready, and one more each run time from then on. */
const begunBySlotOf = (belief: StartDelay, age: Seconds, serviceSeconds: Seconds, seconds: Seconds): number => {
  const step = seconds / steps;
  const readyAt = (at: Seconds): number => {
    const before = readyWithin(belief, age);
    return before > 0.999 ? 1 : (readyWithin(belief, age + at) - before) / (1 - before);
  };
  const slotSeconds = Array.from({ length: steps }, (_, i) => readyAt((i + 0.5) * step) * step);
  return readyAt(seconds) + slotSeconds.reduce((sum, part) => sum + part, 0) / serviceSeconds;
};

/** Tasks that, started now, begin the jobs within the promise; where that is shorter than a start, within a start. */
const tasksToKeepPromise = (
  { startDelay, startWithinSeconds, concurrency, serviceSeconds }: Fleet,
  jobs: number,
): number => {
  const usual = startDelayQuantile(startDelay, 0);
  const each = concurrency * (1 + Math.max(0, startWithinSeconds - usual) / serviceSeconds);
  return Math.max(1, Math.ceil(jobs / each));
};
