import { arrivalRate, observeArrivals } from '../../forecast/arrivals.ts';
import { meanServiceSeconds, observeService } from '../../forecast/service-time.ts';
import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { QueueCounts, ServiceCounts, WorkReport } from '../../model/observation.ts';
import type { SloPolicy } from '../../model/policy.ts';
import type { Json, StartDelay } from '../../model/state.ts';
import type { Seconds } from '../../model/units.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { initialSloMemory, type SloMemory, sloMemoryFrom } from './slo-memory.ts';
import { type Need, type Outlook, tasksNeeded } from './slo-need.ts';

/** GetQueueAttributes answers from a replica: what it says is about this old. */
const counterLagSeconds: Seconds = 10;
/** A task that became idle is kept so long: about what stopping and starting it again costs. */
const holdSeconds: Seconds = 40;
/** The jobs over which the error budget is spent: so many, and overspending by one allowance moves the risk by `riskGain`. */
const budgetJobs = 2000;
const riskStart = 1.3;
const riskGain = 1;
const riskMin = 0;
const riskMax = 4;
/** Overspending beyond this is forgotten: a burst that nobody could serve must not make the fleet dear for days. */
const overspentMax = 3;
const overspentMin = -1.5;

/**
 * The flagship: the smallest fleet for which at least P % of jobs start within T seconds.
 * It learns arrivals, service time and start-up delay from what it sees; `tasksNeeded` turns them into a count.
 */
export const slo = (_policy: SloPolicy, input: PolicyInput, startDelay: StartDelay): PolicyOutput => {
  const { observation, settings } = input;
  const queue = settings.queues[0];
  if (!queue) return { proposal: { kind: 'unknown', code: 'noQueue', text: 'The slo policy needs a queue.' } };
  const reading = observation.queues.find((q) => q.name === queue.name)?.counts;
  if (!reading?.known || !observation.service.known) {
    const why = reading && !reading.known ? `: ${reading.text ?? reading.because}` : '';
    return {
      proposal: {
        kind: 'unknown',
        code: 'queueUnknown',
        text: `The counters of queue ${queue.name} are not known${why}.`,
      },
      ...(input.memory !== undefined && { memory: input.memory }),
    };
  }
  const service = observation.service.value;
  const before = sloMemoryFrom(input.memory) ?? initialSloMemory(settings.priors);
  const work = observation.work.known ? observation.work.value : undefined;
  const counts = believable(reading.value, before);
  const memory = learn(before, input, counts, work);
  const outlook = lookAhead(memory, input, counts, service, startDelay);
  const need = tasksNeeded(outlook);
  const busyTasks = Math.ceil((counts.visible + counts.inFlight) / outlook.concurrency);
  // A busy task earns its keep until it is idle; taking it away saves nothing.
  const wanted = Math.max(need.tasks, Math.min(input.current, busyTasks));
  const held = hold(memory.needs, observation.now, wanted, holdFor(outlook));
  const desired = Math.max(wanted, Math.min(input.current, held.tasks));
  return {
    proposal: {
      kind: 'count',
      desired,
      code: need.tasks >= busyTasks ? 'deadline' : 'keepBusy',
      text: sentence(outlook, need, wanted, desired),
    },
    memory: { ...memory, needs: held.needs } as unknown as Json,
  };
};

/** A lone false zero of the visible counter, amid a backlog, is answered with what was seen before. */
const believable = (counts: QueueCounts, before: SloMemory): QueueCounts =>
  counts.visible === 0 && before.visible > 5 && counts.inFlight > 0 ? { ...counts, visible: before.visible } : counts;

