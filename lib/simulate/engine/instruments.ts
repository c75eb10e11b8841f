import type { Seconds } from '../../model/units.ts';
import { createRandom, type Random } from '../random.ts';
import type { MinutePoint, Sight } from '../scaler.ts';
import type { World } from '../world.ts';

/** The queue at one instant, exactly. */
export interface QueueTruth {
  readonly visible: number;
  readonly inFlight: number;
}

/** The workers' totals since the start. */
export interface WorkTotals {
  readonly started: number;
  readonly late: number;
  readonly completed: number;
  readonly busySlotSeconds: Seconds;
}

const nothingDone: WorkTotals = { started: 0, late: 0, completed: 0, busySlotSeconds: 0 };

/** What lies between the truth and a scaler: age, noise, false zeros, and CloudWatch's delay. */
export class Instruments {
  readonly #world: World;
  readonly #noise: Random;
  /** One for each tick to come whose readings were already taken. */
  readonly #queueReadings: QueueTruth[] = [];
  readonly #reports: WorkTotals[] = [];
  #lastReport = nothingDone;
  /** In order of publication, which is that of their minutes. */
  readonly #minutes: { readonly at: Seconds; readonly point: MinutePoint }[] = [];

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#noise = createRandom(seed).fork('noise');
  }

  readQueue(truth: QueueTruth): void {
    this.#queueReadings.push(truth);
  }

  readReports(totals: WorkTotals): void {
    this.#reports.push(totals);
  }

  publish(point: MinutePoint): void {
    const { min, max } = this.#world.metricDelaySeconds;
    this.#minutes.push({ at: point.t + min + (max - min) * this.#noise.uniform(), point });
  }

  /** The counters as this tick shows them. Before the first reading the queue is empty. */
  queueAtTick(): Sight['queue'] {
    const { visible, inFlight } = this.#queueReadings.shift() ?? { visible: 0, inFlight: 0 };
    const falseZero = this.#world.falseZeroShare > 0 && this.#noise.uniform() < this.#world.falseZeroShare;
    const shown = { visible: this.#blurred(visible), inFlight: this.#blurred(inFlight) };
    return falseZero ? { ...shown, visible: 0 } : shown;
  }

  workAtTick(): Sight['work'] {
    const totals = this.#reports.shift() ?? nothingDone;
    const before = this.#lastReport;
    this.#lastReport = totals;
    return {
      started: totals.started - before.started,
      late: totals.late - before.late,
      completed: totals.completed - before.completed,
      busySlotSeconds: totals.busySlotSeconds - before.busySlotSeconds,
    };
  }

  minutesAtTick(now: Seconds): readonly MinutePoint[] {
    const points: MinutePoint[] = [];
    for (let next = this.#minutes[0]; next && next.at <= now; next = this.#minutes[0]) {
      points.push(next.point);
      this.#minutes.shift();
    }
    return points;
  }

  #blurred(count: number): number {
    return Math.round(count * (1 + this.#world.counterNoise * (2 * this.#noise.uniform() - 1)));
  }
}
