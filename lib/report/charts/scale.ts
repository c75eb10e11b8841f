/** Side of the square that data is drawn in; the browser stretches it to the space that there is. */
export const plotSide = 1000;

/** Maps `0 … max` onto `0 … plotSide`. A domain without extent maps to 0. */
export const scaleTo = (max: number): ((value: number) => number) => {
  const factor = max > 0 ? plotSide / max : 0;
  return (value) => Math.round(Math.min(Math.max(value, 0), max) * factor * 10) / 10;
};

/** Round numbers from 0 to at least `max`, about `wanted` steps, the last one the top of the axis. */
export const niceTicks = (max: number, wanted = 4): readonly number[] => {
  if (!(max > 0)) return [0, 1];
  const rough = max / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((multiple) => multiple * power >= rough * (1 - 1e-9)) ?? 10);
  return ticksBy(step, Math.ceil(max / step - 1e-9) * step);
};

/** The same for counts of whole things: never a step below 1. */
export const wholeTicks = (max: number, wanted = 4): readonly number[] => {
  const ticks = niceTicks(max, wanted);
  const step = ticks[1] ?? 1;
  if (Number.isInteger(step)) return ticks;
  const whole = Math.ceil(step);
  return ticksBy(whole, Math.ceil(max / whole) * whole);
};

const secondSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Ticks of a time axis, at steps that clocks have; the last may lie before `max`. */
export const clockTicks = (max: number, wanted = 5): readonly number[] => {
  const step = secondSteps.find((candidate) => candidate >= max / wanted) ?? 86_400 * Math.ceil(max / wanted / 86_400);
  return ticksBy(step, Math.floor(max / step) * step);
};

const ticksBy = (step: number, last: number): readonly number[] =>
  Array.from({ length: Math.round(last / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
