import type { History } from '../../model/history.ts';
import type { EpochSeconds, Percent, Seconds } from '../../model/units.ts';
import { speaksOfQueue } from './history.ts';

/** What the recorded curves say of the waits, without any model. */
export interface MeasuredWaits {
  /** Share of the jobs that started in time: at least, at most. The recording's resolution leaves the rest open. */
  readonly attainedPercent: { readonly low: Percent; readonly high: Percent };
  /** The greatest age of a message, running ones included: no wait was longer. */
  readonly oldestSeconds?: Seconds;
}

/** Jobs of one period that are looked at, evenly spread. */
const samples = 4;

/**
 * Two cumulative curves: what had arrived, and what had started (arrived less visible). Jobs start in the order of their
 * arrival, so the horizontal distance of the curves is the wait, known to about half a period either way.
 * Undefined when arrivals or visible messages were not recorded.
 */
export const measuredWaits = (history: History, startWithinSeconds: Seconds): MeasuredWaits | undefined => {
  const points = history.filter(speaksOfQueue);
  const recorded = points.some(({ visible }) => visible !== undefined) && points.some(({ sent }) => sent !== undefined);
  if (!recorded) return undefined;
  const { arrived, started } = curvesOf(points);
  let [surely, perhaps, all, next] = [0, 0, 0, 0];
  points.forEach(({ at, periodSeconds, sent = 0 }, i) => {
    const before = (arrived[i]?.jobs ?? 0) - sent;
    for (let k = 0; k < samples && sent > 0; k += 1) {
      const share = (k + 0.5) / samples;
      const job = before + share * sent;
      while (next < started.length && (started[next]?.jobs ?? 0) < job) next += 1;
      const startedAt = crossing(started[next - 1], started[next], job);
      const wait = Math.max(0, startedAt - (at + share * periodSeconds));
      all += sent;
      if (wait + periodSeconds / 2 <= startWithinSeconds) surely += sent;
      if (wait - periodSeconds / 2 <= startWithinSeconds) perhaps += sent;
    }
  });
  const oldest = points.reduce((most, { oldestSeconds = -1 }) => Math.max(most, oldestSeconds), -1);
  const percent = (jobs: number): Percent => (all > 0 ? (100 * jobs) / all : 100);
  return {
    attainedPercent: { low: percent(surely), high: percent(perhaps) },
    ...(oldest >= 0 && { oldestSeconds: oldest }),
  };
};

interface Knot {
  readonly at: EpochSeconds;
  readonly jobs: number;
}

/** Arrived at the end of each period; started in its middle, where the mean of the visible messages belongs. */
const curvesOf = (points: History): { readonly arrived: readonly Knot[]; readonly started: readonly Knot[] } => {
  const arrived: Knot[] = [];
  const started: Knot[] = [];
  let jobs = points[0]?.visible ?? 0;
  let most = 0;
  for (const { at, periodSeconds, sent = 0, visible = 0 } of points) {
    most = Math.max(most, jobs + sent / 2 - visible);
    started.push({ at: at + periodSeconds / 2, jobs: most });
    jobs += sent;
    arrived.push({ at: at + periodSeconds, jobs });
  }
  return { arrived, started };
};

/** When the curve passes `jobs` between two knots. Before the first: at once. After the last: nobody knows, so never. */
const crossing = (before: Knot | undefined, after: Knot | undefined, jobs: number): EpochSeconds => {
  if (after === undefined) return Number.POSITIVE_INFINITY;
  if (before === undefined) return after.at;
  const rise = after.jobs - before.jobs;
  return rise > 0 ? before.at + ((jobs - before.jobs) / rise) * (after.at - before.at) : after.at;
};
