import type { Alert, ExplanationStep } from '../model/decision.ts';
import type { Observation, Reading, ServiceCounts } from '../model/observation.ts';
import { unknown } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { GuardMemory, HotState } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { byHand } from './by-hand.ts';
import { initialBrake } from './guards/brake.ts';
import { twoWriters, withForeignChange } from './guards/foreign-changes.ts';
import type { ClosedDirection } from './ruling.ts';

/** A reading from further ahead than this is not believed: somebody's clock is wrong. */
const futureToleranceSeconds: Seconds = 5;
/** A signal older than three periods of its source is stale. CloudWatch and beacons have a period of a minute unless they say so. */
const signalPeriodSeconds: Seconds = 60;
const signalStaleSeconds: Seconds = 3 * signalPeriodSeconds;
/** ECS reads are eventually consistent: within this time after a change, the old desired count proves nothing. */
const settleSeconds: Seconds = 15;
/** How long somebody else's change of the desired count is left alone. */
const foreignHoldSeconds: Seconds = 600;

/** What the guard found: the observation with unusable readings taken out, and which directions are closed. */
export interface Guarded {
  readonly observation: Observation;
  readonly service: ServiceCounts | undefined;
  /** Present: nothing is decided in this tick. */
  readonly hold?: ExplanationStep;
  readonly noScaleIn?: ClosedDirection;
  readonly noScaleOut?: ClosedDirection;
  readonly foreignUntil: EpochSeconds;
  /** For the next tick: what the queues held, to tell a lone zero, and the changes from outside. */
  readonly memory: GuardMemory;
  readonly alerts: readonly Alert[];
}

/** Decides what of an observation may be believed, and which moves are safe at all. */
export const guard = (
  observation: Observation,
  settings: Settings,
  hot: HotState,
  before: GuardMemory | undefined,
): Guarded => {
  const { now } = observation;
  const cleaned = clean(observation, settings);
  const service = cleaned.service.known ? cleaned.service.value : undefined;
  const current = service?.desired ?? hot.asked;
  const holdWith = (code: string, text: string): ExplanationStep => ({
    stage: 'guard',
    code,
    text,
    from: current,
    to: current,
  });
  const memory = before ?? initialGuardMemory;
  const base = { observation: cleaned, service, foreignUntil: hot.foreignUntil, memory, alerts: [] };

  if (hot.lastTickAt > 0 && now <= hot.lastTickAt)
    return {
      ...base,
      hold: holdWith('duplicateTick', 'This tick was decided before, or a later one was: nothing to do.'),
    };
  if (!service) {
    const because = cleaned.service.known ? '' : (cleaned.service.text ?? cleaned.service.because);
    return {
      ...base,
      hold: holdWith('serviceUnknown', `The service's task counts are not known (${because}), so the count stays.`),
      alerts: [
        {
          code: 'serviceUnknown',
          severity: 'warning',
          text: `Task counts of ${settings.service} are not known: ${because}.`,
        },
      ],
    };
  }
  const override = byHand(settings.override, now);
  if (override && override.desired === undefined)
    return { ...base, hold: holdWith(override.code, override.text), alerts: override.alert ? [override.alert] : [] };

  // In shadow somebody else scales, and is meant to.
  const foreignUntil = settings.mode === 'shadow' ? 0 : foreignChangeUntil(service, hot, now);
  // A count that was set through Sluice is the newer word, whoever else set one.
  if (foreignUntil > now && !override) return respected(base, settings, service, hot, foreignUntil, now);

  const outstanding = outstandingJobs(cleaned);
  const loneZero = outstanding === 0 && settings.queues.length > 0 && before?.outstanding !== 0;
  const rival = twoWriters(settings.service, memory.foreignAt, now);
  return {
    ...base,
    foreignUntil: 0,
    memory: { ...memory, outstanding: outstanding ?? -1 },
    ...closedDirections(service, settings, loneZero),
    alerts: [...(service.failedStarts > 0 ? [failedStartAlert(settings, service)] : []), ...(rival ? [rival] : [])],
  };
};

export const initialGuardMemory: GuardMemory = {
  outstanding: -1,
  waitingSince: 0,
  foreignAt: [],
  actions: [],
  brake: initialBrake,
};

