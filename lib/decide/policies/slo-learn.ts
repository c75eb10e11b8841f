import { arrivalRate, arrivedBy, observeArrivals } from '../../forecast/arrivals.ts';
import { estimateService, meanServiceSeconds, observeService, type ServiceTime } from '../../forecast/service-time.ts';
import type { QueueCounts, Reading, WorkReport } from '../../model/observation.ts';
import type { QueuePlan } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import { completionsSignal } from '../signals-needed.ts';
import type { PolicyInput } from './proposal.ts';
import { type CounterRead, initialQueueMemory, type QueueMemory, type SloMemory } from './slo-memory.ts';
import { type JobClass, jobsAfter } from './slo-outlook.ts';
import { nextLatePrice } from './slo-price.ts';

/** GetQueueAttributes answers from a replica, and workers report every few seconds: so old is what they say. */
const counterAgeSeconds: Seconds = 10;
/** A false zero is doubted only where more was seen a moment ago. */
const doubtedFrom = 5;
/** Standard deviation of a counter, as a share of it: ±5 %, evenly spread. */
export const counterNoise = 0.029;
/** Points of all arrival curves together. */
const pointsMax = 64;
const pointsMin = 12;
const readsMax = 8;
const defaultMaxCostFactor = 3;

/** One queue with what its counters say now. */
export interface SeenQueue {
  readonly plan: QueuePlan;
  readonly counts: QueueCounts;
}

/** How old counters and reports are. With ticks of seconds (a local run) both are fresher. */
export const agesAt = (tickSeconds: Seconds): { readonly counterSeconds: Seconds; readonly reportSeconds: Seconds } => {
  const counterSeconds = Math.min(counterAgeSeconds, 2 * tickSeconds);
  return { counterSeconds, reportSeconds: 2 * counterSeconds };
};

/** Takes in what one tick brought. */
export const learn = (
  before: SloMemory,
  input: PolicyInput,
  queues: readonly SeenQueue[],
  work: WorkReport | undefined,
  runningTasks: number,
  maxCostFactor: number = defaultMaxCostFactor,
): SloMemory => {
  const { settings, observation } = input;
  const { now } = observation;
  const elapsedSeconds = before.at > 0 ? now - before.at : settings.tickSeconds;
  const inFlight = queues.reduce((sum, queue) => sum + queue.counts.inFlight, 0);
  const service = serviceSeen(before.service, elapsedSeconds, inFlight, work, observation.signals[completionsSignal]);
  const busySlotSeconds = work ? work.busySlotSeconds : inFlight * elapsedSeconds;
  const started = work ? work.started : busySlotSeconds / meanServiceSeconds(service);
  const shares = sharesOf(queues);
  const { concurrency } = settings.worker;
  const spending = {
    elapsedSeconds,
    started,
    late: work?.late ?? 0,
    runningSlots: runningTasks * concurrency,
    busySlotSeconds,
    slotsPerTask: concurrency,
    allowedShare: allowedShare(queues, shares),
    maxCostFactor,
  };
  return {
    at: now,
    queues: queues.map((queue, i) => {
      const known = before.queues.find(({ name }) => name === queue.plan.name) ?? initialQueueMemory(queue.plan.name);
      const points = Math.max(pointsMin, Math.floor(pointsMax / queues.length));
      return learnQueue(known, queue, started * (shares[i] ?? 0), now, settings.tickSeconds, points);
    }),
    service,
    // Without reports nobody knows which jobs were late: the price stays where it is.
    price: work ? nextLatePrice(before.price, spending) : before.price,
    needs: before.needs,
  };
};

/** From the workers' reports; where there are none, from what is in flight and what is deleted. */
const serviceSeen = (
  before: ServiceTime,
  elapsedSeconds: Seconds,
  inFlight: number,
  work: WorkReport | undefined,
  completions: Reading<number> | undefined,
): ServiceTime => {
  if (work) return observeService(before, elapsedSeconds, work.busySlotSeconds, work.completed);
  if (!completions?.known) return before;
  return estimateService(before, elapsedSeconds, inFlight * elapsedSeconds, completions.value * elapsedSeconds);
};

