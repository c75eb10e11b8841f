import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isFinal, type JobRecord, type JobState, jobStates, type Payload } from '../model/job-record.ts';
import type { JobRef, JobSummary } from './job-store.ts';

export type Item = Record<string, AttributeValue>;

/** How long a record stays after its end. */
const keepSeconds = 30 * 86_400;

export const jobKey = ({ tenant, jobId }: JobRef): Item => ({ pk: { S: `JOB#${tenant}#${jobId}` }, sk: { S: 'JOB' } });
export const tenantState = (tenant: string, state: JobState): string => `${tenant}#${state}`;

/** A record as an item of the jobs table; what the table needs beside is made from the record. */
export const toItem = (record: JobRecord): Item => {
  const { payload, result, error, ...flat } = record;
  const plain = Object.entries(flat).map(([name, value]) => [name, toValue(value)] as const);
  return {
    ...jobKey(record),
    ...Object.fromEntries(plain),
    ...payloadItem('payload', payload),
    ...(result === undefined ? {} : payloadItem('result', result)),
    ...(error === undefined ? {} : { errorName: { S: error.name }, errorMessage: { S: error.message } }),
    tenantState: { S: tenantState(record.tenant, record.state) },
    ...(isFinal(record.state)
      ? { ttl: { N: String(Math.ceil((record.finishedAt ?? record.submittedAt) + keepSeconds)) } }
      : {}),
  };
};

export const toRecord = (item: Item): JobRecord => ({
  ...toSummary(item),
  payload: toPayload('payload', item) ?? { inline: '' },
  ...maybe('result', toPayload('result', item)),
});

export const toSummary = (item: Item): JobSummary => ({
  jobId: item.jobId?.S ?? '',
  tenant: item.tenant?.S ?? '',
  type: item.type?.S ?? '',
  queue: item.queue?.S ?? '',
  state: toState(item.state?.S),
  submittedAt: Number(item.submittedAt?.N ?? 0),
  expiresAt: Number(item.expiresAt?.N ?? 0),
  attempts: Number(item.attempts?.N ?? 0),
  version: Number(item.version?.N ?? 0),
  ...maybe('startedAt', number(item.startedAt)),
  ...maybe('finishedAt', number(item.finishedAt)),
  ...maybe('sentAt', number(item.sentAt)),
  ...maybe('deliveryMessageId', item.deliveryMessageId?.S),
  ...maybe('deliveryBegunAt', number(item.deliveryBegunAt)),
  ...maybe('deadLetterReason', item.deadLetterReason?.S),
  ...maybe('redrives', number(item.redrives)),
  ...maybe('contentHash', item.contentHash?.S),
  ...maybe('workflowId', item.workflowId?.S),
  ...maybe('groupId', item.groupId?.S),
  ...maybe('parentId', item.parentId?.S),
  ...maybe(
    'error',
    item.errorName?.S === undefined ? undefined : { name: item.errorName.S, message: item.errorMessage?.S ?? '' },
  ),
});

const toValue = (value: string | number): AttributeValue =>
  typeof value === 'number' ? { N: String(value) } : { S: value };

const payloadItem = (name: 'payload' | 'result', payload: Payload): Item =>
  'inline' in payload
    ? { [name]: { S: payload.inline } }
    : { [`${name}Key`]: { S: payload.s3Key }, [`${name}Bytes`]: { N: String(payload.bytes) } };

const toPayload = (name: 'payload' | 'result', item: Item): Payload | undefined => {
  const s3Key = item[`${name}Key`]?.S;
  if (s3Key !== undefined) return { s3Key, bytes: Number(item[`${name}Bytes`]?.N ?? 0) };
  const inline = item[name]?.S;
  return inline === undefined ? undefined : { inline };
};

const toState = (text: string | undefined): JobState => {
  const state = jobStates.find((known) => known === text);
  if (state === undefined) throw new Error(`the jobs table has a record in the state ${JSON.stringify(text)}`);
  return state;
};

const number = (value: AttributeValue | undefined): number | undefined =>
  value?.N === undefined ? undefined : Number(value.N);

const maybe = <K extends string, T>(name: K, value: T | undefined): { readonly [key in K]?: T } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: T });
