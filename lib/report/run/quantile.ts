import { quantileOf } from '../plan/series.ts';

/**
 * The value below or at which the share `q` (0 to 1) of `values` lies, by nearest rank: always one of the values.
 * Undefined when there is none. `values` may be in any order.
 */
export const quantile = (values: readonly number[], q: number): number | undefined =>
  quantileOf(
    values.toSorted((a, b) => a - b),
    q,
  );
