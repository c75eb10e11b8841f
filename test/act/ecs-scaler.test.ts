import { ECSClient } from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EcsScaler } from '../../lib/act/ecs-scaler.ts';
import { SqsTickSender } from '../../lib/act/tick-sender.ts';
import { AwsFailure, FakeAws } from '../observe/fake-aws.ts';
import { bindingOf } from '../tick/world.ts';

const aws = new FakeAws();
const { signal } = new AbortController();
let client: ConstructorParameters<typeof ECSClient>[0] & object;

beforeEach(async () => {
  client = {
    endpoint: await aws.start(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  aws.calls.length = 0;
});
afterEach(() => aws.stop());

describe('the scaler', () => {
  const scale = () => new EcsScaler(new ECSClient(client)).setDesired(bindingOf('convert'), 7, signal);

  test('sends the count and nothing that would start a deployment; the answer is the truth', async () => {
    aws.operations = { UpdateService: () => ({ service: { desiredCount: 6 } }) };
    expect(await scale()).toEqual({ changed: true, desired: 6 });
    expect(aws.inputsOf('UpdateService')).toEqual([{ cluster: 'main', service: 'convert-service', desiredCount: 7 }]);
  });

  describe('with another size', () => {
    const binding = { ...bindingOf('convert'), taskDefinitions: { '1024/2048': 'arn:large:2' } };
    const to = { cpu: 1024, memoryMiB: 2048 };
    const scaler = () => new EcsScaler(new ECSClient(client));

    test.each([
      ['sends count and definition in one call', false, { desiredCount: 7, taskDefinition: 'arn:large:2' }],
      ['leaves out a count that stays', true, { taskDefinition: 'arn:large:2' }],
    ])('%s', async (_name, sameCount, sent) => {
      aws.operations = { UpdateService: () => ({ service: { desiredCount: 7 } }) };
      expect(await scaler().setDesired(binding, 7, signal, { to, sameCount })).toEqual({ changed: true, desired: 7 });
      expect(aws.inputsOf('UpdateService')).toEqual([{ cluster: 'main', service: 'convert-service', ...sent }]);
    });

    test('changes nothing when the template has no definition of it', async () => {
      const outcome = await scaler().setDesired(bindingOf('convert'), 7, signal, { to, sameCount: true });
      expect(outcome).toMatchObject({ changed: false, alert: { code: 'sizeWithoutDefinition' } });
      expect(aws.calls).toEqual([]);
    });
  });

  test.each([
    ['ServiceNotFoundException', false, 'serviceNotFound', 'critical'],
    ['com.amazonaws.ecs#ServiceNotActiveException', false, 'serviceNotActive', 'critical'],
    ['AccessDeniedException', false, 'accessDenied', 'critical'],
    ['ThrottlingException', false, 'throttled', 'warning'],
    ['ServerException', 'unknown', 'actFailed', 'warning'],
  ])('%s is an alert, not an exception', async (name, changed, code, severity) => {
    aws.operations = { UpdateService: () => new AwsFailure(name) };
    expect(await scale()).toMatchObject({ changed, alert: { code, severity } });
  });
});

describe('the tick sender', () => {
  const send = (instants: readonly number[], now: number) => {
    const sender = new SqsTickSender(new SQSClient({ ...client, useQueueUrlAsEndpoint: false }), 'http://queue/ticks');
    return sender.send('s0', instants, now, signal);
  };

  test('sends in tens, each late enough to arrive at its instant', async () => {
    aws.operations = { SendMessageBatch: () => ({ Successful: [], Failed: [] }) };
    await send(
      Array.from({ length: 23 }, (_, i) => 1000 + 5 * i),
      997.4,
    );
    const batches = aws.inputsOf<{ Entries: { Id: string; DelaySeconds: number; MessageBody: string }[] }>(
      'SendMessageBatch',
    );
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([10, 10, 3]);
    expect(batches[0]?.Entries[1]).toEqual({
      Id: '1',
      DelaySeconds: 8,
      MessageBody: '{"shard":"s0","scheduledAt":"1970-01-01T00:16:45.000Z"}',
    });
  });

  test('an entry that failed under status 200 is a failure', async () => {
    aws.operations = {
      SendMessageBatch: () => ({
        Successful: [],
        Failed: [{ Id: '0', Code: 'Busy', Message: 'later', SenderFault: false }],
      }),
    };
    await expect(send([10], 0)).rejects.toThrow('1 ticks were not sent: Busy later');
  });
});
