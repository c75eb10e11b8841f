import type { AlertNews, AlertState } from '../model/alert-plan.ts';
import type { Severity } from '../model/decision.ts';

/** The open alerts of a service as short text for the shard's item: about 50 bytes each. Seconds are kept whole. */
export const packAlerts = (states: readonly AlertState[]): string => JSON.stringify(states.map(rowOf));

type Row = readonly [code: string, severity: Severity, since: number, seen: number, ...told: ToldRow | []];
type ToldRow = readonly [news: AlertNews, severity: Severity, at: number, claim: number];

const rowOf = ({ code, severity, since, seen, told }: AlertState): Row => [
  code,
  severity,
  Math.floor(since),
  Math.floor(seen),
  ...(told === undefined ? ([] as const) : ([told.news, told.severity, Math.floor(told.at), told.claim ?? 0] as const)),
];

/** What is not ours reads as nothing: an alert that lasts is told anew, which is better than none. */
export const unpackAlerts = (text: string): readonly AlertState[] => {
  try {
    return (JSON.parse(text) as readonly Row[]).map(([code, severity, since, seen, news, toldSeverity, at, claim]) => ({
      code,
      severity,
      since,
      seen,
      ...(news !== undefined &&
        toldSeverity !== undefined &&
        at !== undefined && { told: { news, severity: toldSeverity, at, ...(claim ? { claim } : {}) } }),
    }));
  } catch {
    return [];
  }
};
