import type { CostLine } from './bill.ts';
import type { ResourceState } from './resource.ts';

/**
 * Hours at the beginning of the window in which it was not there yet: nothing is known of them, and they are a day at least.
 * What is shorter is a gap like any other. 0 when nothing ever is known.
 */
export const hoursBeforeKnown = (state: ResourceState): number => {
  if (state.kind === 'orphan') return 0;
  const { hourly } = state.usage;
  const series = 'tasks' in hourly ? hourly.tasks : hourly.running;
  if (series[0] !== null) return 0;
  const first = series.findIndex((value) => value !== null);
  return first < leastHours ? 0 : first;
};

const leastHours = 24;

/** The line with those hours at the mean of the others: per hour it costs what it costs since it is known. */
export const asIfAlwaysThere = ({ coverKey, usd }: CostLine, before: number): CostLine => {
  let sum = 0;
  for (let h = before; h < usd.length; h++) sum += usd[h] as number;
  const filled = Float64Array.from(usd);
  filled.fill(sum / (usd.length - before), 0, before);
  return { ...(coverKey === undefined ? {} : { coverKey }), usd: filled };
};
