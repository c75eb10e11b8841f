import type { EpochSeconds } from '../../model/units.ts';

/** ISO 8601 with a zone; undefined for anything else. */
export const instantOf = (text: string): EpochSeconds | undefined => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text) / 1000;
  return Number.isNaN(at) ? undefined : at;
};
