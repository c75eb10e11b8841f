import type { Want } from '../decide/share-limits.ts';
import type { Alert } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { ShardState, StoredLearnt } from '../model/shard.ts';
import { freshLearnt, type HotState, initialState, type LearntState, type ServiceState } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { Overrides } from '../observe/overrides.ts';

/**
 * What a warm function remembers between ticks.
 *
 * Learnt state goes to the table only every 15 minutes and on scale actions; in between this memory is the one that is
 * right. It is right for a service exactly when the hot item's `lastTickAt` is the tick that this function committed
 * itself. If it is not, another function decided meanwhile: the table's copy is used, and where that is older than the
 * last tick, ticks are missing in its history. Then `since` starts anew, so that scale-in waits until its windows are full.
 *
 * Two warm functions that take turns would lose history at each turn. So for a while after a handover each tick is
 * saved, and the other one finds everything up to its last tick.
 */
export class TickMemory {
  readonly #learnt = new Map<string, Kept>();
  readonly #answers = new Map<string, { readonly desired: number; readonly at: EpochSeconds }>();
  readonly #refusals = new Map<string, { readonly alert: Alert; readonly at: EpochSeconds }>();
  #overrides: Overrides | undefined;
  /** What each service last wanted of the limits that it shares, for the ticks at which it is not due. */
  readonly wants = new Map<string, Want>();

  /** What was just read, or, when that failed, what was read last. Undefined: nothing was ever read. */
  newestOverrides(read: Overrides | undefined): Overrides | undefined {
    this.#overrides = read ?? this.#overrides;
    return this.#overrides;
  }

  readonly #told = new Set<string>();

  /** Whether this function has not said it before. */
  isNews(text: string): boolean {
    if (this.#told.has(text)) return false;
    this.#told.add(text);
    return true;
  }

  /** Learnt state that belongs to this very tick. */
  learntAt(service: string, lastTickAt: EpochSeconds): Kept | undefined {
    const kept = this.#learnt.get(service);
    return kept?.at === lastTickAt ? kept : undefined;
  }

  /** Only after a commit: what a lost tick decided never happened. */
  keepLearnt(service: string, recalled: RecalledLearnt, state: ServiceState): void {
    const { savedAt, handedOverAt } = recalled;
    const at = state.hot.lastTickAt;
    this.#learnt.set(service, { at, learnt: state.learnt, savedAt, handedOverAt, continuous: true });
  }

  kept(service: string): Kept | undefined {
    return this.#learnt.get(service);
  }

  saved(service: string, at: EpochSeconds): void {
    const kept = this.#learnt.get(service);
    if (kept !== undefined) this.#learnt.set(service, { ...kept, savedAt: at });
  }

  /** After a call to ECS. Only an answer is worth remembering; without one the next look decides. */
  answered(
    service: string,
    outcome: { readonly changed: unknown; readonly desired?: number; readonly alert?: Alert },
    at: EpochSeconds,
  ): void {
    if (outcome.alert === undefined) this.#refusals.delete(service);
    else this.#refusals.set(service, { alert: outcome.alert, at });
    if (outcome.changed === true && outcome.desired !== undefined) {
      this.#answers.set(service, { desired: outcome.desired, at });
    } else {
      this.#answers.delete(service);
    }
  }

  /** What ECS said instead of doing as it was told, at the last call, if that was a moment ago. */
  refusalsOf(service: string, now: EpochSeconds): readonly Alert[] {
    const refusal = this.#refusals.get(service);
    return refusal === undefined || now - refusal.at > refusalSeconds ? [] : [refusal.alert];
  }

  /** ECS reads lag behind writes: just after our own write its answer counts, not the older count that is still read. */
  withOwnWrite(service: string, observation: Observation): Observation {
    const answer = this.#answers.get(service);
    if (answer === undefined || observation.now - answer.at >= readLagSeconds || !observation.service.known) {
      return observation;
    }
    const { value, ...reading } = observation.service;
    return { ...observation, service: { ...reading, value: { ...value, desired: answer.desired } } };
  }
}

/** A tick that fails is followed by one that tries again, within two minutes even for a service that is idle. */
const refusalSeconds: Seconds = 130;
const readLagSeconds: Seconds = 10;
const saveEverySeconds: Seconds = 15 * 60;
const handoverSeconds: Seconds = 5 * 60;
const forgetSeconds: Seconds = 24 * 3600;

/** Learnt state with the tick it was recalled for, and when it was last written. */
export interface RecalledLearnt {
  readonly learnt: LearntState;
  readonly savedAt: EpochSeconds;
  readonly handedOverAt: EpochSeconds;
  /** It is what the tick before made of it, with nothing missing in between. */
  readonly continuous: boolean;
}

interface Kept extends RecalledLearnt {
  readonly at: EpochSeconds;
}

export async function recallLearnt(
  memory: TickMemory,
  service: string,
  hot: HotState,
  now: EpochSeconds,
  load: () => Promise<StoredLearnt | undefined>,
): Promise<RecalledLearnt> {
  const kept = memory.learntAt(service, hot.lastTickAt);
  if (kept !== undefined) return kept;
  const stored = await load();
  if (stored === undefined) return { learnt: freshLearnt(now), savedAt: 0, handedOverAt: now, continuous: false };
  const learnt = stored.at < hot.lastTickAt ? withGap(stored.learnt, now) : stored.learnt;
  return { learnt, savedAt: stored.at, handedOverAt: now, continuous: stored.at === hot.lastTickAt };
}

/** Differences over a gap would be taken for those of one tick, so they start anew too. */
function withGap({ observed: _, ...learnt }: LearntState, now: EpochSeconds): LearntState {
  return { ...learnt, since: now };
}

export function mustSave(memory: TickMemory, service: string, scaled: 'out' | 'in' | 'no', now: EpochSeconds): boolean {
  const kept = memory.kept(service);
  if (kept === undefined) return false;
  return scaled !== 'no' || now - kept.handedOverAt < handoverSeconds || now - kept.savedAt >= saveEverySeconds;
}

export const hotOf = (shard: ShardState, service: string): HotState => shard.services[service] ?? initialState(0).hot;

/**
 * Hot state that stays in the item: also of services this function does not know, as a newer deployment may run beside
 * it. What has not ticked for a day belongs to a service that is gone.
 */
export const keptServices = (shard: ShardState, now: EpochSeconds): Readonly<Record<string, HotState>> =>
  Object.fromEntries(Object.entries(shard.services).filter(([, hot]) => now - hot.lastTickAt < forgetSeconds));
