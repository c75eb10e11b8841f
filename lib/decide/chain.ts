import type { Alert, ExplanationStep, Stage } from '../model/decision.ts';
import type { Ruling } from './ruling.ts';

/** One decision under way: the count so far, how it came about, and what people should know. */
export class Chain {
  readonly steps: ExplanationStep[];
  readonly alerts: Alert[];
  #count: number;

  constructor(count: number, steps: readonly ExplanationStep[], alerts: readonly Alert[]) {
    this.#count = count;
    this.steps = [...steps];
    this.alerts = [...alerts];
  }

  get count(): number {
    return this.#count;
  }

  apply(ruling: Ruling): void {
    this.steps.push(...ruling.steps);
    this.alerts.push(...ruling.alerts);
    this.#count = ruling.desired;
  }

  /** A single step, when there is one. */
  follow(step: ExplanationStep | undefined): void {
    if (step === undefined) return;
    this.steps.push(step);
    this.#count = step.to;
  }

  to(stage: Stage, code: string, text: string, count: number): void {
    this.steps.push({ stage, code, text, from: this.#count, to: count });
    this.#count = count;
  }

  /** An alert takes the place of an earlier one of its code. */
  alarm(alert: Alert): void {
    const earlier = this.alerts.findIndex(({ code }) => code === alert.code);
    if (earlier >= 0) this.alerts.splice(earlier, 1);
    this.alerts.push(alert);
  }

  /** The last step tells the count, also when no stage had anything to say. */
  end(from: number): void {
    if (this.steps.at(-1)?.to !== this.#count)
      this.steps.push({
        stage: 'act',
        code: 'asProposed',
        text: `${this.#count} tasks.`,
        from: this.steps.at(-1)?.to ?? from,
        to: this.#count,
      });
  }
}