const learnQueue = (
  before: QueueMemory,
  { plan, counts }: SeenQueue,
  started: number,
  now: number,
  tickSeconds: Seconds,
  points: number,
): QueueMemory => {
  const { counterSeconds, reportSeconds } = agesAt(tickSeconds);
  const doubted = isDoubtful(before, counts);
  const visible = doubted ? (before.reads.at(-1)?.[1] ?? 0) : counts.visible;
  const read: CounterRead = [now, visible, counts.inFlight];
  const reads = [...before.reads, read].slice(-readsMax);
  const startedTotal = before.startedTotal + started;
  // The report says what had started by `reportSeconds` ago; the counter of that moment was read some ticks back.
  const [, visibleThen] = readAround(reads, now - (reportSeconds - counterSeconds));
  return {
    name: plan.name,
    startedTotal,
    reads,
    arrivals: observeArrivals(before.arrivals, now - reportSeconds, startedTotal + visibleThen, points),
    doubted,
  };
};

/** A lone zero amid a backlog that is being worked on: what was seen before is believed once more. */
const isDoubtful = (before: QueueMemory, { visible, inFlight }: QueueCounts): boolean =>
  visible === 0 && inFlight > 0 && !before.doubted && (before.reads.at(-1)?.[1] ?? 0) > doubtedFrom;

/** The read that is nearest in time. */
const readAround = (reads: readonly CounterRead[], at: number): CounterRead =>
  reads.reduce(
    (best, read) => (Math.abs(read[0] - at) <= Math.abs(best[0] - at) ? read : best),
    reads[0] ?? [at, 0, 0],
  );

/** Reports do not tell the queues apart, so starts are shared out by what is in flight and visible. */
const sharesOf = (queues: readonly SeenQueue[]): readonly number[] => {
  const weights = queues.map(({ counts }) => counts.inFlight + 0.1 * counts.visible + 0.01);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

const allowedShare = (queues: readonly SeenQueue[], shares: readonly number[]): number =>
  queues.reduce((sum, { plan }, i) => sum + (shares[i] ?? 0) * (1 - plan.percent / 100), 0);

/**
 * A queue as a class of jobs, brought up to now: the arrival curve is continued from the last report by the counters, and
 * over the counters' age by the rate.
 *
 * @param slots that serve this queue, its share of the fleet's
 */
export const jobClassNow = (
  memory: QueueMemory,
  plan: QueuePlan,
  slots: number,
  serviceSeconds: Seconds,
  now: number,
  tickSeconds: Seconds,
): JobClass & { readonly jobs: number } => {
  const { counterSeconds, reportSeconds } = agesAt(tickSeconds);
  const [, visible, inFlight] = memory.reads.at(-1) ?? [now, 0, 0];
  const [, visibleThen, inFlightThen] = readAround(memory.reads, now - (reportSeconds - counterSeconds));
  const completed = (Math.min(inFlight, inFlightThen) * (reportSeconds - counterSeconds)) / serviceSeconds;
  const sinceReport = Math.max(0, visible - visibleThen + inFlight - inFlightThen + completed);
  const reported = memory.arrivals.curve.at(-1)?.[1] ?? 0;
  const level = reported + sinceReport;
  const curve = [...memory.arrivals.curve, [now - counterSeconds, level] as const];
  const ratePerSecond = arrivalRate(curve, counterNoise * visible);
  const jobs = jobsAfter(visible + inFlight, slots, ratePerSecond, serviceSeconds, counterSeconds);
  return {
    jobs,
    waiting: Math.max(0, jobs - slots),
    ratePerSecond,
    dispersion: memory.arrivals.dispersion,
    startWithinSeconds: plan.startWithinSeconds,
    arrivedWithin: (seconds) =>
      ratePerSecond * Math.min(seconds, counterSeconds) +
      (seconds > counterSeconds ? Math.max(0, level - arrivedBy(curve, now - seconds)) : 0),
  };
};
