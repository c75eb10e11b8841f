import { initialStartDelay, startDelayQuantile } from '../forecast/start-delay.ts';
import type { Decision } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { Seconds } from '../model/units.ts';

export interface Look {
  readonly settings: Settings;
  readonly observation: Observation;
  readonly decision: Decision;
  /** Jobs that came since the look before. */
  readonly arrivals: number;
}

/**
 * How long an idle service may be left alone: the longest of the periods that still leaves a job, which comes right
 * after a look, the time in which a task starts, and two ticks, before it is late. A service that is not idle, or whose
 * objective is shorter than that, is looked at every tick.
 */
export const lookPeriod = (look: Look): Seconds => {
  const { settings, decision } = look;
  const { tickSeconds, queues } = settings;
  if (!isIdle(look)) return tickSeconds;
  const belief = decision.state.learnt.startDelay ?? initialStartDelay();
  const promised = Math.min(...queues.map(({ startWithinSeconds }) => startWithinSeconds));
  const spare = promised - startDelayQuantile(belief, z95) - 2 * tickSeconds;
  const fits = periods.find(
    ({ period, longestGap }) => period > tickSeconds && period % tickSeconds === 0 && longestGap <= spare,
  );
  return fits?.period ?? tickSeconds;
};

const z95 = 1.645;

/** With a minute, only Scheduler's own ticks remain, and those may come two minutes apart. Longest first. */
const periods: readonly { readonly period: Seconds; readonly longestGap: Seconds }[] = [
  { period: 60, longestGap: 120 },
  { period: 30, longestGap: 30 },
  { period: 20, longestGap: 20 },
];

/** Nothing waits, runs, came, starts or is about to change; and only the queue can change that. */
const isIdle = (look: Look): boolean =>
  look.arrivals === 0 && hasEmptyQueues(look) && isSettled(look) && onlyTheQueueCounts(look);

const hasEmptyQueues = ({ settings, observation }: Look): boolean =>
  settings.queues.length > 0 &&
  observation.queues.length >= settings.queues.length &&
  observation.queues.every(
    ({ counts }) => counts.known && counts.value.visible + counts.value.inFlight + counts.value.delayed === 0,
  );

const isSettled = ({ settings, observation, decision }: Look): boolean => {
  const { hot, learnt } = decision.state;
  if (!observation.service.known) return false;
  const { desired, running, pending, deploymentInProgress } = observation.service.value;
  const quietSince = Math.max(hot.scaledInAt, hot.scaledOutAt, learnt.since) + settleSeconds;
  return (
    decision.kind === 'keep' &&
    desired === decision.desired &&
    running === desired &&
    pending === 0 &&
    !deploymentInProgress &&
    desired <= settings.tasks.min &&
    hot.unknownSince === 0 &&
    quietSince <= observation.now &&
    settings.override === undefined &&
    settings.coming === undefined &&
    learnt.warmingUntil === undefined
  );
};

const settleSeconds: Seconds = 300;

/** Tasks that run have signals of their own, which other policies than `slo` scale by. */
const onlyTheQueueCounts = ({ settings, decision }: Look): boolean =>
  decision.desired === 0 || settings.policy.type === 'slo';
