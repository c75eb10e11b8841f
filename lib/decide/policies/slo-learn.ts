import { arrivalRate, arrivedBy, observeArrivals } from '../../forecast/arrivals.ts';
import { estimateService, meanServiceSeconds, observeService, type ServiceTime } from '../../forecast/service-time.ts';
import { likelyAge, observeCounterAge, observeReportAge } from '../../forecast/signal-age.ts';
import type { QueueCounts, Reading, WorkReport } from '../../model/observation.ts';
import type { QueuePlan } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import { completionsSignal } from '../signals-needed.ts';
import type { PolicyInput } from './proposal.ts';
import { type CounterRead, initialQueueMemory, type QueueMemory, type SloMemory } from './slo-memory.ts';
import { type JobClass, jobsAfter } from './slo-outlook.ts';
import { nextLatePrice } from './slo-price.ts';

/** GetQueueAttributes answers from a replica, and workers report every few seconds: so old is usually what they say. */
const counterAgeSeconds: Seconds = 10;
/** A false zero is doubted only where more was seen a moment ago. */
const doubtedFrom = 5;
/** Standard deviation of a counter, as a share of it: ±5 %, evenly spread. */
export const counterNoise = 0.029;
const counterNoiseMax = 0.05;
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

/** How old counters and reports are. */
export interface Ages {
  readonly counterSeconds: Seconds;
  readonly reportSeconds: Seconds;
}

/** As far as it was learnt. With ticks of seconds (a local run) both are taken to be fresher from the start. */
export const agesOf = (memory: SloMemory, tickSeconds: Seconds): Ages => {
  const usualSeconds = Math.min(counterAgeSeconds, 2 * tickSeconds);
  const counterSeconds = likelyAge(memory.counterAge, usualSeconds, tickSeconds);
  return { counterSeconds, reportSeconds: counterSeconds + likelyAge(memory.reportAge, usualSeconds, tickSeconds) };
};

/** From a job's arrival until a task that is started for it is ready: as old as the counters are, at the tick after that. */
export const reactionSecondsOf = (startSeconds: Seconds, tickSeconds: Seconds, { counterSeconds }: Ages): Seconds =>
  startSeconds + tickSeconds + counterSeconds;

/** The promise of the most urgent queue. */
export const shortestPromise = (queues: readonly SeenQueue[]): Seconds =>
  Math.min(...queues.map(({ plan }) => plan.startWithinSeconds));

