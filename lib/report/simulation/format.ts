import type { Percent, Seconds } from '../../model/units.ts';
import { count, duration } from '../run/format.ts';

/** `14 days`, `5.5 h`, `12 min`. */
export const span = (seconds: Seconds): string => {
  if (seconds >= 2 * 86_400) return `${oneDecimal(seconds / 86_400)} days`;
  return seconds >= 2 * 3600 ? `${oneDecimal(seconds / 3600)} h` : duration(seconds);
};

export const taskHours = (hours: number): string => (hours >= 100 ? count(hours) : hours.toPrecision(3));

/** Rounded down: 98.996 % is not 99 %. */
export const attained = (percent: Percent): string => `${(Math.floor(percent * 100) / 100).toFixed(2)} %`;

const oneDecimal = (value: number): number => Number(value.toFixed(1));
