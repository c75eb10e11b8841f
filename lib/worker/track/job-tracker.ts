import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { ReportSignals } from '../beacon/signal-beacon.ts';
import type { Clock } from '../clock.ts';
import type { WorkerQueue } from '../queue/poll-order.ts';
import { createTaskSide, type TaskSideParts } from '../task/task-side.ts';
import type { LifeLog, WorkerLog } from '../worker-log.ts';

/** What a tracked job may say of itself; everything but its id may be left out. */
export interface TrackedJob {
  readonly id: string;
  /** The queue's name in the config. Default: the service's first queue. */
  readonly queue?: string;
  readonly type?: string;
  /** SQS' `SentTimestamp`, in epoch seconds. Without it nothing is known of its wait. */
  readonly sentAt?: EpochSeconds;
  /** SQS' `ApproximateReceiveCount`. Only the first delivery counts as a start. */
  readonly receiveCount?: number;
}

export type StartAnswer =
  | { readonly run: true; end(outcome: 'done' | 'failed'): void }
  /** Give the message back at once (visibility 0) and take no other for a while. */
  | { readonly run: false; readonly why: string };

/** The beacon and scale-in protection for a worker that takes its jobs itself. */
export interface JobTracker {
  /** Runs the work as a job: protected while it runs, counted when it ends. @throws StartRefused */
  track<T>(job: TrackedJob, work: () => Promise<T>): Promise<T>;
  /** The same in two steps. */
  start(job: TrackedJob): Promise<StartAnswer>;
  /** Says that the task is ready for jobs: the scaler learns from it how long a start takes. */
  ready(): Promise<void>;
  readonly report: ReportSignals;
  readonly active: number;
  /** ECS refuses protection, or `stop` was called: take no messages. */
  readonly draining: boolean;
  /** Refuses new jobs, waits for those that run, and puts everything away. Resolves shortly before SIGKILL at the latest. */
  stop(): Promise<void>;
}

/** ECS wants this task to stop, so the job must not begin here: give its message back. */
export class StartRefused extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'StartRefused';
  }
}

export interface TrackerParts extends TaskSideParts {
  readonly queues: readonly Pick<WorkerQueue, 'name' | 'startWithinSeconds'>[];
  readonly writeLine: WorkerLog;
  /** Kept back of the time between SIGTERM and SIGKILL. */
  readonly marginSeconds: Seconds;
}

export const createJobTracker = (parts: TrackerParts): JobTracker => {
  const { clock, settings, writeLine } = parts;
  const task = createTaskSide(parts);
  const { slots, protection, beacon } = task;
  const ending = new AbortController();
  const stopping = new AbortController();
  let whenIdle: (() => void) | undefined;
  const beating = task.run(ending.signal);
  keepAsking(task.protection, clock, stopping.signal);

  const begin = (job: TrackedJob): { end(outcome: 'done' | 'failed'): void } => {
    const startedAt = clock.now();
    const { receiveCount = 1, sentAt = startedAt } = job;
    const queue = parts.queues.find(({ name }) => name === job.queue) ?? parts.queues[0];
    const waitSeconds = Math.max(0, startedAt - sentAt);
    const late = queue !== undefined && waitSeconds > queue.startWithinSeconds;
    const name = job.queue ?? queue?.name ?? '-';
    if (receiveCount <= 1) beacon.count({ kind: 'started', queue: name, waitSeconds, late });
    let over = false;
    return {
      end: (outcome) => {
        if (over) return;
        over = true;
        const serviceSeconds = Math.max(0, clock.now() - startedAt);
        beacon.count(outcome === 'done' ? { kind: 'completed', serviceSeconds } : { kind: 'failed' });
        writeLine({
          sluice: 'job',
          service: settings.service,
          queue: name,
          jobId: job.id,
          ...(job.type === undefined ? {} : { jobType: job.type }),
          sentAt,
          startedAt,
          waitSeconds,
          late,
          serviceSeconds,
          outcome,
          receiveCount,
        });
        slots.giveBack(1);
        if (slots.busy === 0) whenIdle?.();
      },
    };
  };
  const start = async (job: TrackedJob): Promise<StartAnswer> => {
    if (stopping.signal.aborted) return { run: false, why: 'the task is stopping' };
    if (protection.blocked) return { run: false, why: refused };
    slots.take(1);
    if (await protection.ensure()) return { run: true, ...begin(job) };
    slots.giveBack(1);
    return { run: false, why: refused };
  };

  return {
    start,
    track: async (job, work) => {
      const answer = await start(job);
      if (!answer.run) throw new StartRefused(answer.why);
      let outcome: 'done' | 'failed' = 'failed';
      try {
        const result = await work();
        outcome = 'done';
        return result;
      } finally {
        answer.end(outcome);
      }
    },
    ready: () => task.reportReady(),
    report: task.signals.report,
    get active() {
      return slots.busy;
    },
    get draining() {
      return stopping.signal.aborted || protection.blocked;
    },
    stop: async () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      const idle = new Promise<void>((resolve) => {
        whenIdle = resolve;
        if (slots.busy === 0) resolve();
      });
      const patience = new AbortController();
      void idle.then(() => patience.abort());
      await clock.sleep(settings.stopTimeoutSeconds - parts.marginSeconds, patience.signal);
      ending.abort();
      await beating;
      const farewell = new AbortController();
      const goodbye = Promise.all([beacon.beat(), protection.drop()]).then(() => farewell.abort());
      await Promise.race([goodbye, clock.sleep(0.8 * parts.marginSeconds, farewell.signal)]);
    },
  };
};

const refused = 'ECS refuses scale-in protection: it wants fewer tasks, and this one must drain';

/** While ECS refuses nothing runs, so nobody would ask again. */
const keepAsking = (
  protection: { readonly blocked: boolean; recover(signal: AbortSignal): Promise<void> },
  clock: Clock,
  stopping: AbortSignal,
): void => {
  const ask = async (): Promise<void> => {
    while (!stopping.aborted) {
      if (protection.blocked) await protection.recover(stopping);
      await clock.sleep(1, stopping);
    }
  };
  void ask();
};

/** For whoever makes the log of a tracker out of a line writer. */
export const lifeLog =
  (writeLine: WorkerLog, service: string, clock: Pick<Clock, 'now'>): LifeLog =>
  (event, details = {}) =>
    writeLine({ sluice: event, service, at: clock.now(), ...details });
