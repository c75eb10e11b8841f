import { isFinal, type JobRecord, type JobState } from '../model/job-record.ts';
import type { EpochSeconds } from '../model/units.ts';

/** Something that happens to a job. */
export type JobEvent =
  /** A worker that holds this message is about to run it. */
  | {
      readonly kind: 'begin';
      readonly at: EpochSeconds;
      readonly messageId: string;
      readonly messageSentAt: EpochSeconds;
    }
  | { readonly kind: 'succeed'; readonly at: EpochSeconds; readonly result?: NonNullable<JobRecord['result']> }
  /** A try failed, and another one follows. */
  | { readonly kind: 'retry'; readonly at: EpochSeconds; readonly error?: JobError }
  | { readonly kind: 'fail'; readonly at: EpochSeconds; readonly error: JobError; readonly reason: string }
  | { readonly kind: 'cancel'; readonly at: EpochSeconds }
  | { readonly kind: 'expire'; readonly at: EpochSeconds }
  /** Its message was sent. */
  | { readonly kind: 'sent'; readonly at: EpochSeconds }
  /** Back from the dead letters. `resend`: its message may be gone, and the sweeper sends another one. */
  | { readonly kind: 'redrive'; readonly at: EpochSeconds; readonly resend: boolean };

export type JobError = NonNullable<JobRecord['error']>;

/** `record`: what it becomes. Without one nothing changes: the state it is in does not allow it, or has it already. */
export type Transition =
  | { readonly ok: true; readonly record: JobRecord }
  | { readonly ok: false; readonly state: JobState };

/**
 * The life of a job: which event leads where. A final state is left only by a redrive, or by a message that was sent
 * after the failure, which is one too.
 */
export const transition = (record: JobRecord, event: JobEvent): Transition => {
  const next = nextOf(record, event);
  return next === undefined
    ? { ok: false, state: record.state }
    : { ok: true, record: { ...next, version: record.version + 1 } };
};

const nextOf = (record: JobRecord, event: JobEvent): JobRecord | undefined => {
  switch (event.kind) {
    case 'begin':
      return begun(record, event);
    case 'succeed':
      return isFinal(record.state)
        ? undefined
        : { ...ended(record, 'done', event.at), ...(event.result === undefined ? {} : { result: event.result }) };
    case 'retry':
      return record.state === 'running'
        ? { ...record, state: 'queued', ...(event.error === undefined ? {} : { error: event.error }) }
        : undefined;
    case 'fail':
      return isFinal(record.state)
        ? undefined
        : {
            ...ended(record, 'failed', event.at),
            error: event.error,
            deadLetterReason: event.reason,
          };
    case 'cancel':
      return isFinal(record.state) ? undefined : ended(record, 'cancelled', event.at);
    case 'expire':
      return isExpired(record, event.at) ? ended(record, 'expired', event.at) : undefined;
    case 'sent':
      return record.sentAt === undefined ? { ...record, sentAt: event.at } : undefined;
    case 'redrive':
      return record.state === 'failed' ? requeued(event.resend ? unsent(record) : record) : undefined;
  }
};

const begun = (record: JobRecord, event: Extract<JobEvent, { readonly kind: 'begin' }>): JobRecord | undefined => {
  if (isExpired(record, event.at)) return ended(record, 'expired', event.at);
  // A message that is younger than the failure was redriven; an older one is a second delivery of what failed.
  const redriven = record.state === 'failed' && event.messageSentAt > (record.finishedAt ?? 0);
  if (isFinal(record.state) && !redriven) return undefined;
  if (isHeldByAnother(record, event)) return undefined;
  const from = redriven ? requeued(record) : record;
  return {
    ...from,
    state: 'running',
    attempts: from.attempts + 1,
    startedAt: from.startedAt ?? event.at,
    // Its message is here, so it was sent, even if whoever did that died before saying so.
    sentAt: from.sentAt ?? event.messageSentAt,
    deliveryMessageId: event.messageId,
    deliveryBegunAt: event.at,
  };
};

/** So long a second message of a job waits for the first one's worker to end, or for SQS to deliver that one again. */
export const holdSeconds = 900;

/** A second delivery of the same message means that its first worker lost it; a second message means nothing of the kind. */
const isHeldByAnother = (record: JobRecord, event: Extract<JobEvent, { readonly kind: 'begin' }>): boolean =>
  record.state === 'running' &&
  record.deliveryMessageId !== event.messageId &&
  event.at < (record.deliveryBegunAt ?? 0) + holdSeconds;

/** Only what never started expires: a job that is tried again was begun in time. */
export const isExpired = (record: Pick<JobRecord, 'state' | 'attempts' | 'expiresAt'>, at: EpochSeconds): boolean =>
  record.state === 'queued' && record.attempts === 0 && record.expiresAt <= at;

const ended = (record: JobRecord, state: JobState, at: EpochSeconds): JobRecord => ({
  ...record,
  state,
  finishedAt: at,
});

const unsent = ({ sentAt: _, ...record }: JobRecord): JobRecord => record;

/** The error stays: why it once failed is what people ask afterwards. */
const requeued = ({ finishedAt: _, ...record }: JobRecord): JobRecord => ({
  ...record,
  state: 'queued',
  redrives: (record.redrives ?? 0) + 1,
});
