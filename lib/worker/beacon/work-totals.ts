import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { waitBin } from './wait-bin.ts';

/** What to add to the service's totals, by attribute name (docs/architecture.md, "The beacon"). Whole numbers above zero. */
export type WorkTotals = Readonly<Record<string, number>>;

/** Something that counts for the beacon. */
export type WorkEvent =
  | { readonly kind: 'started'; readonly queue: string; readonly waitSeconds: Seconds; readonly late: boolean }
  | { readonly kind: 'completed'; readonly serviceSeconds: Seconds }
  | { readonly kind: 'failed' }
  | { readonly kind: 'busy'; readonly slotSeconds: Seconds }
  | { readonly kind: 'ready'; readonly delaySeconds: Seconds };

export const noTotals: WorkTotals = {};

/** Milliseconds stay fractional in here: rounding each slice would drift; `wholeTotals` rounds once a beat. */
export const countEvent = (totals: WorkTotals, event: WorkEvent): WorkTotals => {
  switch (event.kind) {
    case 'started':
      return addTotals(totals, {
        started: 1,
        late: event.late ? 1 : 0,
        [`w_${event.queue}_${waitBin(event.waitSeconds)}`]: 1,
      });
    case 'completed':
      return addTotals(totals, { completed: 1, serviceMs: event.serviceSeconds * 1000 });
    case 'failed':
      return addTotals(totals, { failed: 1 });
    case 'busy':
      return addTotals(totals, { busySlotMs: event.slotSeconds * 1000 });
    case 'ready':
      return addTotals(totals, { ready: 1, readyDelayMs: event.delaySeconds * 1000 });
  }
};

export const addTotals = (a: WorkTotals, b: WorkTotals): WorkTotals => {
  const sum: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) if (value !== 0) sum[name] = (sum[name] ?? 0) + value;
  return sum;
};

/** Splits off what can be sent as whole numbers; the fractions of a millisecond stay for the next beat. */
export const wholeTotals = (totals: WorkTotals): { readonly whole: WorkTotals; readonly rest: WorkTotals } => {
  const whole: Record<string, number> = {};
  const rest: Record<string, number> = {};
  for (const [name, value] of Object.entries(totals)) {
    const floor = Math.floor(value);
    if (floor > 0) whole[name] = floor;
    if (value > floor) rest[name] = value - floor;
  }
  return { whole, rest };
};

/** Slot-seconds between two instants at a constant number of busy slots; a clock that was set back counts nothing. */
export const busySlotSeconds = (busy: number, from: EpochSeconds, to: EpochSeconds): Seconds =>
  busy * Math.max(0, to - from);
