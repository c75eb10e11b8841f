import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { BeaconPort } from '../ports.ts';
import type { LifeLog } from '../worker-log.ts';
import { addTotals, countEvent, noTotals, type WorkEvent, type WorkTotals, wholeTotals } from './work-totals.ts';

/**
 * Tells the scaler what this task did, by adding to the service's totals.
 *
 * A beat that was refused is added to the next one. A beat whose outcome is unknown is dropped: the totals have no
 * memory of who added what (that would need an attribute a task, or a read before each write), so sending it again
 * could count it twice. Too few jobs look like a quieter moment; twice the jobs would look like load, and busy slots
 * that do not exist. It is the same loss as that of a killed task: at most one beat.
 */
export interface Beacon {
  count(event: WorkEvent): void;
  /** Beats until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
  /** Sends what has gathered; nothing when there is nothing. Never rejects. */
  beat(): Promise<void>;
}

export interface BeaconParts {
  readonly port: BeaconPort | undefined;
  readonly beatSeconds: Seconds;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly drainBusySlotSeconds: () => Seconds;
  readonly log: LifeLog;
}

export const createBeacon = (parts: BeaconParts): Beacon => {
  const { port, clock, beatSeconds, uniform } = parts;
  if (port === undefined) return { count: () => {}, run: async () => {}, beat: async () => {} };
  let pending: WorkTotals = noTotals;

  const send = async (totals: WorkTotals): Promise<void> => {
    const outcome = await port.add(totals, clock.now());
    if (outcome === 'applied') return;
    if (outcome === 'refused') pending = addTotals(pending, totals);
    parts.log(outcome === 'refused' ? 'beatRefused' : 'beatDropped', { totals });
  };
  const beat = async (): Promise<void> => {
    const withBusy = countEvent(pending, { kind: 'busy', slotSeconds: parts.drainBusySlotSeconds() });
    const { whole, rest } = wholeTotals(withBusy);
    pending = rest;
    if (Object.keys(whole).length > 0) await send(whole);
  };

  return {
    count: (event) => {
      pending = countEvent(pending, event);
    },
    beat,
    run: async (signal) => {
      // A random first pause, and slightly different later ones: tasks that started together must not beat together.
      await clock.sleep(uniform() * beatSeconds, signal);
      while (!signal.aborted) {
        await beat();
        await clock.sleep(beatSeconds * (1 + 0.1 * uniform()), signal);
      }
    },
  };
};
