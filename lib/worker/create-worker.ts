import type { Seconds } from '../model/units.ts';
import { createActiveJobs } from './active-jobs.ts';
import type { Gauges } from './beacon/signal-beacon.ts';
import type { Clock } from './clock.ts';
import type { DownstreamOptions } from './downstream/downstream.ts';
import { createDownstreams } from './downstream/downstreams.ts';
import type { JobHandlers } from './handlers/job-handlers.ts';
import { createQueueLengths } from './health/queue-lengths.ts';
import type { Vitals, WorkerState } from './health/worker-state.ts';
import { createWorkerStats } from './health/worker-stats.ts';
import type { Job } from './job.ts';
import { createMemoryGuard } from './memory/memory-guard.ts';
import type { ReadMemory } from './memory/memory-limit.ts';
import type {
  AgentPort,
  BeaconPort,
  DeliveryMarks,
  JobLifecycle,
  QueuePort,
  ReceivedMessage,
  SignalPort,
} from './ports.ts';
import { createDeleter } from './queue/deleter.ts';
import type { WorkerQueue } from './queue/poll-order.ts';
import { type LoopVitals, receiveLoop } from './queue/receive-loop.ts';
import { createRelease } from './queue/release-message.ts';
import { nextServiceEstimate, visibilityPlan } from './queue/visibility-plan.ts';
import { noOnce, type OnceOf } from './records/once-of.ts';
import { type RunJobParts, runJob } from './run-job.ts';
import { drain } from './task/drain.ts';
import { createTaskSide } from './task/task-side.ts';
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
  /** Absent: `context.once` says that there are no job records. */
  readonly once?: OnceOf | undefined;
  /** Fetches the payload of a message that only says where it lies. */
  readonly resolveBody?: RunJobParts['resolveBody'];
  readonly downstreams?: Readonly<Record<string, DownstreamOptions>> | undefined;
  /** Absent: no memory guard. */
  readonly readMemory?: ReadMemory | undefined;
  readonly collectGarbage?: () => void;
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
  vitals(): Vitals;
  /** Reads the queues' lengths, at most every 15 s. */
  state(): Promise<WorkerState>;
}

/** A worker with everything from outside handed in: `runWorker` gives it AWS, tests give it a virtual world. */
export const createWorker = (parts: WorkerParts): Worker => {
  const { settings, clock, uniform, queues } = parts;
  const { service } = settings;
  const stopping = new AbortController();
  const stats = createWorkerStats(clock.now());
  const writeLine: WorkerLog = (line) => {
    stats.see(line);
    parts.log(line);
  };
  const log: LifeLog = (event, details = {}) => writeLine({ sluice: event, service, at: clock.now(), ...details });
  const task = createTaskSide({ ...parts, log });
  const { slots, protection, beacon, signals } = task;
  const deleter = createDeleter({ queues, clock, uniform, log });
  const release = createRelease({ queues, clock, uniform, log });
  const active = createActiveJobs();
  const downstreams = createDownstreams(parts.downstreams ?? {}, clock);
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
    writeLine,
    resolveBody: parts.resolveBody,
    context: (job: Job, signal: AbortSignal) => ({
      signal,
      report: signals.report,
      downstream: downstreams(signal),
      once: (parts.once ?? noOnce)(job),
    }),
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
  const stop = (reason: string): void => {
    if (stopping.signal.aborted) return;
    log('stopping', { reason, running: active.all().length });
    stopping.abort();
  };
  const loop: LoopVitals = { started: false, at: clock.now(), waitingForSlot: false, queuesUnreadable: false };
  const guard =
    parts.readMemory &&
    createMemoryGuard({
      read: parts.readMemory,
      clock,
      log,
      concurrency: settings.concurrency,
      allow: slots.allow,
      isIdle: () => slots.busy === 0,
      collect: parts.collectGarbage ?? (() => {}),
      stop,
      doneAny: () => stats.done > 0,
    });
  const lengths = createQueueLengths(settings.queues, queues, clock);

  return {
    stop,
    vitals: () => ({ ...loop, draining: stopping.signal.aborted, blocked: protection.blocked }),
    state: async () => ({
      service,
      ...stats.now(clock.now()),
      activeJobs: slots.busy,
      allowedJobs: slots.allowed,
      concurrency: settings.concurrency,
      protected: protection.on,
      draining: stopping.signal.aborted,
      memory: guard?.reading ?? null,
      rssBytes: process.memoryUsage.rss(),
      queues: await lengths(),
    }),
    run: async () => {
      const ending = new AbortController();
      void task.reportReady({ queues: settings.queues.map((queue) => queue.name) });
      void guard?.run(ending.signal);
      const beating = task.run(ending.signal);
      const stopped = stopInstant(clock, stopping.signal);
      await receiveLoop(
        {
          watched: settings.queues,
          vitals: loop,
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
