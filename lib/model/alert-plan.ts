import type { Severity } from './decision.ts';
import type { EpochSeconds, Seconds } from './units.ts';

/** When an alert is told to people, and when again. */
export interface AlertPlan {
  /** The least severity that is told. */
  readonly severity: Severity;
  /** A warning must have lasted this long; what is critical is told at once. */
  readonly afterSeconds: Seconds;
  /** An alert is over when it was not raised for this long. */
  readonly clearSeconds: Seconds;
  /** While it lasts it is told again this often. Absent: never. */
  readonly repeatSeconds?: Seconds;
}

/** What a message says of one alert. */
export type AlertNews = 'begin' | 'rise' | 'again' | 'end';

/** One alert of one service from its beginning until people know of its end. Kept beside the hot state. */
export interface AlertState {
  readonly code: string;
  /** As it was raised last. */
  readonly severity: Severity;
  readonly since: EpochSeconds;
  /** When it was last raised, or could not be judged. */
  readonly seen: EpochSeconds;
  /** Absent: nobody was told yet. */
  readonly told?: Telling;
}

/** The newest message about an alert. */
export interface Telling {
  readonly news: AlertNews;
  /** The highest severity that was told. */
  readonly severity: Severity;
  readonly at: EpochSeconds;
  /**
   * The version of the shard's item whose writer sends it. Absent: it is known to have been sent. Who finds a claim that
   * is older than a function may live claims it anew.
   */
  readonly claim?: number;
}

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
export const severityRank = (severity: Severity): number => ranks[severity];
