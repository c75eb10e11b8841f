import type { TaskBounds } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import type { Scaler } from '../scaler.ts';
import { type Baseline, backlogPerTask, clamp, type Setting, type Situation } from './situation.ts';

/**
 * KEDA's SQS scaler with the Kubernetes HPA: ⌈(visible + in flight) ÷ queueLength⌉ every 15 s, at most doubled or +4
 * at a time, down to the highest count of the stabilization window; to zero after five idle minutes.
 */
export const keda: Baseline = {
  documented: (situation) => kedaSetting(situation, 5, 300),
  tunings: (situation) =>
    queueLengths(situation).flatMap((queueLength) =>
      [300, 60, 0].map((stabilization) => kedaSetting(situation, queueLength, stabilization)),
    ),
};

const syncSeconds: Seconds = 15;
const pollSeconds: Seconds = 30;
const idleSecondsToZero: Seconds = 300;
const tolerance = 0.1;

/** Whole numbers around what the promise allows: per task, the jobs it works on and those that may wait for it. */
const queueLengths = (situation: Situation): readonly number[] => {
  const most = backlogPerTask(situation) + situation.concurrency;
  const tried = [situation.concurrency, ...[0.15, 0.25, 0.35, 0.5, 0.7, 1].map((share) => share * most)];
  return [...new Set(tried.map((length) => Math.max(1, Math.round(length))))].sort((a, b) => a - b);
};

const kedaSetting = (situation: Situation, queueLength: number, stabilizationSeconds: Seconds): Setting => ({
  text: `queueLength ${queueLength}, scale-in stabilization ${stabilizationSeconds} s`,
  create: () => kedaScaler(queueLength, stabilizationSeconds, situation.bounds),
});

const kedaScaler = (queueLength: number, stabilizationSeconds: Seconds, bounds: TaskBounds): Scaler => {
  const recommended = new WindowMaximum(stabilizationSeconds);
  let activeAt: Seconds = 0;
  return {
    tickSeconds: syncSeconds,
    bounds,
    decide: ({ t, queue, service: { desired } }) => {
      const messages = queue.visible + queue.inFlight;
      const polled = t % pollSeconds === 0;
      if (polled && messages > 0) activeAt = t;
      if (desired === 0) {
        recommended.clear();
        return polled && messages > 0 ? 1 : undefined;
      }
      if (polled && messages === 0 && bounds.min === 0 && t - activeAt > idleSecondsToZero) {
        recommended.clear();
        return 0;
      }
      const wanted = clamp(hpaCount(messages, queueLength, desired), { min: Math.max(1, bounds.min), max: bounds.max });
      const held = recommended.with(t, wanted);
      return wanted > desired ? Math.min(wanted, Math.max(2 * desired, desired + 4)) : Math.min(desired, held);
    },
  };
};

/** Average value per pod; within the tolerance nothing changes. */
const hpaCount = (messages: number, queueLength: number, desired: number): number =>
  Math.abs(messages / (queueLength * desired) - 1) <= tolerance ? desired : Math.ceil(messages / queueLength);

/** The highest value of a sliding window. Values that a later, higher one outlasts are not kept. */
class WindowMaximum {
  readonly #seconds: Seconds;
  #entries: { readonly at: Seconds; readonly value: number }[] = [];

  constructor(seconds: Seconds) {
    this.#seconds = seconds;
  }

  clear(): void {
    this.#entries = [];
  }

  with(at: Seconds, value: number): number {
    const kept = this.#entries.filter((entry) => entry.at >= at - this.#seconds && entry.value > value);
    this.#entries = [...kept, { at, value }];
    return this.#entries[0]?.value ?? value;
  }
}
