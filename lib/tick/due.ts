import type { ServiceBinding } from '../model/binding.ts';
import type { HotState } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** One tick of one shard. */
export interface Tick {
  readonly shard: string;
  /** What it stands for. From Scheduler: when the invocation was due, in whole seconds or minutes. */
  readonly scheduledAt: EpochSeconds;
  /** `minute`: from Scheduler, and the one that sends the others. `queue`: one of those it sent. */
  readonly source: 'minute' | 'queue';
}

/**
 * Ticks lie on a grid of whole multiples of a service's `tickSeconds` since the epoch, whoever starts them.
 * Scheduler fires anywhere within the minute after the time it names, so instants counted from there would drift into
 * each other; on the grid two invocations that overlap mean the same instants, and the second is a duplicate.
 *
 * A service is due when a new period of its own began since its last tick. So a lost tick is made up for by the next
 * one, and a tick that came late thins out the ones behind it.
 */
export const isDue = (instant: EpochSeconds, tickSeconds: Seconds, lastTickAt: EpochSeconds): boolean =>
  Math.floor(instant / tickSeconds) * tickSeconds > lastTickAt;

/** The instant a tick decides for. A minute tick is worth its real start: the time it names may be 59 s old by AWS's own rule. */
export const instantOf = (tick: Tick, now: EpochSeconds): EpochSeconds =>
  tick.source === 'minute' ? Math.floor(now) : tick.scheduledAt;

/** Scheduler may be a minute late, and its delivery to Lambda another one. */
const minuteLatenessSeconds = 120;
const leastLatenessSeconds = 15;

export function isLate(tick: Tick, now: EpochSeconds, tickSeconds: Seconds): boolean {
  const allowed = tick.source === 'minute' ? minuteLatenessSeconds : Math.max(leastLatenessSeconds, tickSeconds);
  return now - tick.scheduledAt > allowed;
}

/**
 * How far ahead ticks are sent: the next minute tick comes 1 to 119 s from now, and until then nobody else sends any.
 * As `sentUntil` remembers what lies in the queue, each instant is still sent only once.
 */
export const sendAheadSeconds = 120;

/** The instants to put into the queue now, oldest first. Services with ticks of a minute or more need none. */
export function instantsToSend(
  tickSeconds: readonly Seconds[],
  now: EpochSeconds,
  sentUntil: EpochSeconds,
): readonly EpochSeconds[] {
  const after = Math.max(now, Math.min(sentUntil, now + sendAheadSeconds));
  const until = now + sendAheadSeconds;
  const instants = new Set<EpochSeconds>();
  for (const period of new Set(tickSeconds.filter((seconds) => seconds < 60))) {
    for (let k = Math.floor(after / period) + 1; k * period <= until; k++) instants.add(k * period);
  }
  return [...instants].sort((a, b) => a - b);
}

/**
 * How often a service is looked at: every tick, or as seldom as its last look allowed (`lookPeriod`). Never longer than
 * half of what it promises now: a deploy may have made that shorter since.
 */
export const periodOf = ({ plan }: Pick<ServiceBinding, 'plan'>, hot: HotState | undefined): Seconds => {
  const longest = Math.min(...plan.queues.map(({ startWithinSeconds }) => startWithinSeconds)) / 2;
  const { lookSeconds = 0 } = hot ?? {};
  return lookSeconds <= longest ? Math.max(plan.tickSeconds, lookSeconds) : plan.tickSeconds;
};

/** What must be sent for services that are looked at more often from now on, beside what lies in the queue already. */
export const instantsToWake = (
  { asleep, awake }: { readonly asleep: readonly Seconds[]; readonly awake: readonly Seconds[] },
  now: EpochSeconds,
  sentUntil: EpochSeconds,
): readonly EpochSeconds[] =>
  instantsToSend(awake, now, 0).filter(
    (instant) => instant > sentUntil || !asleep.some((period) => period < 60 && instant % period === 0),
  );
