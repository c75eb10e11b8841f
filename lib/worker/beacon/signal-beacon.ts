import { isSignalName } from '../../model/signal.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { SignalPort } from '../ports.ts';
import { errorText, type LifeLog } from '../worker-log.ts';

/** Reports one value, or several by name. A value that is no number, or a name that is none, is left out with a line in the log. */
export type ReportSignals = {
  (name: string, value: number): void;
  (values: Readonly<Record<string, number>>): void;
};

/** Values that are asked for once a window: `{ connections: () => pool.size }`. */
export type Gauges = Readonly<Record<string, () => number>>;

/**
 * Tells the scaler what this task sees of its custom signals: once in each window of `periodSeconds`, the mean of the
 * values that came since the last time. Nothing that is older is ever sent again, so a value that stops coming expires.
 */
export interface SignalBeacon {
  readonly report: ReportSignals;
  /** Reports until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

export interface SignalBeaconParts {
  readonly port: SignalPort | undefined;
  readonly periodSeconds: Seconds;
  readonly gauges: Gauges;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly log: LifeLog;
}

/** One item holds all names of a window and is written by every task: it must stay near one write unit of 1 KB. */
const mostNames = 20;

export const createSignalBeacon = (parts: SignalBeaconParts): SignalBeacon => {
  const { port, periodSeconds, clock } = parts;
  if (port === undefined) return { report: () => {}, run: async () => {} };
  const gathered = new Map<string, { sum: number; count: number }>();
  const complained = new Set<string>();

  const refuse = (name: string, why: string): void => {
    // Once for each name: it may come with every job.
    if (complained.has(name) || complained.size >= mostNames) return;
    complained.add(name);
    parts.log('signalRefused', { name, why });
  };
  const faultOf = (name: string, value: number): string | undefined => {
    if (!isSignalName(name)) return 'not a name that a signal can have';
    if (!Number.isFinite(value)) return `not a number: ${value}`;
    return gathered.has(name) || gathered.size < mostNames ? undefined : `more than ${mostNames} signals`;
  };
  const take = (name: string, value: number): void => {
    const fault = faultOf(name, value);
    if (fault !== undefined) {
      refuse(name, fault);
      return;
    }
    const { sum, count } = gathered.get(name) ?? { sum: 0, count: 0 };
    gathered.set(name, { sum: sum + value, count: count + 1 });
  };
  const askGauges = (): void => {
    for (const [name, read] of Object.entries(parts.gauges)) {
      try {
        take(name, read());
      } catch (error) {
        refuse(name, errorText(error));
      }
    }
  };
  const send = async (): Promise<void> => {
    askGauges();
    if (gathered.size === 0) return;
    const values = Object.fromEntries([...gathered].map(([name, { sum, count }]) => [name, sum / count]));
    gathered.clear();
    const outcome = await port.add(values, windowEnd(clock.now(), periodSeconds), periodSeconds);
    // Not tried again: the next window brings newer values, and a write twice would count this task twice.
    if (outcome !== 'applied') parts.log('signalsDropped', { outcome, values });
  };

  return {
    report: (given: string | Readonly<Record<string, number>>, value?: number) => {
      const values: Readonly<Record<string, number>> =
        typeof given === 'string' ? { [given]: value ?? Number.NaN } : given;
      for (const [name, each] of Object.entries(values)) take(name, each);
    },
    run: async (signal) => {
      // Always at the same point of the window, so that each window gets this task once; early enough to arrive in it.
      const phase = 0.85 * parts.uniform() * periodSeconds;
      let at = windowEnd(clock.now(), periodSeconds) - periodSeconds + phase;
      for (;;) {
        if (at < clock.now()) at = windowEnd(clock.now(), periodSeconds) + phase;
        await clock.sleep(at - clock.now(), signal);
        if (signal.aborted) return;
        await send();
        at += periodSeconds;
      }
    },
  };
};

/** Windows lie on multiples of their length, so that all tasks have the same. */
export const windowEnd = (now: EpochSeconds, periodSeconds: Seconds): EpochSeconds =>
  (Math.floor(now / periodSeconds) + 1) * periodSeconds;
