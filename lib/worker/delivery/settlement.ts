import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Beacon } from '../beacon/beacon.ts';
import type { Clock } from '../clock.ts';
import type { JobRules } from '../handlers/job-handlers.ts';
import { PermanentFailure } from '../handlers/permanent-failure.ts';
import type { Job, JobOutcome } from '../job.ts';
import type { DeadLetterReason, DeliveryMarks, JobLifecycle, QueuePort, ReceivedMessage } from '../ports.ts';
import type { Deleter } from '../queue/deleter.ts';
import type { WorkerQueue } from '../queue/poll-order.ts';
import type { ReleaseMessage } from '../queue/release-message.ts';
import { callRetrySeconds, jobRetrySeconds } from '../queue/retry-delay.ts';
import { asError, errorText, type JobLine, type LifeLog, type WorkerLog } from '../worker-log.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { EarlierDeliveries } from './failure-verdict.ts';

export interface SettlementParts {
  readonly service: string;
  readonly queues: QueuePort;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly beacon: Beacon;
  readonly deleter: Deleter;
  readonly release: ReleaseMessage;
  readonly log: LifeLog;
  readonly writeLine: WorkerLog;
  readonly measured: (serviceSeconds: Seconds) => void;
  /** Absent: no memory of how deliveries ended. */
  readonly marks?: DeliveryMarks | undefined;
  /** Absent: nobody keeps records of jobs. */
  readonly lifecycle?: JobLifecycle | undefined;
}

/**
 * What becomes of a message, and who is told: exactly one of the first six, once. None of them rejects. The order is
 * always record → message, so that a crash in between means another delivery, never a lost job.
 */
export interface Settlement {
  succeed(job: Job, earlier: EarlierDeliveries, rules: JobRules, outcome: JobOutcome, ours: boolean): Promise<void>;
  retry(job: Job, earlier: EarlierDeliveries, rules: JobRules, error: Error, mark: boolean): Promise<void>;
  giveUp(job: Job, earlier: EarlierDeliveries, rules: JobRules, error: Error, reason: DeadLetterReason): Promise<void>;
  /** Deletes the message of a job that is not to be run. */
  skip(job: Job, because: string): Promise<void>;
  /** Back to the queue; the delivery does not count. */
  release(job: Job, seconds: Seconds): Promise<void>;
  /** The record could not be written: the message comes back soon, and the delivery does not count. */
  unrecorded(job: Job, step: string, error: unknown): Promise<void>;
  /** Tell it when the handler starts: wait and service time are measured from there. */
  started(first: boolean): void;
}

/** How long a drain waits for a mark before it gives the message back without it. */
const markPatienceSeconds: Seconds = 0.5;
/** How often the end of a job is told to its record before its message goes back. */
const recordAttemptsMax = 3;

