import type { MiB } from '../../model/units.ts';

/** The operating system and the agents take their part before the formula is applied. */
const availableShare = 0.9;

/**
 * `max_connections` of a parameter group: `500`, `{DBInstanceClassMemory/12582880}`, or
 * `LEAST({DBInstanceClassMemory/9531392},5000)`. Undefined: another formula, or the memory is not known.
 */
export const maxConnectionsOf = (value: string, memoryMiB: MiB | undefined): number | undefined => {
  const text = value.replaceAll(' ', '');
  if (/^\d+$/.test(text)) return positive(Number(text));
  const least = /^LEAST\((.+),(\d+)\)$/i.exec(text);
  const fraction = /^\{DBInstanceClassMemory\/(\d+)\}$/.exec(least?.[1] ?? text);
  const divisor = fraction?.[1];
  if (divisor === undefined || memoryMiB === undefined) return undefined;
  const limit = Math.floor((memoryMiB * 1024 ** 2 * availableShare) / Number(divisor));
  return positive(Math.min(limit, Number(least?.[2] ?? limit)));
};

const positive = (limit: number): number | undefined => (Number.isFinite(limit) && limit >= 1 ? limit : undefined);
