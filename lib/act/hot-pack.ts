import type { HotState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';

/**
 * Hot state as short text, one per service in the shard's item, which is written on every tick: with a name of up to
 * 36 characters it stays under 100 bytes. Times are milliseconds in base 36; finer fractions are lost.
 */
export const packHot = (hot: HotState): string =>
  [
    packTime(hot.lastTickAt),
    String(hot.asked),
    String(hot.askedFrom),
    packTime(hot.scaledOutAt),
    String(hot.scaledOutBy),
    packTime(hot.scaledInAt),
    packTime(hot.unknownSince),
    packTime(hot.foreignUntil),
    ...(hot.lookSeconds === undefined ? [] : [String(hot.lookSeconds)]),
  ].join(' ');

/** Undefined when the text is not one of ours. */
export function unpackHot(text: string): HotState | undefined {
  const [lastTickAt, asked, askedFrom, scaledOutAt, scaledOutBy, scaledInAt, unknownSince, foreignUntil, lookSeconds] =
    text.split(' ');
  if (foreignUntil === undefined) return undefined;
  const hot: HotState = {
    lastTickAt: unpackTime(lastTickAt),
    asked: Number(asked),
    askedFrom: Number(askedFrom),
    scaledOutAt: unpackTime(scaledOutAt),
    scaledOutBy: Number(scaledOutBy),
    scaledInAt: unpackTime(scaledInAt),
    unknownSince: unpackTime(unknownSince),
    foreignUntil: unpackTime(foreignUntil),
    ...(lookSeconds === undefined ? {} : { lookSeconds: Number(lookSeconds) }),
  };
  return Object.values(hot).every(Number.isFinite) ? hot : undefined;
}

const packTime = (at: EpochSeconds): string => Math.round(at * 1000).toString(36);
const unpackTime = (text: string | undefined): EpochSeconds => Number.parseInt(text ?? '', 36) / 1000;
