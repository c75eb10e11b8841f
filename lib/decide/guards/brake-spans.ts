import type { BrakeSpan } from '../../model/state.ts';
import type { Seconds } from '../../model/units.ts';

export interface SpanSum {
  readonly seconds: Seconds;
  readonly fewest: number;
  readonly most: number;
  readonly completed: number;
  readonly ended: number;
  readonly busy: Seconds;
  readonly leastVisible: number;
}

export const sumOf = (spans: readonly BrakeSpan[]): SpanSum => {
  const sum = { seconds: 0, fewest: Infinity, most: 0, completed: 0, ended: 0, busy: 0, leastVisible: Infinity };
  for (const [, seconds, fewest, most, completed, ended, busy, leastVisible] of spans) {
    sum.seconds += seconds;
    sum.fewest = Math.min(sum.fewest, fewest);
    sum.most = Math.max(sum.most, most);
    sum.completed += completed;
    sum.ended += ended;
    sum.busy += busy;
    sum.leastVisible = Math.min(sum.leastVisible, leastVisible);
  }
  return sum;
};

/** Where the shortest stretch begins that ends before `end` and is `seconds` long. Undefined: there are not so many. */
export const covering = (spans: readonly BrakeSpan[], end: number, seconds: Seconds): number | undefined => {
  let covered = 0;
  for (let first = end - 1; first >= 0; first -= 1) {
    covered += spans[first]?.[1] ?? 0;
    if (covered >= seconds) return first;
  }
  return undefined;
};
