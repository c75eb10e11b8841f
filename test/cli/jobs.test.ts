import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import { payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { type MessagingEmulator, startMessaging } from '../../lib/local/emulators/start-messaging.ts';
import { localCredentials } from '../act/local-table.ts';
import { type JobsTable, startJobsTable } from '../jobs/jobs-table.ts';
import { AwsFailure, FakeAws } from '../observe/fake-aws.ts';
import { bindingOf } from '../tick/world.ts';
import { run } from './operate/test-stage.ts';

/** Goal: `audit` and `redrive` find a stage by its parameters and do on it what the functions behind them do. */
let table: JobsTable;
let messaging: MessagingEmulator;
let aws: FakeAws;
let env: Record<string, string>;
let sqs: SQSClient;
let records = true;

beforeAll(async () => {
  [table, messaging] = await Promise.all([startJobsTable(), startMessaging('us-east-1')]);
  sqs = new SQSClient({ endpoint: messaging.endpoint, region: 'us-east-1', credentials: localCredentials });
  await sqs.send(new CreateQueueCommand({ QueueName: 'convert-dead' }));
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:convert-dead';
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 10 });
  await sqs.send(new CreateQueueCommand({ QueueName: 'convert', Attributes: { RedrivePolicy } }));
  const binding = {
    ...bindingOf('convert', {}),
    table: 'sluice',
    queues: [
      { name: 'convert', url: messaging.queueUrl('convert'), deadLetterUrl: messaging.queueUrl('convert-dead') },
    ],
  };
  aws = new FakeAws();
  aws.operations = {
    GetParametersByPath: () => ({
      Parameters: [{ Name: '/sluice/test/services/convert/0', Value: JSON.stringify(binding) }],
    }),
    GetParameter: ({ Name }: { Name: string }) => {
      if (!records) return new AwsFailure('ParameterNotFound');
      return { Parameter: { Name, Value: JSON.stringify({ table: table.name, bucket: 'none' }) } };
    },
  };
  env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: await aws.start(),
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_SQS: messaging.endpoint,
  };
});
afterAll(() => Promise.all([aws.stop(), table.close(), messaging.stop()]));

const sluice = (...args: readonly string[]) => run([...args, '--stage', 'test'], env);

it('a failed job: counted, looked at, redriven, counted again', async () => {
  const store = new DynamoJobStore({
    dynamo: table.client,
    table: table.name,
    bucket: payloadBucket(undefined, undefined),
  });
  const at = Date.now() / 1000 - 120;
  const ref = { tenant: '-', jobId: 'a' };
  await store.accept({
    ...ref,
    type: 't',
    queue: 'convert',
    payload: '',
    submittedAt: at,
    expiresAt: at + 86_400,
  });
  await store.apply(ref, { kind: 'sent', at });
  await store.apply(ref, { kind: 'begin', at, messageId: 'm', messageSentAt: at });
  await store.apply(ref, { kind: 'fail', at, error: { name: 'E', message: 'no' }, reason: 'permanent' });
  await sqs.send(new SendMessageCommand({ QueueUrl: messaging.queueUrl('convert-dead'), MessageBody: 'a' }));

  const before = await sluice('audit', '--json');
  expect([before.status, before.stderr]).toEqual([0, '']);
  expect(JSON.parse(before.stdout)).toMatchObject({
    jobs: 1,
    states: { failed: 1 },
    queues: { convert: { load: { messages: 0, deadLetters: 1 } } },
    contradictions: [],
  });
  const dry = await sluice('redrive', 'convert', '--dry-run');
  expect([dry.status, dry.stdout]).toEqual([
    0,
    'convert: 1 dead letters; its failed jobs: 1 permanent.\n  Nothing was moved.\n',
  ]);
  const done = await sluice('redrive', 'convert', '--rate', '50', '--json');
  expect(JSON.parse(done.stdout)).toEqual({
    stage: 'test',
    service: 'convert',
    dryRun: false,
    queues: [
      { queue: 'convert', deadLetters: 1, reasons: { permanent: 1 }, moved: 1, status: 'COMPLETED', requeued: 1 },
    ],
  });
  expect((await sluice('audit')).stdout).toMatch(
    /^1 jobs of stage test in us-east-1: 1 queued, .*\n[\s\S]*nothing contradicts it\.\n$/,
  );
}, 60_000);

it('a job whose message is gone: exit code 1, and which', async () => {
  await sqs.send(new PurgeQueueCommand({ QueueUrl: messaging.queueUrl('convert') }));
  const { status, stdout } = await sluice('audit', '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout).contradictions).toEqual([
    expect.objectContaining({ code: 'messagesMissing', queue: 'convert' }),
  ]);
}, 30_000);

it('a stage without records says so; bad input is exit code 2', async () => {
  records = false;
  const audit = await sluice('audit');
  expect([audit.status, audit.stdout]).toEqual([0, expect.stringContaining('keeps job records')]);
  expect((await sluice('redrive', 'convert', '--rate', '0')).status).toBe(2);
  expect((await sluice('redrive', 'nobody')).status).toBe(2);
});
