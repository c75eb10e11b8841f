import type { EpochSeconds } from '../model/units.ts';
import { offsetSpanAt } from './zone-clock.ts';

/** `2026-11-23T07:00:00Z`; milliseconds only where there are some. */
export const isoUtc = (at: EpochSeconds): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z');

/** `2026-11-23T08:00:00+01:00`. */
export const isoLocal = (timeZone: string, at: EpochSeconds): string => {
  const { offsetSeconds } = offsetSpanAt(timeZone, at);
  return isoUtc(at + offsetSeconds).replace('Z', offsetText(offsetSeconds));
};

const offsetText = (offsetSeconds: number): string => {
  const minutes = Math.round(Math.abs(offsetSeconds) / 60);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};
