import type { History, HistoryPoint } from '../../model/history.ts';
import type { Seconds } from '../../model/units.ts';
import { speaksOfQueue } from './history.ts';

/** A figure that was worked out from a history, with the range that it lies in nineteen times of twenty. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const blockSeconds: Seconds = 3600;
/** With fewer blocks than this their spread says little. */
const blocksMin = 6;
const spreadUnknown = 0.5;
const z95 = 1.96;

/**
 * Mean run time of a job by Little's law: messages in flight, over time, ÷ messages deleted. It holds for any load, and
 * needs no worker to report anything. A message is in flight from its receipt to its deletion, so what a worker fetches
 * in advance and what fails and comes back makes the figure too high.
 * The range is that of a ratio over blocks of an hour: the sampled gauge's noise is in it.
 *
 * @returns undefined when nothing in flight or nothing deleted was recorded
 */
export const serviceSecondsOf = (history: History): Estimate | undefined => {
  const points = history.filter(speaksOfQueue);
  if (!points.some(({ inFlight }) => inFlight !== undefined)) return undefined;
  const blocks = [...Map.groupBy(points, ({ at }) => Math.floor(at / blockSeconds)).values()].map(blockOf);
  const inFlightSeconds = sum(blocks, (block) => block.inFlightSeconds);
  const done = sum(blocks, (block) => block.done);
  if (!(inFlightSeconds > 0 && done > 0)) return undefined;
  const value = inFlightSeconds / done;
  const n = blocks.length;
  const residuals = sum(blocks, (block) => (block.inFlightSeconds - value * block.done) ** 2);
  const error = n < blocksMin ? spreadUnknown * value : (z95 * Math.sqrt((n / (n - 1)) * residuals)) / done;
  return { value, low: Math.max(value / 10, value - error), high: value + error };
};

/** What CloudWatch leaves out beside other series of the queue was zero: it publishes what is in flight only when something is. */
const blockOf = (points: readonly HistoryPoint[]) => ({
  inFlightSeconds: sum(points, ({ inFlight = 0, periodSeconds }) => inFlight * periodSeconds),
  done: sum(points, ({ deleted, sent }) => deleted ?? sent ?? 0),
});

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
