import type { Seconds } from '../../model/units.ts';
import type { MinutePoint, Scaler } from '../scaler.ts';
import { AlarmTracker } from './alarm-tracker.ts';
import { atLeastOne, type Baseline, clamp, type Setting, type Situation } from './situation.ts';

interface CdkSettings {
  /** The construct's thresholds of 100 and 500 messages are multiplied by this. */
  readonly thresholdFactor: number;
  readonly cooldownSeconds: Seconds;
  readonly followsCpu: boolean;
}

/**
 * CDK's QueueProcessingFargateService: steps on the five-minute maximum of visible messages (100: +1, 500: +5, 0: −1),
 * beside target tracking of CPU at 50 %. Its default maximum is 2 tasks; here it has the bounds of the run.
 */
export const cdkQueueProcessing: Baseline = {
  documented: (situation) => cdkSetting(situation, { thresholdFactor: 1, cooldownSeconds: 300, followsCpu: true }),
  tunings: (situation) =>
    [1, 0.1, 0.01].flatMap((thresholdFactor) =>
      [300, 60].flatMap((cooldownSeconds) =>
        [true, false].map((followsCpu) => cdkSetting(situation, { thresholdFactor, cooldownSeconds, followsCpu })),
      ),
    ),
};

const steps: readonly (readonly [atLeast: number, tasks: number])[] = [
  [500, 5],
  [100, 1],
];
const windowMinutes = 5;
const cpuTargetPercent = 50;

const cdkSetting = (situation: Situation, settings: CdkSettings): Setting => ({
  text: `steps at ${steps
    .map(([at, tasks]) => `${at * settings.thresholdFactor}: +${tasks}`)
    .toReversed()
    .join(
      ', ',
    )}, 0: −1; cooldown ${settings.cooldownSeconds} s, ${settings.followsCpu ? `CPU ${cpuTargetPercent} %` : 'no CPU policy'}`,
  create: () => cdkScaler(situation, settings),
});

const cdkScaler = (situation: Situation, settings: CdkSettings): Scaler => {
  const bounds = atLeastOne(situation.bounds);
  const cpu = new AlarmTracker({ target: cpuTargetPercent, outCooldownSeconds: 300, inCooldownSeconds: 300, bounds });
  const queue = new QueueSteps(settings);
  return {
    tickSeconds: 60,
    bounds,
    initial: Math.max(bounds.min, situation.initial),
    decide: ({ t, minutes, service: { desired } }) => {
      const cpuPoints = minutes.map((point) => ({ value: 100 * point.cpu, running: point.running }));
      const votes = settings.followsCpu ? cpu.vote(cpuPoints, t, desired) : {};
      const added = queue.stepOut(minutes, t);
      const out = Math.max(clamp(desired + added, bounds), votes.out ?? 0);
      if (out > desired) {
        if (added > 0) queue.tookOut(t, added);
        return out;
      }
      // A step policy scales in on its own; only target tracking policies wait for each other.
      if (queue.wantsIn(t) && desired > bounds.min) {
        queue.tookIn(t);
        return desired - 1;
      }
      if (votes.in === undefined || queue.isHigh) return undefined;
      cpu.tookIn(t);
      return votes.in;
    },
  };
};

/** Step scaling: during a cooldown only what exceeds the last step is added; scaling out ends a scale-in cooldown. */
class QueueSteps {
  readonly #settings: CdkSettings;
  #window: number[] = [];
  #outAt = Number.NEGATIVE_INFINITY;
  #inAt = Number.NEGATIVE_INFINITY;
  #added = 0;

  constructor(settings: CdkSettings) {
    this.#settings = settings;
  }

  get isHigh(): boolean {
    return this.#step() > 0;
  }

  stepOut(minutes: readonly MinutePoint[], now: Seconds): number {
    this.#window = [...this.#window, ...minutes.map((point) => point.visible)].slice(-windowMinutes);
    const cooling = now - this.#outAt < this.#settings.cooldownSeconds;
    return Math.max(0, this.#step() - (cooling ? this.#added : 0));
  }

  tookOut(now: Seconds, added: number): void {
    const cooling = now - this.#outAt < this.#settings.cooldownSeconds;
    this.#added = added + (cooling ? this.#added : 0);
    this.#outAt = now;
    this.#inAt = Number.NEGATIVE_INFINITY;
  }

  wantsIn(now: Seconds): boolean {
    const empty = this.#window.length === windowMinutes && Math.max(...this.#window) <= 0;
    return empty && now - this.#inAt >= this.#settings.cooldownSeconds;
  }

  tookIn(now: Seconds): void {
    this.#inAt = now;
  }

  #step(): number {
    if (this.#window.length === 0) return 0;
    const most = Math.max(...this.#window);
    return steps.find(([atLeast]) => most >= atLeast * this.#settings.thresholdFactor)?.[1] ?? 0;
  }
}
