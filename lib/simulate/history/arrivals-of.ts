import type { History, HistoryPoint } from '../../model/history.ts';
import type { TraceBucket } from '../trace-file.ts';
import { spanOf, speaksOfQueue } from './history.ts';

/** What a history tells of the stream of jobs. */
export interface PastArrivals {
  /** As a trace: equal widths, none where nothing is known. */
  readonly buckets: readonly TraceBucket[];
  readonly jobs: number;
  /** `counted`: NumberOfMessagesSent. `inferred`: deleted plus the growth of what was in the queue. */
  readonly how: 'counted' | 'inferred';
  /** Sent ÷ (deleted + growth of the queue), where both are known: 1 when the books balance. */
  readonly balance?: number;
}

/**
 * Jobs by period. Coarse periods are cut into the finest width of the history with their jobs spread evenly: what was
 * a burst within the hour no longer shows.
 */
export const arrivalsOf = (history: History): PastArrivals => {
  const points = history.filter(speaksOfQueue);
  const { from } = spanOf(history);
  const width = Math.min(...points.map(({ periodSeconds }) => periodSeconds));
  const how = points.some(({ sent }) => sent !== undefined) ? 'counted' : 'inferred';
  const buckets: TraceBucket[] = [];
  let jobs = 0;
  points.forEach((point, i) => {
    const arrived = how === 'counted' ? (point.sent ?? 0) : inferred(point, points[i - 1]);
    jobs += arrived;
    const parts = Math.max(1, Math.round(point.periodSeconds / width));
    for (let part = 0; part < parts; part += 1)
      buckets.push({ second: point.at - from + part * width, widthSeconds: width, jobs: arrived / parts });
  });
  const balance = how === 'counted' ? balanceOf(points) : undefined;
  return { buckets, jobs, how, ...(balance !== undefined && { balance }) };
};

const contentOf = ({ visible = 0, inFlight = 0 }: HistoryPoint): number => visible + inFlight;

const inferred = (point: HistoryPoint, before: HistoryPoint | undefined): number =>
  Math.max(0, (point.deleted ?? 0) + (before === undefined ? 0 : contentOf(point) - contentOf(before)));

const balanceOf = (points: readonly HistoryPoint[]): number | undefined => {
  if (!points.some(({ deleted }) => deleted !== undefined)) return undefined;
  const sum = (of: (point: HistoryPoint) => number | undefined) =>
    points.reduce((total, point) => total + (of(point) ?? 0), 0);
  const [first, last] = [points[0], points.at(-1)];
  const out = sum(({ deleted }) => deleted) + (first && last ? contentOf(last) - contentOf(first) : 0);
  return out > 0 ? sum(({ sent }) => sent) / out : undefined;
};
