import { meanServiceSeconds } from '../../forecast/service-time.ts';
import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { QueueCounts } from '../../model/observation.ts';
import type { SloPolicy } from '../../model/policy.ts';
import type { Json, StartDelay } from '../../model/state.ts';
import type { Seconds } from '../../model/units.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { eventDemand } from './slo-events.ts';
import { explainedTasks } from './slo-explained.ts';
import { hasAmpleTime, holdIdle, holdWindow, tasksToKeep, worthTheChange } from './slo-in.ts';
import { expectedLate, horizonOf } from './slo-late.ts';
import {
  agesOf,
  counterNoise,
  jobClassNow,
  learn,
  reactionSecondsOf,
  type SeenQueue,
  shortestPromise,
} from './slo-learn.ts';
import { initialSloMemory, type SloMemory, sloMemoryFrom } from './slo-memory.ts';
import { launchesNow } from './slo-out.ts';
import { launchesByAge, type Outlook } from './slo-outlook.ts';
import { billIsFull, startsPerLateJob } from './slo-price.ts';
import { sentence } from './slo-sentence.ts';

const defaultMaxCostFactor = 3;
const defaultChangeCostSeconds: Seconds = 0;
const defaultCatchUpSeconds: Seconds = 60;

/**
 * The flagship: the cheapest fleet for which at least P % of jobs start within T seconds.
 *
 * It learns arrivals, run time and start-up delay from what it sees, follows the jobs over the time that a start takes, and
 * weighs: a task is started when the late jobs that this avoids, at the present price of a late job, are worth more than the
 * start, and an idle one is kept while it is worth more than it costs. The price is set by the error budget. docs/slo-policy.md
 */
export const slo = (policy: SloPolicy, input: PolicyInput, startDelay: StartDelay): PolicyOutput => {
  const { observation, settings } = input;
  const queues = seenQueues(input);
  if (typeof queues === 'string' || !observation.service.known) return unknownOutput(input, queues);
  const service = observation.service.value;
  const work = observation.work.known ? observation.work.value : undefined;
  const maxCostFactor = policy.maxCostFactor ?? defaultMaxCostFactor;
  const before = sloMemoryFrom(input.memory) ?? initialSloMemory(settings.priors);
  const startSeconds = startDelayQuantile(startDelay, 0);
  const memory = learn(before, input, queues, work, service.running, startSeconds, maxCostFactor);

  // Tasks on their way out still work off a job, and stay when they are called back: asking for them starts nothing.
  const readyTasks = service.running;
  const present = Math.max(input.current, readyTasks);
  const outlook = lookAhead(memory, input, queues, readyTasks, startDelay);
  const horizon = horizonOf(outlook);
  const latePrice = startsPerLateJob(memory.price, outlook.serviceSeconds);
  const room = Math.max(0, settings.tasks.max - present);
  const launches = launchesNow(outlook, horizon, latePrice, room, policy.catchUpSeconds ?? defaultCatchUpSeconds);

  const ages = agesOf(memory, settings.tickSeconds);
  const reactionSeconds = reactionSecondsOf(startSeconds, settings.tickSeconds, ages);
  const startWithinSeconds = shortestPromise(queues);
  const ampleTime = hasAmpleTime(outlook, ages.counterSeconds);
  const queueIsEmpty =
    memory.queues.every((queue) => queue.reads.at(-1)?.[1] === 0) &&
    outlook.jobs <= readyTasks * outlook.concurrency + 0.5;
  const keep = tasksToKeep(outlook, horizon, latePrice, ampleTime, queueIsEmpty);
  const event = eventDemand(settings.events, outlook, observation.now, ages.counterSeconds);
  const asFound = launches.tasks > 0 ? present + launches.tasks : Math.min(present, keep);
  const held = holdIdle(
    memory.needs,
    observation.now,
    asFound,
    holdWindow(ampleTime, memory.price.log, settings.tickSeconds, reactionSeconds / startWithinSeconds),
  );
  const asHeld = Math.max(asFound, Math.min(input.current, held.tasks));
  const wanted = Math.max(asHeld, Math.min(settings.tasks.max, event.tasks), event.keepAll ? input.current : 0);
  // With ample time tasks finish what they run, and what can go does not idle.
  const scaleIn = worthTheChange(
    input.current,
    wanted,
    memory.idledSeconds,
    settings.tickSeconds,
    ampleTime ? 0 : (policy.changeCostSeconds ?? defaultChangeCostSeconds),
  );
  const desired = scaleIn.tasks;

  const expectation = expectedLate(outlook, horizon, readyTasks, launches.tasks, 'now');
  const verdict = {
    outlook,
    launches,
    expectation,
    latePrice,
    startWithinSeconds,
    forEvent: wanted > asHeld ? wanted : 0,
    wanted: asFound,
    desired,
    current: input.current,
    billIsFull: billIsFull(memory.price, outlook.concurrency, maxCostFactor),
  };
  return {
    proposal: {
      kind: 'count',
      desired,
      code:
        verdict.forEvent > 0
          ? 'event'
          : launches.tasks > 0
            ? 'deadline'
            : desired < input.current
              ? 'idle'
              : 'keepBusy',
      text: sentence(verdict),
      explained: Math.max(explainedTasks(outlook), event.tasks),
    },
    memory: { ...memory, needs: held.needs, idledSeconds: scaleIn.idledSeconds } as unknown as Json,
  };
};