/** Somebody else's count is left alone for a while. */
const respected = (
  base: Omit<Guarded, 'hold'>,
  { service: name }: Settings,
  service: ServiceCounts,
  hot: HotState,
  until: EpochSeconds,
  now: EpochSeconds,
): Guarded => {
  const fresh = service.desired !== hot.asked;
  const foreignAt = fresh ? withForeignChange(base.memory.foreignAt, now) : base.memory.foreignAt;
  const rival = twoWriters(name, foreignAt, now);
  const text = `The desired count of ${name} was changed from outside to ${service.desired}.`;
  return {
    ...base,
    foreignUntil: until,
    memory: { ...base.memory, foreignAt },
    hold: {
      stage: 'guard',
      code: 'foreignChange',
      text: `Somebody else set ${service.desired} tasks${fresh ? ` (Sluice had asked for ${hot.asked})` : ''}; that is respected until ${iso(until)}.`,
      from: service.desired,
      to: service.desired,
    },
    alerts: [{ code: 'foreignChange', severity: 'warning', text }, ...(rival ? [rival] : [])],
  };
};

const closedDirections = (
  service: ServiceCounts,
  settings: Settings,
  loneZero: boolean,
): Pick<Guarded, 'noScaleIn' | 'noScaleOut'> => {
  const noScaleIn = service.deploymentInProgress
    ? { code: 'deployment', text: 'A deployment is in progress, so nothing is scaled in.' }
    : loneZero
      ? {
          code: 'loneZero',
          text: 'The queue reads empty for the first time; one zero of an approximate counter proves nothing, so nothing is scaled in yet.',
        }
      : undefined;
  const noScaleOut =
    service.failedStarts > 0 && service.running < service.desired
      ? {
          code: 'startsFail',
          text: `${service.failedStarts} tasks of ${settings.service} failed to start in a row; more of them would only cost money, so nothing is scaled out.`,
        }
      : undefined;
  return { ...(noScaleIn && { noScaleIn }), ...(noScaleOut && { noScaleOut }) };
};

/**
 * Someone else changed the count when it is neither what Sluice asked for nor what was there before it asked
 * (then the call was lost or is not visible yet, and asking again heals it).
 */
const foreignChangeUntil = (service: ServiceCounts, hot: HotState, now: EpochSeconds): EpochSeconds => {
  if (hot.asked < 0 || service.desired === hot.asked) return hot.foreignUntil > now ? hot.foreignUntil : 0;
  const lastWriteAt = Math.max(hot.scaledOutAt, hot.scaledInAt);
  if (service.desired === hot.askedFrom || now - lastWriteAt < settleSeconds) return 0;
  return now + foreignHoldSeconds;
};

/**
 * What was asked for and not seen yet: the call was lost, or it did arrive and the read is still behind. 0: nothing.
 * Where scale-in is closed, asking for less than that would be one.
 */
export const justAsked = (hot: HotState, service: ServiceCounts): number =>
  service.desired === hot.askedFrom ? hot.asked : 0;

const failedStartAlert = (settings: Settings, service: ServiceCounts): Alert => ({
  code: 'startsFail',
  severity: 'critical',
  text: `Tasks of ${settings.service} fail to start (${service.failedStarts} in a row): look at the service's events for the image, secret or capacity error.`,
});

/** Visible + in flight + delayed over all queues; undefined while any of them is unknown. */
const outstandingJobs = (observation: Observation): number | undefined => {
  let sum = 0;
  for (const queue of observation.queues) {
    if (!queue.counts.known) return undefined;
    const { visible, inFlight, delayed } = queue.counts.value;
    sum += visible + inFlight + delayed;
  }
  return sum;
};

/** Readings that are too old or from the future become unknown, by name. */
const clean = (observation: Observation, settings: Settings): Observation => {
  const { now } = observation;
  const countsStaleSeconds = Math.max(60, 3 * settings.tickSeconds);
  const signals: Record<string, Reading<number>> = {};
  for (const name in observation.signals) {
    const reading = observation.signals[name];
    if (reading) signals[name] = fresh(reading, now, 3 * periodOf(reading));
  }
  return {
    ...observation,
    queues: observation.queues.map((queue) => ({ ...queue, counts: fresh(queue.counts, now, countsStaleSeconds) })),
    service: fresh(observation.service, now, countsStaleSeconds),
    work: fresh(observation.work, now, signalStaleSeconds),
    signals,
  };
};

const periodOf = (reading: Reading<number>): Seconds =>
  (reading.known ? reading.periodSeconds : undefined) ?? signalPeriodSeconds;

const fresh = <T>(reading: Reading<T>, now: EpochSeconds, staleSeconds: Seconds): Reading<T> => {
  if (!reading.known) return reading;
  const age = now - reading.at;
  if (age > staleSeconds) return unknown('stale', `${Math.round(age)} s old, at most ${staleSeconds} s are believed`);
  if (age < -futureToleranceSeconds) return unknown('future', `dated ${Math.round(-age)} s in the future`);
  return reading;
};

export const iso = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 19).concat('Z');
