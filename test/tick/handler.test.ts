import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readLog } from '../../lib/act/decision-log.ts';
import { type LocalTable, startLocalTable } from '../act/local-table.ts';
import { AwsFailure, FakeAws } from '../observe/fake-aws.ts';
import { bindingOf } from './world.ts';

/** The function as Lambda runs it: the real handler, clients and decide; SQS, ECS and SSM answer on one local port. */
const aws = new FakeAws();
let table: LocalTable;
let handler: (event: object, context: Context) => Promise<unknown>;
const desired = new Map<string, number>();
let visible = 0;

beforeAll(async () => {
  table = await startLocalTable();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: await aws.start(),
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    SLUICE_TABLE: table.name,
    SLUICE_PARAMETER_PATH: '/sluice/test/',
    SLUICE_TICK_QUEUE_URL: `${aws.endpoint}/000000000000/ticks`,
    POWERTOOLS_SERVICE_NAME: 'sluice-tick',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  aws.operations = { GetParametersByPath, SendMessageBatch: () => ({ Successful: [], Failed: [] }), ...world };
  handler = (await import('../../functions/tick.ts')).handler as typeof handler;
});
beforeEach(() => {
  aws.calls.length = 0;
});
afterAll(async () => {
  await aws.stop();
  await table.close();
});

const binding = (shard: string, service: string) => ({
  ...bindingOf(service, {
    policy: { type: 'backlogPerTask', target: 10 },
    tasks: { min: 1, max: 20 },
  }),
  shard,
  queues: [{ name: service, url: `${aws.endpoint}/000000000000/${service}` }],
});

/** Two pages, so that the second one must be asked for. */
const GetParametersByPath = ({ NextToken }: { NextToken?: string }) => {
  const of = (shard: string, service: string) => ({
    Name: `/sluice/test/services/${service}/0`,
    Value: JSON.stringify(binding(shard, service)),
  });
  return NextToken === undefined
    ? { Parameters: [of('s0', 'convert')], NextToken: '1' }
    : { Parameters: [of('s1', 'other')] };
};

const world = {
  GetQueueAttributes: () => ({
    Attributes: {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    },
  }),
  DescribeServices: ({ services }: { services: string[] }) => ({
    services: services.map((serviceName) => counts(serviceName)),
  }),
  UpdateService: ({ service, desiredCount }: { service: string; desiredCount: number }) => {
    desired.set(service, desiredCount);
    return { service: counts(service) };
  },
};

const counts = (serviceName: string) => ({
  serviceName,
  status: 'ACTIVE',
  desiredCount: desired.get(serviceName) ?? 1,
  runningCount: desired.get(serviceName) ?? 1,
  pendingCount: 0,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', failedTasks: 0 }],
});

const context = {
  functionName: 'tick',
  awsRequestId: 'r',
  getRemainingTimeInMillis: () => 29_000,
} as Context;

const now = () => Math.floor(Date.now() / 1000);
const eventAt = (at: number, shard = 's0') => ({ shard, scheduledAt: new Date(at * 1000).toISOString() });
const records = (...events: readonly object[]) => ({
  Records: events.map((event, i) => ({ messageId: `m${i}`, body: JSON.stringify(event) })),
});

test('a minute from Scheduler: its own tick, and the ticks to come in the queue', async () => {
  visible = 95;
  expect(await handler(eventAt(now()), context)).toBeUndefined();
  expect(aws.inputsOf('UpdateService')).toEqual([{ cluster: 'main', service: 'convert-service', desiredCount: 10 }]);
  const batches = aws.inputsOf<{ Entries: { DelaySeconds: number; MessageBody: string }[] }>('SendMessageBatch');
  expect(batches.map(({ Entries }) => Entries.length)).toEqual([10, 2]);
  const entries = batches.flatMap(({ Entries }) => Entries);
  for (const { DelaySeconds, MessageBody } of entries) {
    const at = Date.parse(JSON.parse(MessageBody).scheduledAt) / 1000;
    expect(at % 10).toBe(0);
    expect(now() + DelaySeconds).toBeGreaterThanOrEqual(at);
  }
  const log = await readLog(table.client, table.name, 'convert', now() - 60, now() + 60);
  expect(log).toMatchObject([{ decision: { kind: 'scale', from: 1, desired: 10 } }]);
});

test('ticks of the queue: a duplicate and a late one are dropped, one that is no tick fails alone', async () => {
  const answer = await handler(records(eventAt(now()), eventAt(now() - 300), { nonsense: true }), context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  expect(aws.inputsOf('UpdateService')).toEqual([]);
  expect(aws.inputsOf('SendMessageBatch')).toEqual([]);
});

test('bindings were read once, and a shard knows only its own services', async () => {
  visible = 0;
  await handler(records(eventAt(now(), 's1')), context);
  expect(aws.inputsOf('GetParametersByPath')).toEqual([]);
  const asked = aws.inputsOf<{ services: string[] }>('DescribeServices').flatMap(({ services }) => services);
  expect(asked.every((name) => name === 'other-service')).toBe(true);
});

test('ECS refuses: the invocation succeeds, and the alert is in the log', async () => {
  visible = 150;
  aws.operations = { ...aws.operations, UpdateService: () => new AwsFailure('AccessDeniedException', 'no') };
  await handler(records(eventAt(Math.ceil(Date.now() / 10_000) * 10)), context);
  const log = await readLog(table.client, table.name, 'convert', now() - 60, now() + 60);
  expect(log.at(-1)?.decision.alerts).toMatchObject([{ code: 'accessDenied', severity: 'critical' }]);
});

test('Lambda calls it with two parameters; callback handlers are refused by Node 24', () => {
  expect(handler).toHaveLength(2);
});
