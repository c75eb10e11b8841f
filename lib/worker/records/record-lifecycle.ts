import type { JobLife, PlannedFollowUp, Success } from '../../jobs/job-life.ts';
import { noTenant } from '../../jobs/job-names.ts';
import type { JobRef, JobStore } from '../../jobs/job-store.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { JobRecord } from '../../model/job-record.ts';
import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import { PermanentFailure } from '../handlers/permanent-failure.ts';
import type { Job, JobOutcome, NextJob } from '../job.ts';
import type { DeadLetterReason, JobLifecycle, RunningJob } from '../ports.ts';

/** How often a job that runs asks whether it was cancelled meanwhile: one small read each time. */
const lookEverySeconds: Seconds = 10;

/** Keeps the records of jobs in step with what a worker does with their messages. */
export const recordLifecycle = (parts: {
  readonly life: JobLife;
  readonly store: JobStore;
  readonly clock: Clock;
  /** Queues that this worker may send to. */
  readonly knownQueues: ReadonlySet<string>;
}): JobLifecycle => {
  const { life, store, clock, knownQueues } = parts;
  /** What was written last about the deliveries under way. */
  const held = new Map<string, JobRecord>();

  const begin: JobLifecycle['begin'] = async (job, running) => {
    const begun = await life.begin(deliveryOf(job), clock.now());
    switch (begun.go) {
      case 'run':
        held.set(keyOf(job), begun.record);
        void watch(job, running);
        return { go: 'run' };
      case 'deadLetter':
        return { ...begun, reason: begun.reason as DeadLetterReason, error: errorOf(begun.error) };
      default:
        return begun;
    }
  };
  const watch = async (job: Job, running: RunningJob): Promise<void> => {
    const over = new AbortController();
    void running.ended.then(() => {
      over.abort();
      held.delete(keyOf(job));
    });
    for (;;) {
      await clock.sleep(lookEverySeconds, over.signal);
      if (over.signal.aborted) return;
      // A look that failed is made up for by the next one.
      const record = await store.get(refOf(job)).catch(() => undefined);
      if (record?.state === 'cancelled') return running.cancel('the job was cancelled');
    }
  };
  /** Also of a job that this worker never began: poison is known before. */
  const recordOf = async (job: Job): Promise<JobRecord | undefined> => {
    const known = held.get(keyOf(job)) ?? (await store.get(refOf(job)));
    if (known !== undefined) return known;
    const { messageSentAt, messageId, body, ...rest } = deliveryOf(job);
    const now = clock.now();
    return (
      (await store.adopt({ ...rest, payload: body, submittedAt: messageSentAt, expiresAt: now }, messageId)) ??
      (await store.get(refOf(job)))
    );
  };

  return {
    begin,
    succeeded: async (job, outcome) => {
      const success = successOf(outcome);
      checkQueues(success, knownQueues);
      const record = await recordOf(job);
      if (record === undefined) return;
      await life.succeed(record, success, clock.now()).catch((error: unknown) => {
        // A result that has no place does not get smaller by trying again.
        throw error instanceof BadInput ? new PermanentFailure(error.message, { cause: error }) : error;
      });
    },
    failedAttempt: async (job, { name, message }) => {
      const record = await recordOf(job);
      if (record !== undefined) await life.retry(record, { name, message }, clock.now());
    },
    failedForGood: async (job, { name, message }, reason) => {
      const record = await recordOf(job);
      if (record !== undefined) await life.fail(record, { name, message }, reason, clock.now());
    },
    released: async (job) => {
      // What was never begun is given back as it came.
      const record = held.get(keyOf(job));
      if (record !== undefined) await life.retry(record, undefined, clock.now());
    },
  };
};

export const refOf = ({ id, attributes }: Job): JobRef => ({ tenant: attributes.tenant ?? noTenant, jobId: id });

const deliveryOf = (job: Job) => ({
  ...refOf(job),
  type: job.type ?? '',
  queue: job.queue,
  body: job.body,
  messageId: job.messageId,
  messageSentAt: job.sentAt,
  ...(job.groupId === undefined ? {} : { groupId: job.groupId }),
});

/** One delivery: the same job may be here twice, by two messages. */
const keyOf = (job: Job): string =>
  `${job.attributes.tenant ?? noTenant}/${job.id}/${job.messageId}/${job.receiveCount}`;

const errorOf = ({ name, message }: { readonly name: string; readonly message: string }): Error =>
  Object.assign(new Error(message), { name });

const checkQueues = ({ next = [], workflow }: Success, known: ReadonlySet<string>): void => {
  const wanted = [...next, ...(workflow === undefined ? [] : [...workflow.parts, workflow.join])];
  const strange = wanted.find(({ queue }) => !known.has(queue));
  if (strange === undefined) return;
  throw new PermanentFailure(
    `the handler returned a job for the queue ${JSON.stringify(strange.queue)}; this worker may send to ${[...known].join(', ')}. ` +
      'Name it in `worker.sendsTo`.',
  );
};

const successOf = ({ result, next = [], workflow }: JobOutcome): Success => ({
  ...(result === undefined ? {} : { resultText: textOf(result) }),
  next: next.map(plannedOf),
  ...(workflow === undefined
    ? {}
    : { workflow: { parts: workflow.parts.map(plannedOf), join: plannedOf(workflow.join) } }),
});

const plannedOf = ({ queue, type = '', payload, key, groupId, delaySeconds }: NextJob): PlannedFollowUp => ({
  queue,
  type,
  payload: textOf(payload),
  ...(key === undefined ? {} : { key }),
  ...(groupId === undefined ? {} : { groupId }),
  ...(delaySeconds === undefined ? {} : { delaySeconds }),
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
