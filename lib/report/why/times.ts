import type { EpochSeconds } from '../../model/units.ts';

/** `02:41:10`, UTC: the zone of every time in the log. */
export const clockUtc = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(11, 19);

/** `Sat 2026-11-21`, UTC. */
export const dayUtc = (at: EpochSeconds): string => {
  const date = new Date(at * 1000);
  return `${date.toUTCString().slice(0, 3)} ${date.toISOString().slice(0, 10)}`;
};

/** `2026-11-21T02:41:10Z` */
export const isoUtc = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
