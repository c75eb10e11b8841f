import type { AlertPlan } from '../model/alert-plan.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { Alert, Decision, DecisionRecord } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { ServicePlan, Settings, TaskSize } from '../model/plan.ts';
import type { AlertCommit, ShardState, StoredLearnt, WorkTotals } from '../model/shard.ts';
import type { Sighting } from '../model/sighting.ts';
import type { HotState, ServiceState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import type { AppliedByService } from '../observe/fresh-applied.ts';
import type { Overrides } from '../observe/overrides.ts';
import type { AlertMessage } from './alerts/alert-message.ts';
import type { TickMemory } from './memory.ts';
import type { HourCost } from './spending.ts';

/** All that a tick needs from outside. */
export interface TickDependencies {
  readonly clock: Clock;
  readonly state: StateStore;
  /** Absent: budgets have nothing to go by, and say so. */
  readonly hourCosts?: HourCosts;
  readonly overrides: OverrideReader;
  /** Absent: nothing is ever applied beside the config. */
  readonly applied?: AppliedReader;
  readonly observer: Observer;
  readonly scaler: ServiceScaler;
  readonly journal: Journal;
  readonly rollups: Rollups;
  readonly sender: TickSender;
  readonly memory: TickMemory;
  /** Absent: alerts are recorded, and nobody is told. */
  readonly alerts?: AlertDelivery;
  readonly settingsAt: (plan: ServicePlan, now: EpochSeconds) => Settings;
  readonly decide: (observation: Observation, settings: Settings, state: ServiceState) => Decision;
}

export interface AlertDelivery {
  readonly stage: string;
  readonly plan: AlertPlan;
  readonly topic: AlertTopic;
}

export interface AlertTopic {
  /** Rejects when it is not known that the message was taken. */
  publish(message: AlertMessage, signal: AbortSignal): Promise<void>;
}

export interface Clock {
  now(): EpochSeconds;
}

export interface StateStore {
  load(shard: string, signal: AbortSignal): Promise<ShardState>;
  /** Writes only if the shard's version is still `readVersion`. */
  commit(
    shard: string,
    readVersion: number,
    services: Readonly<Record<string, HotState>>,
    at: EpochSeconds,
    signal: AbortSignal,
    /** Absent: what is stored of alerts stays as it is. */
    alerts?: AlertCommit,
  ): Promise<'committed' | 'lost'>;
  /** The claims of that version were fulfilled. */
  markTold(shard: string, version: number, signal: AbortSignal): Promise<void>;
  markSent(shard: string, until: EpochSeconds, signal: AbortSignal): Promise<void>;
  loadLearnt(service: string, signal: AbortSignal): Promise<StoredLearnt | undefined>;
  /** An older state never replaces a newer one. */
  saveLearnt(service: string, stored: StoredLearnt, signal: AbortSignal): Promise<void>;
}

export interface OverrideReader {
  /** What people set at run time. Entries that are over may still be in it. */
  read(signal: AbortSignal): Promise<Overrides>;
}

export interface AppliedReader {
  /** As of a minute ago at most. Rejects when it was never read. */
  read(now: EpochSeconds, signal: AbortSignal): Promise<AppliedByService>;
  /** Gives up the automatic size that begins at `of`: the one before holds again. Nothing when it is not there any more. */
  rejectSize(
    plan: ServicePlan,
    rejected: { readonly of: EpochSeconds; readonly because: string },
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface Observer {
  /** Sightings in the order of `services`. What cannot be read is unknown. */
  observe(
    services: readonly {
      readonly binding: ServiceBinding;
      readonly settings: Settings;
      readonly previousWork: WorkTotals | undefined;
    }[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly Sighting[]>;
}

export interface ServiceScaler {
  setDesired(
    binding: ServiceBinding,
    desired: number,
    signal: AbortSignal,
    resize?: Resize,
  ): Promise<
    | { readonly changed: true; readonly desired: number }
    | { readonly changed: false | 'unknown'; readonly alert: Alert }
  >;
}

/** With a count, or alone: the size changes too, and ECS replaces the tasks one by one. */
export interface Resize {
  readonly to: TaskSize;
  /** The desired count stays, and is not sent. */
  readonly sameCount: boolean;
}

export interface Journal {
  /** May keep records in memory for a while; those of actions are on disk when it resolves. */
  write(records: readonly DecisionRecord[], now: EpochSeconds, signal: AbortSignal): Promise<void>;
}

/** What one service used in one tick. */
export interface Usage {
  readonly binding: ServiceBinding;
  /** The tick before; equal to `to` on the first one. */
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly arrivals: number;
  /** Tasks that are billed: running, and pending from the image pull on. Absent: not known. */
  readonly tasks?: number;
  /** What new tasks have. Absent: not known, so the plan's own. */
  readonly size?: TaskSize;
  readonly scaled: 'out' | 'in' | 'no';
  readonly totals?: WorkTotals;
}

export interface Rollups {
  /** May keep usage in memory for a while. */
  write(usage: readonly Usage[], now: EpochSeconds, signal: AbortSignal): Promise<void>;
}

export interface TickSender {
  /** Each tick arrives at its instant or later. */
  send(shard: string, instants: readonly EpochSeconds[], now: EpochSeconds, signal: AbortSignal): Promise<void>;
}

export interface HourCosts {
  /** Of one service, or of all services of the stage: hours that begin within `from <= at < to`. */
  read(
    scope: { readonly service: string } | 'all',
    from: EpochSeconds,
    to: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly HourCost[]>;
}
