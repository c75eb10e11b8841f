import type { TaskBounds } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import { clamp } from './situation.ts';

export interface TrackerSettings {
  readonly target: number;
  readonly outCooldownSeconds: Seconds;
  readonly inCooldownSeconds: Seconds;
  readonly bounds: TaskBounds;
}

/** One datapoint of the tracked metric, with the tasks that ran in its minute. */
export interface TrackedPoint {
  readonly value: number;
  readonly running: number;
}

export interface TrackerVotes {
  readonly out?: number;
  readonly in?: number;
}

const highMinutes = 3;
const lowMinutes = 15;
const lowShare = 0.9;
/** AWS calls its scale-in gradual and does not say more; at most half of the fleet goes at once here. */
const shareInAtOnce = 0.5;

/**
 * Application Auto Scaling's target tracking: two alarms on one-minute datapoints, 3 of 3 above the target and 15 of
 * 15 below 90 % of it. What AWS does not publish is read in its favour: the step is proportional to the tasks that ran
 * when the datapoint was made, and within a cooldown to those before the cooldown's first step, so that a backlog
 * which the tasks still starting will work off is not answered twice.
 */
export class AlarmTracker {
  readonly #settings: TrackerSettings;
  #values: number[] = [];
  #outAt = Number.NEGATIVE_INFINITY;
  #inAt = Number.NEGATIVE_INFINITY;
  /** Tasks before the first step of the present cooldown. */
  #countBefore = Number.POSITIVE_INFINITY;

  constructor(settings: TrackerSettings) {
    this.#settings = settings;
  }

  /** New datapoints, oldest first. Without any the alarms have nothing to act on. */
  vote(points: readonly TrackedPoint[], now: Seconds, desired: number): TrackerVotes {
    const last = points.at(-1);
    if (!last) return {};
    this.#values = [...this.#values, ...points.map((point) => point.value)].slice(-lowMinutes);
    const { target } = this.#settings;
    const high = this.#values.length >= highMinutes && this.#values.slice(-highMinutes).every((v) => v > target);
    if (high) return this.#out(last, now, desired);
    const low = this.#values.length >= lowMinutes && this.#values.every((v) => v < lowShare * target);
    return low ? this.#in(last, now, desired) : {};
  }

  /** The scale-in that was voted for happened: other policies may have prevented it. */
  tookIn(now: Seconds): void {
    this.#inAt = now;
  }

  #out(point: TrackedPoint, now: Seconds, desired: number): TrackerVotes {
    const { target, outCooldownSeconds, bounds } = this.#settings;
    const cooling = now - this.#outAt < outCooldownSeconds;
    const base = Math.min(desired, Math.max(1, point.running), cooling ? this.#countBefore : desired);
    const wanted = clamp(Math.ceil((base * point.value) / target), bounds);
    if (wanted <= desired) return {};
    if (!cooling) this.#countBefore = desired;
    this.#outAt = now;
    this.#inAt = Number.NEGATIVE_INFINITY;
    return { out: wanted };
  }

  #in(point: TrackedPoint, now: Seconds, desired: number): TrackerVotes {
    const { target, inCooldownSeconds, bounds } = this.#settings;
    if (now - this.#inAt < inCooldownSeconds || now - this.#outAt < inCooldownSeconds) return {};
    const smallest = desired - Math.max(1, Math.floor(desired * shareInAtOnce));
    const wanted = clamp(Math.max(smallest, Math.ceil((desired * point.value) / target)), bounds);
    return wanted < desired ? { in: wanted } : {};
  }
}
