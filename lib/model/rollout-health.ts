import { usualAlertNumbers } from './alert-numbers.ts';
import type { ServiceCounts } from './observation.ts';
import type { Percent } from './units.ts';

type Counts = Pick<ServiceCounts, 'running' | 'desired'>;

/** The share of the desired tasks that is ready; 100 when none is wanted. Tasks on their way out count only up to what is desired. */
export const readyShare = ({ running, desired }: Counts): Percent =>
  desired <= 0 ? 100 : (100 * Math.min(running, desired)) / desired;

export const isReady = (counts: Counts, readyPercent: Percent = usualAlertNumbers.readyPercent): boolean =>
  readyShare(counts) >= readyPercent;
