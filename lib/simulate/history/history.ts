import type { History, HistoryPoint } from '../../model/history.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** SQS publishes as long as a queue is in use, and six hours longer. */
const publishedAfterUseSeconds: Seconds = 6 * 3600;

export const speaksOfQueue = ({ sent, deleted, visible, inFlight }: HistoryPoint): boolean =>
  sent !== undefined || deleted !== undefined || visible !== undefined || inFlight !== undefined;

/** A stretch without a word about the queue. */
export interface Stretch {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** The queue was idle so long before it that SQS had stopped publishing: nothing was sent. Otherwise nobody knows. */
  readonly silent: boolean;
}

/** Where the queue's series stop, between the first and the last period that speaks of it. */
export const stretchesWithout = (history: History): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  let idleSince: EpochSeconds | undefined;
  let end: EpochSeconds | undefined;
  for (const point of history.filter(speaksOfQueue)) {
    if (end !== undefined && point.at > end) {
      const silent = idleSince !== undefined && end - idleSince >= publishedAfterUseSeconds - point.periodSeconds;
      stretches.push({ from: end, to: point.at, silent });
      if (!silent) idleSince = undefined;
    }
    end = point.at + point.periodSeconds;
    const busy = (point.sent ?? 0) + (point.deleted ?? 0) + (point.visible ?? 0) + (point.inFlight ?? 0) > 0;
    if (busy) idleSince = end;
    else idleSince ??= point.at;
  }
  return stretches;
};

/** First and last instant that the queue's series know of. */
export const spanOf = (history: History): { readonly from: EpochSeconds; readonly to: EpochSeconds } => {
  const known = history.filter(speaksOfQueue);
  const [first, last] = [known[0], known.at(-1)];
  return first && last ? { from: first.at, to: last.at + last.periodSeconds } : { from: 0, to: 0 };
};
