import { type Arrivals, initialArrivals } from '../../forecast/arrivals.ts';
import { initialServiceTime, type ServiceTime } from '../../forecast/service-time.ts';
import type { Priors } from '../../model/plan.ts';
import type { Json } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';

/** What the `slo` policy remembers from tick to tick. Plain JSON, about 2 KB, bounded. */
export interface SloMemory {
  readonly at: EpochSeconds;
  /** Jobs started so far by the workers' own count. Only differences mean anything. */
  readonly startedTotal: number;
  readonly visible: number;
  readonly arrivals: Arrivals;
  readonly service: ServiceTime;
  /** Error budget: late jobs minus allowed ones, in units of what may be late in `budgetJobs` jobs. */
  readonly overspent: number;
  /** Needs of the hold window, oldest first, dominated ones left out: [time, tasks]. */
  readonly needs: readonly (readonly [EpochSeconds, number])[];
}

export const initialSloMemory = (priors: Priors = {}): SloMemory => ({
  at: 0,
  startedTotal: 0,
  visible: 0,
  arrivals: initialArrivals,
  service: initialServiceTime(priors.serviceSeconds),
  overspent: 0,
  needs: [],
});

/** The memory as it was handed back; anything else (none, or of another version) starts anew. */
export const sloMemoryFrom = (json: Json | undefined): SloMemory | undefined => {
  const memory = json as unknown as SloMemory | undefined | null;
  return memory && typeof memory === 'object' && Array.isArray(memory.needs) && memory.arrivals ? memory : undefined;
};
