import { type Arrivals, initialArrivals } from '../../forecast/arrivals.ts';
import { initialServiceTime, type ServiceTime } from '../../forecast/service-time.ts';
import type { AgeEvidence } from '../../forecast/signal-age.ts';
import type { Priors } from '../../model/plan.ts';
import type { Json } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { initialLatePrice, type LatePrice } from './slo-price.ts';

/** Counters of one queue as they were read, some seconds old, and the tasks that ran at the time of reading. */
export type CounterRead = readonly [at: EpochSeconds, visible: number, inFlight: number, runningTasks: number];

/** What is remembered of one queue, a class of jobs with a deadline of its own. */
export interface QueueMemory {
  readonly name: string;
  /** Jobs started so far. Only differences mean anything. */
  readonly startedTotal: number;
  /** The last reads, oldest first: at least as far back as reports are older than counters. */
  readonly reads: readonly CounterRead[];
  readonly arrivals: Arrivals;
  /** The last visible counter was a zero that was not believed. */
  readonly doubted: boolean;
}

/** What the `slo` policy remembers from tick to tick. Plain JSON, about 2 KB, bounded. */
export interface SloMemory {
  readonly at: EpochSeconds;
  readonly queues: readonly QueueMemory[];
  readonly service: ServiceTime;
  /** What tells how old counters are, and how much older reports are. */
  readonly counterAge: AgeEvidence;
  readonly reportAge: AgeEvidence;
  readonly price: LatePrice;
  /** Needs of the hold window, oldest first, dominated ones left out: [time, tasks]. */
  readonly needs: readonly (readonly [EpochSeconds, number])[];
  /** Task-seconds that tasks which could go have idled, for the sake of fewer changes. */
  readonly idledSeconds: Seconds;
}

export const initialSloMemory = (priors: Priors = {}): SloMemory => ({
  at: 0,
  queues: [],
  service: initialServiceTime(priors.serviceSeconds),
  counterAge: [],
  reportAge: [],
  price: initialLatePrice,
  needs: [],
  idledSeconds: 0,
});

export const initialQueueMemory = (name: string): QueueMemory => ({
  name,
  startedTotal: 0,
  reads: [],
  arrivals: initialArrivals,
  doubted: false,
});

/** The memory as it was handed back; anything else (none, or of another version) starts anew. */
export const sloMemoryFrom = (json: Json | undefined): SloMemory | undefined => {
  const memory = json as unknown as Partial<SloMemory> | undefined | null;
  const whole =
    memory &&
    typeof memory === 'object' &&
    typeof memory.at === 'number' &&
    Array.isArray(memory.needs) &&
    typeof memory.idledSeconds === 'number' &&
    Array.isArray(memory.queues) &&
    Array.isArray(memory.counterAge) &&
    Array.isArray(memory.reportAge) &&
    memory.queues.every((queue) => Array.isArray(queue?.reads) && Array.isArray(queue?.arrivals?.curve)) &&
    typeof memory.price?.log === 'number' &&
    typeof memory.service?.lastCompleted === 'number' &&
    Array.isArray(memory.service.running);
  return whole ? (memory as SloMemory) : undefined;
};
