import type { Percent, Seconds, Usd } from '../../model/units.ts';

/** `0:42`, `12:05`, `1:00:00`. */
export const clock = (seconds: Seconds): string => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** `20 ms`, `0.4 s`, `12 s`, `3.5 min`: about two significant figures. */
export const duration = (seconds: Seconds): string => {
  if (seconds > 0 && seconds < 0.095) return `${Math.ceil(seconds * 1000)} ms`;
  if (seconds >= 120) return `${trim((seconds / 60).toFixed(1))} min`;
  return `${seconds < 10 ? trim(seconds.toFixed(1)) : Math.round(seconds)} s`;
};

/** `99.5 %`; rounded down, so that only all is 100 %. */
export const percent = (value: Percent): string => `${trim((Math.floor(value * 10) / 10).toFixed(1))} %`;

/** `1,204`. */
export const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** `1 task`, `2 tasks`. */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `USD 0.0031`: two significant figures and never fewer than two decimals. */
export const usd = (value: Usd): string => {
  const digits = value > 0 && value < 1 ? Math.min(8, 1 - Math.floor(Math.log10(value))) : 2;
  return `USD ${value.toFixed(Math.max(2, digits))}`;
};

const trim = (text: string): string => text.replace(/\.0$/, '');
