import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { isFinal, type JobState, jobStates } from '../../model/job-record.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { type Item, tenantState, toSummary } from '../job-item.ts';
import type { JobSummary } from '../job-store.ts';
import { unsentAfterSeconds } from './sweep.ts';

/** What a queue and its dead-letter queue hold, all added up. */
export interface QueueLoad {
  /** Visible, delayed and in flight. */
  readonly messages: number;
  readonly deadLetters: number;
}

export type StateCounts = Readonly<Record<JobState, number>>;

/** Something that cannot be, if every accepted job is in exactly one state and on its way out of the open ones. */
export interface Contradiction {
  readonly code:
    | 'badState'
    | 'indexDiffers'
    | 'openButEnded'
    | 'endedWithoutTime'
    | 'begunWithoutAttempt'
    | 'failedWithoutReason'
    | 'neverSent'
    | 'overdue'
    | 'messagesMissing';
  readonly queue: string;
  readonly tenant?: string;
  readonly jobId?: string;
  readonly text: string;
}

export interface AuditReport {
  readonly at: EpochSeconds;
  readonly jobs: number;
  readonly states: StateCounts;
  readonly queues: Readonly<Record<string, { readonly states: StateCounts; readonly load?: QueueLoad }>>;
  readonly contradictions: readonly Contradiction[];
  /** Contradictions beyond those listed. */
  readonly more: number;
  /** What is no contradiction, and worth knowing. */
  readonly notes: readonly string[];
}

const listedMax = 100;
/** The sweeper comes every five minutes. */
const patienceSeconds = 900;

/**
 * Proves from the table alone that each record is in exactly one state and makes sense, and from the queues that what
 * is open has a message. `loads`: several looks at each queue, since a message on its way is in no counter for a moment
 * and SQS counts approximately; the fullest one counts.
 */
export const auditJobs = async (
  items: Iterable<Item> | AsyncIterable<Item>,
  loads: Readonly<Record<string, QueueLoad>>,
  now: EpochSeconds,
): Promise<AuditReport> => {
  const contradictions: Contradiction[] = [];
  let more = 0;
  const found = (contradiction: Contradiction): void => {
    if (contradictions.length < listedMax) contradictions.push(contradiction);
    else more += 1;
  };
  const queues = new Map<string, Record<JobState, number>>();
  const settled = new Map<string, number>();
  let jobs = 0;
  for await (const item of items) {
    jobs += 1;
    const job = readable(item, found);
    if (job === undefined) continue;
    const counts = queues.get(job.queue) ?? noCounts();
    queues.set(job.queue, counts);
    counts[job.state] += 1;
    for (const [code, text] of faultsOf(job, item, now)) {
      found({ code, text, queue: job.queue, tenant: job.tenant, jobId: job.jobId });
    }
    if (hasMessage(job, now)) settled.set(job.queue, (settled.get(job.queue) ?? 0) + 1);
  }
  for (const [queue, open] of settled) {
    const load = loads[queue];
    if (load === undefined || load.messages + load.deadLetters >= open) continue;
    const text = `${open} jobs are open and were sent, but the queue and its dead letters hold ${load.messages + load.deadLetters} messages`;
    found({ code: 'messagesMissing', queue, text });
  }
  const states = noCounts();
  for (const counts of queues.values()) for (const state of jobStates) states[state] += counts[state];
  return {
    at: now,
    jobs,
    states,
    queues: Object.fromEntries(
      [...queues].map(([queue, counts]) => {
        const load = loads[queue];
        return [queue, { states: counts, ...(load === undefined ? {} : { load }) }];
      }),
    ),
    contradictions,
    more,
    notes: notesOf(queues, loads),
  };
};

/** Every job record of the table, without payloads and results. Costs half a read unit for each 4 KB of the table. */
export async function* jobItems(dynamo: DynamoDBClient, table: string): AsyncGenerator<Item> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await dynamo.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: 'sk = :job',
        ExpressionAttributeValues: { ':job': { S: 'JOB' } },
        ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
      }),
    );
    for (const { payload: _payload, result: _result, ...item } of page.Items ?? []) yield item;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

const readable = (item: Item, found: (contradiction: Contradiction) => void): JobSummary | undefined => {
  try {
    return toSummary(item);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    found({ code: 'badState', queue: item.queue?.S ?? '?', jobId: item.jobId?.S ?? '?', text });
    return undefined;
  }
};

const faultsOf = (
  job: JobSummary,
  item: Item,
  now: EpochSeconds,
): readonly (readonly [Contradiction['code'], string])[] => {
  const faults: (readonly [Contradiction['code'], string])[] = [];
  const { state, attempts, finishedAt, submittedAt, sentAt } = job;
  if (item.tenantState?.S !== tenantState(job.tenant, state)) {
    faults.push(['indexDiffers', `the record says ${state}, the index ${item.tenantState?.S ?? 'nothing'}`]);
  }
  if (!isFinal(state) && finishedAt !== undefined)
    faults.push(['openButEnded', `${state}, but it ended at ${finishedAt}`]);
  if (isFinal(state) && finishedAt === undefined)
    faults.push(['endedWithoutTime', `${state}, but nobody knows since when`]);
  if (attempts === 0 && state === 'running') {
    faults.push(['begunWithoutAttempt', `${state}, but no delivery ever began it`]);
  }
  if (state === 'failed' && (job.error === undefined || job.deadLetterReason === undefined)) {
    faults.push(['failedWithoutReason', 'failed, but nobody knows why']);
  }
  if (state === 'queued' && sentAt === undefined && submittedAt < now - unsentAfterSeconds - patienceSeconds) {
    faults.push([
      'neverSent',
      `accepted ${Math.round(now - submittedAt)} s ago and never sent; the sweeper does not run`,
    ]);
  }
  if (state === 'queued' && attempts === 0 && job.expiresAt < now - patienceSeconds) {
    faults.push(['overdue', `should have expired ${Math.round(now - job.expiresAt)} s ago; the sweeper does not run`]);
  }
  return faults;
};

/** Open and sent, long enough ago for the queue's counters to know it. */
const hasMessage = (job: JobSummary, now: EpochSeconds): boolean =>
  !isFinal(job.state) && job.sentAt !== undefined && job.sentAt < now - 60;

const notesOf = (
  queues: ReadonlyMap<string, StateCounts>,
  loads: Readonly<Record<string, QueueLoad>>,
): readonly string[] =>
  [...queues].flatMap(([queue, { failed }]) => {
    const dead = loads[queue]?.deadLetters;
    if (dead === undefined || dead === failed) return [];
    return dead < failed
      ? [
          `${queue}: ${failed} jobs failed, ${dead} messages are dead letters: the others were redriven, purged or are past their 14 days`,
        ]
      : [
          `${queue}: ${dead} dead letters, ${failed} failed jobs: SQS moved the others itself, after too many deliveries without an end`,
        ];
  });

const noCounts = (): Record<JobState, number> => ({
  queued: 0,
  running: 0,
  done: 0,
  failed: 0,
  expired: 0,
  cancelled: 0,
});