/** The queues with their counters; a sentence when one of them is not known. */
const seenQueues = ({ observation, settings }: PolicyInput): readonly SeenQueue[] | string => {
  if (settings.queues.length === 0) return 'The slo policy needs a queue.';
  const seen: SeenQueue[] = [];
  for (const plan of settings.queues) {
    const reading = observation.queues.find((queue) => queue.name === plan.name)?.counts;
    if (!reading?.known) {
      const why = reading ? `: ${reading.text ?? reading.because}` : '';
      return `The counters of queue ${plan.name} are not known${why}.`;
    }
    seen.push({ plan, counts: sane(reading.value) });
  }
  return seen;
};

const countMax = 1e7;
const sane = ({ visible, inFlight, delayed }: QueueCounts): QueueCounts => ({
  visible: within(visible),
  inFlight: within(inFlight),
  delayed: within(delayed),
});
const within = (count: number): number => (count > 0 ? Math.min(countMax, count) : 0);

const unknownOutput = (input: PolicyInput, queues: readonly SeenQueue[] | string): PolicyOutput => ({
  proposal: {
    kind: 'unknown',
    code: input.settings.queues.length === 0 ? 'noQueue' : 'queueUnknown',
    text: typeof queues === 'string' ? queues : 'The task counts of the service are not known.',
  },
  ...(input.memory !== undefined && { memory: input.memory }),
});

/** Everything that is known, brought up to now. */
const lookAhead = (
  memory: SloMemory,
  { observation, settings }: PolicyInput,
  queues: readonly SeenQueue[],
  readyTasks: number,
  startDelay: StartDelay,
): Outlook => {
  const { now } = observation;
  const { tickSeconds } = settings;
  const { concurrency } = settings.worker;
  const serviceSeconds = meanServiceSeconds(memory.service);
  const slots = readyTasks * concurrency;
  const ages = agesOf(memory, tickSeconds);
  const visible = queues.reduce((sum, queue) => sum + queue.counts.visible, 0);
  const inFlight = queues.reduce((sum, queue) => sum + queue.counts.inFlight, 0);
  const classes = memory.queues.flatMap((queue, i) => {
    const seen = queues[i];
    if (!seen) return [];
    const load = seen.counts.visible + seen.counts.inFlight;
    const share = visible + inFlight > 0 ? load / (visible + inFlight) : 1 / queues.length;
    return [jobClassNow(queue, seen.plan, slots * share, serviceSeconds, now, ages)];
  });
  const ratePerSecond = classes.reduce((sum, jobs) => sum + jobs.ratePerSecond, 0);
  const launchedTasks = Math.max(
    startDelay.launches.length,
    (observation.service.known ? observation.service.value.desired : 0) - readyTasks,
  );
  return {
    classes,
    jobs: classes.reduce((sum, jobs) => sum + jobs.jobs, 0),
    jobsVariance: (counterNoise * visible) ** 2 + (counterNoise * inFlight) ** 2 + ratePerSecond * ages.counterSeconds,
    ratePerSecond,
    readyTasks,
    concurrency,
    serviceSeconds,
    serviceDispersion: memory.service.dispersion,
    startDelay,
    launches: launchesByAge(startDelay, now, launchedTasks),
    launchedTasks,
    tickSeconds,
  };
};