const learn = (before: SloMemory, input: PolicyInput, counts: QueueCounts, work: WorkReport | undefined): SloMemory => {
  const { now } = input.observation;
  const elapsedSeconds = before.at > 0 ? now - before.at : input.settings.tickSeconds;
  const serviceTime = work
    ? observeService(before.service, elapsedSeconds, work.busySlotSeconds, work.completed)
    : before.service;
  const started = work ? work.started : (counts.inFlight * elapsedSeconds) / meanServiceSeconds(serviceTime);
  const startedTotal = before.startedTotal + started;
  const allowed = 1 - (input.settings.queues[0]?.percent ?? 99) / 100;
  const overspent = work
    ? before.overspent + (work.late - allowed * work.started) / Math.max(1, allowed * budgetJobs)
    : before.overspent;
  return {
    at: now,
    startedTotal,
    visible: input.observation.queues[0]?.counts.known
      ? input.observation.queues[0].counts.value.visible
      : before.visible,
    arrivals: observeArrivals(before.arrivals, now, startedTotal + counts.visible),
    service: serviceTime,
    overspent: Math.max(overspentMin, Math.min(overspentMax, overspent)),
    needs: before.needs,
  };
};

/** Brings the aged counters up to now: arrivals went on, and free slots took jobs. */
const lookAhead = (
  memory: SloMemory,
  input: PolicyInput,
  counts: QueueCounts,
  service: ServiceCounts,
  startDelay: StartDelay,
): Outlook => {
  const { observation, settings } = input;
  const { concurrency } = settings.worker;
  const ratePerSecond = arrivalRate(memory.arrivals, observation.now);
  const serviceSeconds = meanServiceSeconds(memory.service);
  const readyTasks = Math.min(service.running, service.desired);
  const slots = readyTasks * concurrency;
  const lag = Math.min(counterLagSeconds, 2 * settings.tickSeconds);
  const present = counts.visible + counts.delayed + ratePerSecond * lag;
  const finished = (Math.min(slots, counts.inFlight) * lag) / serviceSeconds;
  const startable = Math.max(0, slots - counts.inFlight) + finished;
  const startedSince = Math.min(present, startable);
  return {
    now: observation.now,
    waiting: Math.max(0, present - startedSince),
    busySlots: Math.min(slots, Math.max(0, counts.inFlight - finished + startedSince)),
    readyTasks,
    concurrency,
    arrivals: memory.arrivals,
    ratePerSecond,
    serviceSeconds,
    startDelay,
    startWithinSeconds: settings.queues[0]?.startWithinSeconds ?? 60,
    reactionSeconds: settings.tickSeconds + lag,
    risk: Math.max(riskMin, Math.min(riskMax, riskStart + riskGain * memory.overspent)),
  };
};

/** With time to wait for a new task, an idle one need not be kept. */
const holdFor = (outlook: Outlook): Seconds => {
  const slack = outlook.startWithinSeconds - startDelayQuantile(outlook.startDelay, 1.3) - outlook.reactionSeconds;
  return slack > 60 ? 0 : holdSeconds;
};

/** The largest need of the window: an idle task goes only after it was idle for the whole of it. */
const hold = (
  needs: SloMemory['needs'],
  now: number,
  wanted: number,
  windowSeconds: Seconds,
): { tasks: number; needs: SloMemory['needs'] } => {
  const kept = needs.filter(([at, tasks]) => at > now - windowSeconds && tasks > wanted);
  const next = [...kept, [now, wanted] as const];
  return { tasks: next[0]?.[1] ?? wanted, needs: next };
};

const sentence = (outlook: Outlook, need: Need, wanted: number, desired: number): string => {
  const { waiting, ratePerSecond, serviceSeconds, startWithinSeconds } = outlook;
  const load = `${round(waiting)} waiting, ${round(ratePerSecond)} jobs/s coming, ${round(serviceSeconds)} s each`;
  const why =
    need.atSeconds > 0
      ? `${round(need.due)} jobs must start within ${Math.round(need.atSeconds)} s to keep ${startWithinSeconds} s`
      : `no deadline is near`;
  const held = desired > wanted ? `; ${wanted} would do, the rest was needed a moment ago` : '';
  return `${load}: ${why}, so ${desired} tasks${held}.`;
};

const round = (x: number): string => (x >= 10 ? String(Math.round(x)) : x.toFixed(1));
