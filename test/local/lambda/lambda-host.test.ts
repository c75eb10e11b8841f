import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MessagingEmulator, startMessaging } from '../../../lib/local/emulators/start-messaging.ts';
import type { FunctionSpec } from '../../../lib/local/lambda/function-spec.ts';
import { createLambdaHost, type Invocation, type LambdaHost } from '../../../lib/local/lambda/lambda-host.ts';

const spec: FunctionSpec = {
  name: 'probe',
  directory: fileURLToPath(new URL('../fixtures/functions', import.meta.url)),
  handler: 'probe.handler',
  environment: { OWN: 'yes' },
  timeoutSeconds: 5,
  memoryMiB: 128,
};

let messaging: MessagingEmulator;
let sqs: SQSClient;
let host: LambdaHost;
let lines: string[];
let invocations: Invocation[];
let queueNumber = 0;

beforeAll(async () => {
  messaging = await startMessaging('us-east-1');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ endpoint: messaging.endpoint, region: 'us-east-1', credentials });
});
afterAll(() => messaging.stop());
beforeEach(() => {
  lines = [];
  invocations = [];
  host = createLambdaHost({
    sqs,
    queueUrl: messaging.queueUrl,
    awsEnvironment: () => ({ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_SQS: messaging.endpoint }),
    onFunctionLine: (_name, line) => lines.push(line),
    onInvocation: (invocation) => invocations.push(invocation),
  });
});
afterEach(() => host.stop());

const call = async (what: object): Promise<unknown> => {
  const result = await host.invoke('probe', JSON.stringify(what));
  return result.ok ? JSON.parse(result.payload) : result.error;
};
const newQueue = async (
  Attributes: Record<string, string> = {},
): Promise<{ name: string; url: string; arn: string }> => {
  const name = `lambda${queueNumber++}`;
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return { name, url: messaging.queueUrl(name), arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
};
const send = (QueueUrl: string, MessageBody: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody,
      MessageAttributes: { jobId: { DataType: 'String', StringValue: 'j1' } },
    }),
  );
