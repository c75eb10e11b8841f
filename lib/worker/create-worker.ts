import type { Seconds } from '../model/units.ts';
import { createActiveJobs } from './active-jobs.ts';
import { createBeacon } from './beacon.ts';
import type { Clock } from './clock.ts';
import { createDeleter } from './deleter.ts';
import { drain } from './drain.ts';
import type { JobHandlers } from './handlers/job-handlers.ts';
import type { Job } from './job.ts';
import type { WorkerQueue } from './poll-order.ts';
import type {
  AgentPort,
  BeaconPort,
  DeliveryMarks,
  JobLifecycle,
  QueuePort,
  ReceivedMessage,
  SignalPort,
} from './ports.ts';
import { createProtection } from './protection.ts';
import { receiveLoop } from './receive-loop.ts';
import { createRelease } from './release-message.ts';
import { runJob } from './run-job.ts';
import { createSignalBeacon, type Gauges } from './signal-beacon.ts';
import { createSlots } from './slots.ts';
import { nextServiceEstimate, visibilityPlan } from './visibility-plan.ts';
import { errorText, type LifeLog, type WorkerLog } from './worker-log.ts';
import type { WorkerSettings } from './worker-settings.ts';

export interface WorkerParts {
  readonly settings: WorkerSettings;
  readonly handlers: JobHandlers;
  readonly queues: QueuePort;
  /** Absent: nothing is reported. */
  readonly beacon: BeaconPort | undefined;
  /** Absent: no custom signals. */
  readonly signalPort?: SignalPort | undefined;
  /** Custom signals that are asked for once a window. */
  readonly gauges?: Gauges | undefined;
  /** Absent: each earlier delivery counts as a failed try, and poison is not told from failures. */
  readonly marks?: DeliveryMarks | undefined;
  /** Absent: nobody keeps records of jobs. */
  readonly lifecycle?: JobLifecycle | undefined;
  /** Absent: not on ECS. */
  readonly agent: AgentPort | undefined;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly log: WorkerLog;
}

export interface Worker {
  /** Works until `stop`, and resolves when everything is put away. */
  run(): Promise<void>;
  /** Begins the drain; a second call does nothing. */
  stop(reason: string): void;
}

/** A worker with everything from outside handed in: `runWorker` gives it AWS, tests give it a virtual world. */
export const createWorker = (parts: WorkerParts): Worker => {
  const { settings, clock, uniform, queues, agent } = parts;
  const { service } = settings;
  const stopping = new AbortController();
  const log: LifeLog = (event, details = {}) => parts.log({ sluice: event, service, at: clock.now(), ...details });

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
  const deleter = createDeleter({ queues, clock, uniform, log });
  const release = createRelease({ queues, clock, uniform, log });
  const active = createActiveJobs();
  let serviceSeconds: Seconds | undefined;

  const jobParts = {
    service,
    handlers: parts.handlers,
    marks: parts.marks,
    lifecycle: parts.lifecycle,
    queues,
    clock,
    uniform,
    beacon,
    deleter,
    release,
    log,
    writeLine: parts.log,
    context: (_job: Job, signal: AbortSignal) => ({ signal, report: signals.report }),
    measured: (measuredSeconds: Seconds) => {
      serviceSeconds = nextServiceEstimate(serviceSeconds, measuredSeconds);
    },
  };
  /** A message that was received and not begun must not look like one whose worker died. */
  const markReleased = async (queue: WorkerQueue, message: ReceivedMessage): Promise<void> => {
    try {
      await parts.marks?.mark(queue.name, message.messageId, message.receiveCount, 'released');
    } catch (error) {
      log('marksFailed', { queue: queue.name, messageId: message.messageId, error: errorText(error) });
    }
  };
  const reportReady = async (): Promise<void> => {
    const readyAt = clock.now();
    const createdAt = await agent?.createdAt();
    log('ready', { queues: settings.queues.map((queue) => queue.name), createdAt });
    // Without the time of creation the delay is unknown, and a zero would teach the scaler a wrong one.
    if (createdAt !== undefined) beacon.count({ kind: 'ready', delaySeconds: Math.max(0, readyAt - createdAt) });
  };

  return {
    stop: (reason) => {
      if (stopping.signal.aborted) return;
      log('stopping', { reason, running: active.all().length });
      stopping.abort();
    },
    run: async () => {
      const ending = new AbortController();
      void reportReady();
      const beating = Promise.all([beacon.run(ending.signal), signals.run(ending.signal)]);
      const stopped = stopInstant(clock, stopping.signal);
      await receiveLoop(
        {
          watched: settings.queues,
          queues,
          slots,
          protection,
          clock,
          uniform,
          log,
          giveBack: async (queue, message) => {
            await markReleased(queue, message);
            await release(queue.url, message, 0);
          },
          visibility: () => visibilityPlan(serviceSeconds),
          start: (queue, message, plan) => {
            const job = runJob(jobParts, queue, message, plan);
            active.add(job);
            void job.ended.finally(() => slots.giveBack(1));
          },
        },
        stopping.signal,
      );
      ending.abort();
      await beating;
      await drain(
        { clock, active, deleter, beacon, protection, stopTimeoutSeconds: settings.stopTimeoutSeconds },
        await stopped,
      );
      log('stopped');
    },
  };
};

/** The clock of SIGKILL starts with the signal, not when the receive loop has noticed it. */
const stopInstant = (clock: Clock, stopping: AbortSignal): Promise<number> =>
  new Promise((resolve) => {
    stopping.addEventListener('abort', () => resolve(clock.now()), { once: true });
  });
