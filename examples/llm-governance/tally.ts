import type { Gauges } from '../../lib/worker/beacon/signal-beacon.ts';

export interface Answer {
  readonly milliseconds: number;
  readonly failed: boolean;
  readonly cached: boolean;
}

/** What a task tells the scaler, each value of the answers since it was last asked for. */
export const createTally = (now: () => number = () => Date.now() / 1000) => {
  let answers: Answer[] = [];
  let last: readonly Answer[] = [];
  let since = now();
  let seconds = 1;
  /** All gauges are asked for at once: the first one takes the window. */
  const turn = (): void => {
    if (answers.length === 0 && now() - since < 1) return;
    [last, answers] = [answers, []];
    seconds = Math.max(1, now() - since);
    since = now();
  };
  const percent = (fits: (answer: Answer) => boolean): number =>
    last.length === 0 ? 0 : (100 * last.filter(fits).length) / last.length;
  const signals: Gauges = {
    requestsPerSecond: () => {
      turn();
      return last.length / seconds;
    },
    latencyMs: () => last.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / Math.max(1, last.length),
    errorPercent: () => percent(({ failed }) => failed),
    cacheHitPercent: () => percent(({ cached }) => cached),
  };
  return { signals, answered: (answer: Answer): void => void answers.push(answer) };
};