const receiveOne = async (QueueUrl: string) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] })))
    .Messages?.[0];

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a function', () => {
  it('gets its own variables and those of Lambda, and nothing of the host', async () => {
    process.env.HOST_SECRET = 'leaks';
    host.createFunction(spec);
    const environment = await call({ do: 'environment' });
    delete process.env.HOST_SECRET;
    expect(environment).toMatchObject({ OWN: 'yes', AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: 'probe' });
    expect(environment).not.toHaveProperty('HOST_SECRET');
    expect(environment).not.toHaveProperty('VITEST');
    expect(environment).not.toHaveProperty('HOME');
  });

  it('lives in UTC and in its code, wherever the host is', async () => {
    host.createFunction(spec);
    expect(await call({ do: 'zone' })).toEqual({ offset: 0, cwd: spec.directory });
  });

  it('gets a context with the time that remains', async () => {
    host.createFunction(spec);
    const context = (await call({ do: 'context' })) as { remaining: number };
    expect(context).toMatchObject({
      functionName: 'probe',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:probe',
    });
    expect(context.remaining).toBeGreaterThan(4_000);
    expect(context.remaining).toBeLessThanOrEqual(5_000);
  });

  it('stays warm between events, and lives on after an error', async () => {
    host.createFunction(spec);
    expect(await call({ do: 'count' })).toBe(1);
    expect(await call({ do: 'fail' })).toEqual({ errorType: 'TypeError', errorMessage: 'no such thing' });
    expect(await call({ do: 'count' })).toBe(2);
    expect(invocations.map((invocation) => invocation.result.ok)).toEqual([true, false, true]);
    await expect.poll(() => lines.join()).toContain('"errorType":"TypeError"');
  });

  it('starts anew after a crash', async () => {
    host.createFunction(spec);
    expect(await call({ do: 'count' })).toBe(1);
    expect(await call({ do: 'exit' })).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await call({ do: 'count' })).toBe(1);
  });

  it.each(['hang', 'spin'])('is ended at its timeout when it would %s', async (act) => {
    host.createFunction({ ...spec, timeoutSeconds: 0.3 });
    expect(await call({ do: act })).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(lines.join()).toMatch(/Task timed out after 0.30 seconds/);
    expect(await call({ do: 'count' })).toBe(1);
  });

  it('hands over what it prints, line by line', async () => {
    host.createFunction(spec);
    await call({ do: 'print' });
    await expect.poll(() => lines.toSorted()).toEqual(['first', 'second', 'third']);
  });

  it('takes one event at a time in a process, and as many processes as the limit allows', async () => {
    host.createFunction(spec);
    const pids = await Promise.all([1, 2, 3].map(() => call({ do: 'pid', ms: 200 })));
    expect(new Set(pids).size).toBe(2);
  });

  it.each([
    ['index.handler', 'Runtime.ImportModuleError'],
    ['probe.nothing', 'Runtime.HandlerNotFound'],
  ])('says what is wrong with the handler %s', async (handler, errorType) => {
    host.createFunction({ ...spec, handler });
    expect(await call({ do: 'echo' })).toMatchObject({ errorType });
  });

  it('is named in the complaint when it does not exist', async () => {
    host.createFunction(spec);
    await expect(host.invoke('prober', '{}')).rejects.toThrow(/found prober; expected probe/);
  });

  it('leaves no process behind', async () => {
    host.createFunction(spec);
    const pid = (await call({ do: 'pid' })) as number;
    void host.invoke('probe', JSON.stringify({ do: 'spin' }));
    await host.stop();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a function whose host is killed', () => {
  it('ends with it', async () => {
    const hostFile = fileURLToPath(new URL('../fixtures/orphan-host.ts', import.meta.url));
    const child = spawn(process.execPath, [hostFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    const pid = Number(String(line));
    expect(process.kill(pid, 0)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});

describe('an asynchronous invocation', () => {
  it('that fails for good ends in the destination and in the dead-letter queue', async () => {
    const failures = await newQueue();
    const dead = await newQueue();
    host.createFunction({ ...spec, deadLetterArn: dead.arn });
    host.configureAsyncInvocation('probe', { retryAttempts: 0, maxEventAgeSeconds: 60, onFailureArn: failures.arn });
    host.invokeAsync(host.functions[0]?.name ?? '', JSON.stringify({ do: 'fail' }));
    expect(JSON.parse((await receiveOne(failures.url))?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { do: 'fail' },
      responsePayload: { errorType: 'TypeError' },
    });
    expect(JSON.parse((await receiveOne(dead.url))?.Body ?? '')).toEqual({ do: 'fail' });
  });

  it('is not tried again when it would be too old by then', async () => {
    const failures = await newQueue();
    host.createFunction(spec);
    host.configureAsyncInvocation('probe', { retryAttempts: 2, maxEventAgeSeconds: 59, onFailureArn: failures.arn });
    host.invokeAsync('probe', JSON.stringify({ do: 'fail' }));
    expect(JSON.parse((await receiveOne(failures.url))?.Body ?? '').requestContext.condition).toBe('EventAgeExceeded');
  });

  it('is what Scheduler starts; to a queue it sends a message', async () => {
    const queue = await newQueue();
    const { arn } = host.createFunction(spec);
    await host.deliver(arn, JSON.stringify({ do: 'echo' }));
    await host.deliver(queue.arn, 'input');
    await expect.poll(() => invocations.length).toBe(1);
    expect((await receiveOne(queue.url))?.Body).toBe('input');
    await expect(host.deliver('arn:aws:states:us-east-1:000000000000:stateMachine:x', '{}')).rejects.toThrow();
  });
});

describe('an event-source mapping', () => {
  const mapping = { functionName: 'probe', batchSize: 10, batchingWindowSeconds: 0, reportsItemFailures: true };

  it('hands over camelCase records, deletes the good ones and leaves the bad ones in flight', async () => {
    const queue = await newQueue();
    host.createFunction(spec);
    await send(queue.url, 'good');
    await send(queue.url, 'bad');
    await host.mapQueue({ ...mapping, queueArn: queue.arn });
    const counts = async () => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const answer = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.map((name) => answer.Attributes?.[name]).join('/');
    };
    await expect.poll(() => lines.length, { timeout: 5_000 }).toBeGreaterThan(0);
    await expect.poll(counts, { timeout: 5_000 }).toBe('0/1');
    expect(JSON.parse(lines[0] ?? '').records[0]).toMatchObject({
      body: 'good',
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: 'us-east-1',
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: { jobId: { stringValue: 'j1', dataType: 'String' } },
    });
  });

  it('is refused when the queue gives messages back before the function may end', async () => {
    const queue = await newQueue({ VisibilityTimeout: '4' });
    host.createFunction(spec);
    await expect(host.mapQueue({ ...mapping, queueArn: queue.arn })).rejects.toThrow(/visibility timeout of 4 s/);
  });
});
