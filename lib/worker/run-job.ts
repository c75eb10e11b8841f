import type { ActiveJob } from './active-jobs.ts';
import { type DeliveryHistory, earlierDeliveries } from './delivery/earlier-deliveries.ts';
import { type FailureKind, failureVerdict, unfinishedMax } from './delivery/failure-verdict.ts';
import { runInTime } from './delivery/run-in-time.ts';
import { createSettlement, type SettlementParts } from './delivery/settlement.ts';
import type { JobHandlers, JobRules } from './handlers/job-handlers.ts';
import { PermanentFailure } from './handlers/permanent-failure.ts';
import { RetryLater } from './handlers/retry-later.ts';
import { type Job, type JobContext, type JobOutcome, jobOf } from './job.ts';
import type { ReceivedMessage } from './ports.ts';
import type { WorkerQueue } from './queue/poll-order.ts';
import { jobRetrySeconds } from './queue/retry-delay.ts';
import { startHeartbeat } from './queue/visibility-heartbeat.ts';
import type { VisibilityPlan } from './queue/visibility-plan.ts';
import { asError, errorText } from './worker-log.ts';

export interface RunJobParts extends SettlementParts {
  readonly handlers: JobHandlers;
  /** What a handler gets beside its job. */
  readonly context: (job: Job, signal: AbortSignal) => JobContext;
  /** Fetches the payload of a message that only says where it lies. */
  readonly resolveBody?: ((job: Job, signal: AbortSignal) => Promise<Job>) | undefined;
}

/** Who decided how the delivery ends; what the handler does afterwards no longer counts. */
type Fate = 'open' | 'lost' | 'cut' | 'cancelled' | 'settled';

/** Takes a message through its delivery: is it to be run, by which handler, in time, and what becomes of it. */
export const runJob = (
  parts: RunJobParts,
  queue: WorkerQueue,
  message: ReceivedMessage,
  plan: VisibilityPlan,
): ActiveJob => {
  const { clock, log, lifecycle, handlers } = parts;
  let job = jobOf(message, queue.name);
  let fate: Fate = 'open';
  const aborted = new AbortController();
  const abort = (as: Fate, why: string): void => {
    fate = as;
    aborted.abort(new Error(why));
  };

  const heartbeat = startHeartbeat({
    clock,
    uniform: parts.uniform,
    plan,
    extend: (seconds) => parts.queues.changeVisibility(queue.url, message.receiptHandle, seconds),
    onLost: () => {
      if (fate !== 'open') return;
      log('jobLost', { queue: queue.name, jobId: job.id });
      abort('lost', 'the message was lost: its visibility ran out');
    },
    onError: (error) => log('extendFailed', { queue: queue.name, jobId: job.id, error: errorText(error) }),
  });
  const settlement = createSettlement(parts, queue, message, heartbeat);

  const deliver = async (): Promise<void> => {
    const history = await earlierDeliveries(parts.marks, queue.name, message, (error) =>
      log('marksFailed', { queue: queue.name, jobId: job.id, error: errorText(error) }),
    );
    if (fate !== 'open') return;
    if (history.unfinished >= unfinishedMax) {
      fate = 'settled';
      return settlement.giveUp(job, history, handlers.defaults, poison(history.unfinished), 'poison');
    }
    if (lifecycle !== undefined && !(await begun(history))) return;
    await work(history);
  };

  /** Asks whoever keeps the record of the job. False: the delivery is over. */
  const begun = async (history: DeliveryHistory): Promise<boolean> => {
    try {
      const verdict = await lifecycle?.begin(job, running);
      if (fate !== 'open') return false;
      if (verdict === undefined || verdict.go === 'run') return true;
      fate = 'settled';
      if (verdict.go === 'skip') await settlement.skip(job, verdict.because);
      else if (verdict.go === 'later') await settlement.release(job, verdict.seconds);
      else await settlement.giveUp(job, history, handlers.defaults, verdict.error, verdict.reason);
    } catch (error) {
      if (fate !== 'open') return false;
      fate = 'settled';
      await settlement.unrecorded(job, 'begin', error);
    }
    return false;
  };

  const work = async (history: DeliveryHistory): Promise<void> => {
    let rules: JobRules = handlers.defaults;
    try {
      if (parts.resolveBody !== undefined && job.attributes.payload === 's3')
        job = await parts.resolveBody(job, aborted.signal);
      const prepared = await handlers.prepare(job);
      rules = prepared.rules;
      const { gate } = prepared;
      if (fate !== 'open') return afterAbort();
      if (gate !== undefined && !(await gate.enter(aborted.signal))) return afterAbort();
      settlement.started(history.firstStart);
      const run = runInTime(clock, aborted, rules.deadlineSeconds, () =>
        prepared.run(parts.context(job, aborted.signal)),
      );
      if (gate !== undefined) void run.ended.then(gate.leave);
      const end = await run.end;
      if (end.kind === 'timeout') {
        await failed(history, rules, end.error, 'timeout');
        await run.ended;
        if (run.abandoned) log('jobAbandoned', { queue: queue.name, jobId: job.id });
        return;
      }
      if (end.kind === 'error') throw end.error;
      await done(history, rules, end.outcome ?? {});
    } catch (thrown) {
      const error = asError(thrown);
      if (error instanceof RetryLater) return await putOff(error);
      await failed(history, rules, error, error instanceof PermanentFailure ? error.reason : 'error');
    }
  };

  const done = async (history: DeliveryHistory, rules: JobRules, outcome: JobOutcome): Promise<void> => {
    if (fate === 'cancelled') return afterAbort();
    const ours = fate === 'open';
    if (ours) fate = 'settled';
    // The work is done even if the message was lost meanwhile; deleting with a dead handle does no harm.
    await settlement.succeed(job, history, rules, outcome, ours);
  };
  const failed = async (history: DeliveryHistory, rules: JobRules, error: Error, kind: FailureKind): Promise<void> => {
    if (fate !== 'open') return afterAbort();
    fate = 'settled';
    const reason = failureVerdict(kind, history, rules.retries);
    if (reason === undefined) await settlement.retry(job, history, rules, error, kind === 'error');
    else await settlement.giveUp(job, history, rules, error, reason);
  };
  /** Twice as long each time: a long outage must not use up the receives that SQS allows. */
  const putOff = async (error: RetryLater): Promise<void> => {
    if (fate !== 'open') return afterAbort();
    fate = 'settled';
    log('jobPutOff', { queue: queue.name, jobId: job.id, error: errorText(error) });
    await settlement.release(job, jobRetrySeconds(message.receiveCount - 1, error.seconds, parts.uniform));
  };
  /** A cancelled job is over; of one that was lost or cut, the message is somebody else's business by now. */
  const afterAbort = async (): Promise<void> => {
    if (fate === 'cancelled') await settlement.skip(job, 'cancelled');
  };

  let over = (): void => {};
  const running = {
    cancel: (why: string) => {
      if (fate === 'open') abort('cancelled', why);
    },
    ended: new Promise<void>((resolve) => {
      over = resolve;
    }),
  };
  return {
    ended: deliver().finally(async () => {
      await heartbeat.stop();
      over();
    }),
    cut: async () => {
      if (fate !== 'open') return;
      abort('cut', 'the task is stopping');
      log('jobReleased', { queue: queue.name, jobId: job.id });
      await settlement.release(job, 0);
    },
  };
};

const poison = (deliveries: number): Error =>
  new Error(`${deliveries} deliveries ended without an outcome: their process died, or the job timed out`);