export const createSettlement = (
  parts: SettlementParts,
  queue: WorkerQueue,
  message: ReceivedMessage,
  heartbeat: { stop(): Promise<void> },
): Settlement => {
  const { clock, log, lifecycle, marks, beacon } = parts;
  let startedAt: EpochSeconds | undefined;
  let wait: { readonly waitSeconds: Seconds; readonly late: boolean } = { waitSeconds: 0, late: false };

  const line = (job: Job, outcome: JobLine['outcome'], more: Pick<JobLine, 'deadLetterReason'> = {}): void => {
    const serviceSeconds = Math.max(0, clock.now() - (startedAt ?? clock.now()));
    if (startedAt !== undefined) parts.measured(serviceSeconds);
    beacon.count(outcome === 'done' ? { kind: 'completed', serviceSeconds } : { kind: 'failed' });
    parts.writeLine({
      sluice: 'job',
      service: parts.service,
      queue: queue.name,
      jobId: job.id,
      ...(job.type === undefined ? {} : { jobType: job.type }),
      sentAt: message.sentAt,
      startedAt: startedAt ?? clock.now(),
      ...wait,
      serviceSeconds,
      outcome,
      ...more,
      receiveCount: message.receiveCount,
    });
  };
  const about = (job: Job, more: object = {}): Readonly<Record<string, unknown>> => ({
    queue: queue.name,
    jobId: job.id,
    ...more,
  });
  const mark = async (job: Job, as: 'failed' | 'released'): Promise<void> => {
    try {
      await marks?.mark(queue.name, message.messageId, message.receiveCount, as);
    } catch (error) {
      log('marksFailed', about(job, { error: errorText(error) }));
    }
  };
  const toQueue = async (seconds: Seconds): Promise<void> => {
    await heartbeat.stop();
    await parts.release(queue.url, message, seconds);
  };
  const remove = async (): Promise<void> => {
    await heartbeat.stop();
    parts.deleter.delete(queue.url, message.receiptHandle);
  };
  const told = async (step: () => Promise<void> | undefined): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await step();
      } catch (error) {
        if (attempt === recordAttemptsMax || error instanceof PermanentFailure) throw error;
        await clock.sleep(callRetrySeconds(attempt, parts.uniform));
      }
    }
  };

  const settlement: Settlement = {
    started: (first) => {
      startedAt = clock.now();
      // A later try is no new start and not late: its wait is the one before its first receive.
      const firstStart = first ? startedAt : message.firstReceivedAt;
      // SQS has its own clock: a little before "sent" is possible.
      const waitSeconds = Math.max(0, firstStart - message.sentAt);
      wait = { waitSeconds, late: waitSeconds > queue.startWithinSeconds };
      if (first) beacon.count({ kind: 'started', queue: queue.name, ...wait });
    },
    succeed: async (job, earlier, rules, outcome, ours) => {
      if (lifecycle !== undefined) {
        try {
          await told(() => lifecycle.succeeded(job, outcome));
        } catch (error) {
          if (!ours) return;
          if (error instanceof PermanentFailure) return settlement.giveUp(job, earlier, rules, error, error.reason);
          return settlement.unrecorded(job, 'succeeded', error);
        }
      } else if (outcome.next !== undefined && outcome.next.length > 0) {
        return settlement.giveUp(job, earlier, rules, new Error(noRecords), 'permanent');
      }
      parts.deleter.delete(queue.url, message.receiptHandle);
      if (ours) line(job, 'done');
    },
    retry: async (job, earlier, rules, error, markIt) => {
      log('jobFailed', about(job, { error: errorText(error) }));
      line(job, 'failed');
      const seconds = jobRetrySeconds(earlier.failed + earlier.unfinished, rules.retrySeconds, parts.uniform);
      try {
        await told(() => lifecycle?.failedAttempt(job, error, seconds));
      } catch (unwritten) {
        log('recordFailed', about(job, { step: 'failedAttempt', error: errorText(unwritten) }));
      }
      if (markIt) await mark(job, 'failed');
      await toQueue(seconds);
    },
    giveUp: async (job, earlier, rules, error, reason) => {
      const { deadLetterUrl } = queue;
      if (deadLetterUrl === undefined) {
        // SQS' own redrive policy has the last word, where there is one.
        log('noDeadLetterQueue', about(job, { reason }));
        return settlement.retry(job, earlier, rules, error, reason !== 'poison');
      }
      try {
        await told(() => lifecycle?.failedForGood(job, error, reason));
        await told(() => parts.queues.send(deadLetterUrl, deadLetterOf(message, queue.name, reason, error)));
      } catch (unmoved) {
        return settlement.unrecorded(job, 'failedForGood', unmoved);
      }
      log('jobFailed', about(job, { error: errorText(error), deadLetterReason: reason }));
      line(job, 'failed', { deadLetterReason: reason });
      await remove();
    },
    skip: async (job, because) => {
      log('jobSkipped', about(job, { because }));
      await remove();
    },
    release: async (job, seconds) => {
      await heartbeat.stop();
      const telling = Promise.allSettled([mark(job, 'released'), lifecycle?.released(job)]);
      const patience = new AbortController();
      await Promise.race([telling.then(() => patience.abort()), clock.sleep(markPatienceSeconds, patience.signal)]);
      await parts.release(queue.url, message, seconds);
    },
    unrecorded: async (job, step, error) => {
      log('recordFailed', about(job, { step, error: errorText(asError(error)) }));
      await mark(job, 'released');
      await toQueue(Math.ceil(callRetrySeconds(message.receiveCount, parts.uniform, 5, 300)));
    },
  };
  return settlement;
};

const noRecords =
  'the handler returned next jobs, but this service keeps no job records that could carry them: set `worker.jobs`';
