import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { ActiveJob } from './active-jobs.ts';
import type { Beacon } from './beacon.ts';
import type { Clock } from './clock.ts';
import type { Deleter } from './deleter.ts';
import { type JobHandler, jobOf } from './job.ts';
import type { WorkerQueue } from './poll-order.ts';
import type { QueuePort, ReceivedMessage } from './ports.ts';
import type { ReleaseMessage } from './release-message.ts';
import { jobRetrySeconds } from './retry-delay.ts';
import type { ReportSignals } from './signal-beacon.ts';
import { startHeartbeat } from './visibility-heartbeat.ts';
import type { VisibilityPlan } from './visibility-plan.ts';
import { errorText, type LifeLog, type WorkerLog } from './worker-log.ts';

export interface RunJobParts {
  readonly service: string;
  readonly retrySeconds: Seconds;
  readonly handler: JobHandler;
  readonly queues: QueuePort;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly beacon: Beacon;
  readonly deleter: Deleter;
  readonly release: ReleaseMessage;
  readonly log: LifeLog;
  readonly writeLine: WorkerLog;
  readonly report: ReportSignals;
  readonly measured: (serviceSeconds: Seconds) => void;
}

/** Starts the handler on a message and sees the message through to its end. */
export const runJob = (
  parts: RunJobParts,
  queue: WorkerQueue,
  message: ReceivedMessage,
  plan: VisibilityPlan,
): ActiveJob => {
  const { clock, log } = parts;
  const job = jobOf(message, queue.name);
  const startedAt = clock.now();
  const aborted = new AbortController();
  const ours = (): boolean => !aborted.signal.aborted;

  const wait = countStart(parts, queue, message, startedAt);
  const heartbeat = startHeartbeat({
    clock,
    uniform: parts.uniform,
    plan,
    extend: (seconds) => parts.queues.changeVisibility(queue.url, message.receiptHandle, seconds),
    onLost: () => {
      log('jobLost', { queue: queue.name, jobId: job.id });
      aborted.abort(new Error('the message was lost: its visibility ran out'));
    },
    onError: (error) => log('extendFailed', { queue: queue.name, jobId: job.id, error: errorText(error) }),
  });

  const finish = (outcome: 'done' | 'failed'): void => {
    const serviceSeconds = Math.max(0, clock.now() - startedAt);
    parts.measured(serviceSeconds);
    parts.beacon.count(outcome === 'done' ? { kind: 'completed', serviceSeconds } : { kind: 'failed' });
    parts.writeLine({
      sluice: 'job',
      service: parts.service,
      queue: queue.name,
      jobId: job.id,
      sentAt: message.sentAt,
      startedAt,
      ...wait,
      serviceSeconds,
      outcome,
      receiveCount: message.receiveCount,
    });
  };
  const run = async (): Promise<void> => {
    try {
      await parts.handler(job, { signal: aborted.signal, report: parts.report });
    } catch (error) {
      if (!ours()) return;
      await heartbeat.stop();
      if (!ours()) return;
      log('jobFailed', { queue: queue.name, jobId: job.id, error: errorText(error) });
      finish('failed');
      const retry = jobRetrySeconds(message.receiveCount, parts.retrySeconds, parts.uniform);
      await parts.release(queue.url, message, retry);
      return;
    }
    // The work is done even if the message was lost meanwhile; deleting with a dead handle does no harm.
    parts.deleter.delete(queue.url, message.receiptHandle);
    if (ours()) finish('done');
  };

  return {
    ended: run().finally(() => heartbeat.stop()),
    cut: async () => {
      if (!ours()) return;
      aborted.abort(new Error('the task is stopping'));
      await heartbeat.stop();
      log('jobReleased', { queue: queue.name, jobId: job.id });
      await parts.release(queue.url, message, 0);
    },
  };
};

/**
 * Counts a job when it starts for the first time. A later try (after a failure or the death of a worker) is no new
 * start and not late: its wait is the one before its first receive.
 */
const countStart = (
  parts: RunJobParts,
  queue: WorkerQueue,
  message: ReceivedMessage,
  startedAt: EpochSeconds,
): { readonly waitSeconds: Seconds; readonly late: boolean } => {
  const firstStart = message.receiveCount > 1 ? message.firstReceivedAt : startedAt;
  // SQS has its own clock: a little before "sent" is possible.
  const waitSeconds = Math.max(0, firstStart - message.sentAt);
  const late = waitSeconds > queue.startWithinSeconds;
  if (message.receiveCount <= 1) parts.beacon.count({ kind: 'started', queue: queue.name, waitSeconds, late });
  return { waitSeconds, late };
};
