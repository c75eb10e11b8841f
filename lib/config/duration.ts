import type { Seconds } from '../model/units.ts';

export const durationForm = 'a length of time such as "90s", "30m", "2h", "1h30m" or "1d"';

/** `"1h30m"` → 5,400. Undefined when it is not a length of time above zero. */
export const parseDuration = (text: string): Seconds | undefined => {
  if (!/^(\d+(\.\d+)?[dhms])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([dhms])/g))
    seconds += Number(amount) * (secondsByUnit[unit ?? ''] ?? 0);
  return seconds > 0 ? seconds : undefined;
};

const secondsByUnit: Readonly<Record<string, Seconds>> = { s: 1, m: 60, h: 3600, d: 86_400 };