/** Takes in what one tick brought. */
export const learn = (
  before: SloMemory,
  input: PolicyInput,
  queues: readonly SeenQueue[],
  work: WorkReport | undefined,
  runningTasks: number,
  startSeconds: Seconds,
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
  const dated = dateSignals(before, queues, work, runningTasks * concurrency, concurrency);
  const ages = agesOf({ ...before, ...dated }, settings.tickSeconds);
  const spending = {
    elapsedSeconds,
    started,
    late: work?.late ?? 0,
    runningSlots: runningTasks * concurrency,
    busySlotSeconds,
    slotsPerTask: concurrency,
    allowedShare: allowedShare(queues, shares),
    maxCostFactor,
    reactionSeconds: reactionSecondsOf(startSeconds, settings.tickSeconds, ages),
    startWithinSeconds: shortestPromise(queues),
  };
  return {
    at: now,
    queues: queues.map((queue, i) => {
      const known = before.queues.find(({ name }) => name === queue.plan.name) ?? initialQueueMemory(queue.plan.name);
      const points = Math.max(pointsMin, Math.floor(pointsMax / queues.length));
      const slotsEach = concurrency / queues.length;
      return learnQueue(known, queue, started * (shares[i] ?? 0), now, ages, points, runningTasks, slotsEach);
    }),
    service,
    ...dated,
    // Without reports nobody knows which jobs were late: the price stays where it is.
    price: work ? nextLatePrice(before.price, spending) : before.price,
    needs: before.needs,
    idledSeconds: before.idledSeconds,
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
  if (work) return observeService(before, elapsedSeconds, work.busySlotSeconds, work.started, work.completed);
  if (!completions?.known) return before;
  return estimateService(before, elapsedSeconds, inFlight * elapsedSeconds, completions.value * elapsedSeconds);
};

/** Evidence of the ages, from the counters of all queues together and the reports. */
const dateSignals = (
  before: SloMemory,
  queues: readonly SeenQueue[],
  work: WorkReport | undefined,
  slots: number,
  concurrency: number,
): Pick<SloMemory, 'counterAge' | 'reportAge'> => {
  const reads = before.queues.map((queue) => queue.reads);
  const total = (back: number, field: 2 | 3): number | undefined => {
    const values = reads.map((list) => list.at(-1 - back)?.[field]);
    if (values.length === 0 || values.includes(undefined)) return undefined;
    return field === 3 ? values[0] : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  };
  const back = Array.from({ length: readsMax }, (_, i) => i);
  const inFlight = queues.reduce((sum, queue) => sum + queue.counts.inFlight, 0);
  const running = back.map((i) => total(i, 3)).filter((tasks) => tasks !== undefined);
  const flights = [inFlight, ...back.map((i) => total(i, 2)).filter((jobs) => jobs !== undefined)];
  const changesBack = flights.slice(1).map((jobs, i) => (flights[i] ?? 0) - jobs);
  return {
    counterAge: observeCounterAge(before.counterAge, {
      visible: queues.reduce((sum, queue) => sum + queue.counts.visible, 0),
      inFlight,
      slotsBack: [slots, ...running.map((tasks) => tasks * concurrency)],
    }),
    reportAge: work
      ? observeReportAge(before.reportAge, work.started - work.completed, inFlight, changesBack)
      : before.reportAge,
  };
};

const learnQueue = (
  before: QueueMemory,
  { plan, counts }: SeenQueue,
  started: number,
  now: number,
  { counterSeconds, reportSeconds }: Ages,
  points: number,
  runningTasks: number,
  slotsEach: number,
): QueueMemory => {
  const doubted = isDoubtful(before, counts);
  const visible = doubted ? (before.reads.at(-1)?.[1] ?? 0) : counts.visible;
  const earlier = [...before.reads, [now, 0, 0, runningTasks] as const];
  const slotsThen = slotsEach * readAround(earlier, now - counterSeconds)[3];
  const read: CounterRead = [now, visible, withoutNoise(counts.inFlight, visible, slotsThen), runningTasks];
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

/** Jobs in flight fill the slots when jobs wait, and never exceed them: what the counter's noise can explain is put right. */
const withoutNoise = (inFlight: number, visible: number, slots: number): number => {
  if (Math.abs(inFlight - slots) > counterNoiseMax * slots + 0.5) return inFlight;
  return visible > 0 ? slots : Math.min(inFlight, slots);
};

/** The read that is nearest in time. */
const readAround = (reads: readonly CounterRead[], at: number): CounterRead =>
  reads.reduce(
    (best, read) => (Math.abs(read[0] - at) <= Math.abs(best[0] - at) ? read : best),
    reads[0] ?? [at, 0, 0, 0],
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
  { counterSeconds, reportSeconds }: Ages,
): JobClass & { readonly jobs: number } => {
  const [, visible, inFlight, runningTasks] = memory.reads.at(-1) ?? [now, 0, 0, 0];
  const [, visibleThen, inFlightThen] = readAround(memory.reads, now - (reportSeconds - counterSeconds));
  const completed = (Math.min(inFlight, inFlightThen) * (reportSeconds - counterSeconds)) / serviceSeconds;
  const sinceReport = Math.max(0, visible - visibleThen + inFlight - inFlightThen + completed);
  const reported = memory.arrivals.curve.at(-1)?.[1] ?? 0;
  const level = reported + sinceReport;
  const curve = [...memory.arrivals.curve, [now - counterSeconds, level] as const];
  const ratePerSecond = arrivalRate(curve, counterNoise * visible);
  const runningThen = readAround(memory.reads, now - counterSeconds)[3];
  const inFlightNow = stillInFlight(inFlight, slots, runningTasks, runningThen);
  const jobs = jobsAfter(visible + inFlightNow, slots, ratePerSecond, serviceSeconds, counterSeconds);
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

/** A protected task goes only when it has no job: what it ran when the counter was read is done. */
const stillInFlight = (inFlight: number, slots: number, runningTasks: number, runningThen: number): number => {
  const slotsPerTask = runningTasks > 0 ? slots / runningTasks : inFlight;
  const gone = Math.max(0, runningThen - runningTasks) * slotsPerTask;
  return Math.max(Math.min(inFlight, slots), inFlight - gone);
};
