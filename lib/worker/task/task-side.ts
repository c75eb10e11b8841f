import { type Beacon, createBeacon } from '../beacon/beacon.ts';
import { createSignalBeacon, type Gauges, type SignalBeacon } from '../beacon/signal-beacon.ts';
import type { Clock } from '../clock.ts';
import type { AgentPort, BeaconPort, SignalPort } from '../ports.ts';
import { createSlots, type Slots } from '../slots.ts';
import type { LifeLog } from '../worker-log.ts';
import type { TaskSettings } from '../worker-settings.ts';
import { createProtection, type Protection } from './protection.ts';

export interface TaskSideParts {
  readonly settings: TaskSettings;
  /** Absent: nothing is reported. */
  readonly beacon: BeaconPort | undefined;
  /** Absent: no custom signals. */
  readonly signalPort?: SignalPort | undefined;
  /** Custom signals that are asked for once a window. */
  readonly gauges?: Gauges | undefined;
  /** Absent: not on ECS. */
  readonly agent: AgentPort | undefined;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly log: LifeLog;
}

/** What a task that works on jobs owes to ECS and to the scaler, wherever its jobs come from. */
export interface TaskSide {
  readonly slots: Slots;
  readonly protection: Protection;
  readonly beacon: Beacon;
  readonly signals: SignalBeacon;
  /** Says that the task is ready for jobs, and how long its start took. */
  reportReady(details?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Beats and reports signals until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

export const createTaskSide = ({ settings, agent, clock, uniform, log, ...parts }: TaskSideParts): TaskSide => {
  const slots = createSlots(settings.concurrency, clock, () => protection.idle());
  const protection = createProtection({
    agent,
    clock,
    uniform,
    log,
    lingerSeconds: settings.protectionLingerSeconds,
    expiresInMinutes: settings.protectionExpiryMinutes,
    isIdle: () => slots.busy === 0,
  });
  const beacon = createBeacon({
    port: parts.beacon,
    beatSeconds: settings.beatSeconds,
    clock,
    uniform,
    drainBusySlotSeconds: slots.drainBusySlotSeconds,
    log,
  });
  const signals = createSignalBeacon({
    port: parts.signalPort,
    periodSeconds: settings.signalSeconds,
    gauges: parts.gauges ?? {},
    clock,
    uniform,
    log,
  });
  return {
    slots,
    protection,
    beacon,
    signals,
    reportReady: async (details = {}) => {
      const readyAt = clock.now();
      const createdAt = await agent?.createdAt();
      log('ready', { ...details, createdAt });
      // Without the time of creation the delay is unknown, and a zero would teach the scaler a wrong one.
      if (createdAt !== undefined) beacon.count({ kind: 'ready', delaySeconds: Math.max(0, readyAt - createdAt) });
    },
    run: async (signal) => {
      await Promise.all([beacon.run(signal), signals.run(signal)]);
    },
  };
};
