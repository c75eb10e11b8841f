import type { Seconds } from '../../model/units.ts';

/** Of the lognormal with that mean and 99th percentile: ln(p99 / mean) = 2.326 s - s² / 2. */
export const serviceCvOf = ({ mean, p99 }: { readonly mean: Seconds; readonly p99: Seconds }): number => {
  const ratio = Math.log(Math.max(1, p99 / mean));
  const root = 2.326 * 2.326 - 2 * ratio;
  const sigma = root <= 0 ? 2.326 : 2.326 - Math.sqrt(root);
  return Math.sqrt(Math.exp(sigma * sigma) - 1);
};
