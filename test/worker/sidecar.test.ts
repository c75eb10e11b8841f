import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MessagingEmulator, startMessaging } from '../../lib/local/emulators/start-messaging.ts';
import { freePort } from '../../lib/local/load-balancer/free-port.ts';

/** Goal: the contract of docs/worker.md holds for a process that knows nothing but HTTP. */
describe('the sidecar', () => {
  const children: ChildProcess[] = [];
  let messaging: MessagingEmulator;
  let sqs: SQSClient;

  beforeAll(async () => {
    messaging = await startMessaging('us-east-1');
    sqs = new SQSClient({
      region: 'us-east-1',
      endpoint: messaging.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    sqs.destroy();
    await messaging.stop();
  });

  const program = (command: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const lines: string[] = [];
    const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      for (const one of waiting) if (line.includes(one.text)) one.resolve();
    });
    return {
      child,
      lines,
      says: (text: string): Promise<void> =>
        lines.some((line) => line.includes(text))
          ? Promise.resolve()
          : new Promise((resolve) => waiting.push({ text, resolve })),
      exit: new Promise<number | null>((resolve) => child.once('exit', resolve)),
    };
  };
  const startSidecar = async (queueName: string) => {
    const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: queueName }));
    const port = await freePort();
    const environment = {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: messaging.endpoint,
      SLUICE_SERVICE: 'convert',
      SLUICE_QUEUES: JSON.stringify([{ name: 'convert', url, startWithinSeconds: 10 }]),
      SLUICE_SIDECAR_PORT: String(port),
      SLUICE_STOP_TIMEOUT_SECONDS: '10',
      WAIT_SECONDS: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const sidecar = program(process.execPath, ['lib/worker/sidecar/main.ts'], environment);
    await sidecar.says('"sidecar":true');
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as { readonly why?: string } };
    };
    const state = async () => (await fetch(`http://127.0.0.1:${port}/state`)).json();
    return { sidecar, url, environment, post, state };
  };

  it('counts jobs from start to end, refuses nonsense with the reason, and drains on SIGTERM', async () => {
    const { sidecar, post, state } = await startSidecar('plain-http');
    expect((await post('/ready', {})).status).toBe(200);
    expect(await post('/jobs/start', { jobId: 'a', queue: 'convert', jobType: 'thumbnail' })).toEqual({
      status: 200,
      body: { run: true },
    });
    expect((await post('/jobs/start', { jobId: 'a' })).status).toBe(409);
    expect(await state()).toEqual({ active: 1, draining: false });
    expect((await post('/jobs/start', { queue: 7 })).body.why).toMatch(/jobId/);
    expect((await post('/jobs/start', 'no JSON')).status).toBe(400);
    expect((await post('/jobs/start', `"${'x'.repeat(70_000)}"`)).body.why).toMatch(/longer than/);
    expect((await post('/jobs/end', { jobId: 'nobody', outcome: 'done' })).status).toBe(404);
    expect((await post('/signals', { queueDepth: 3 })).status).toBe(200);
    expect((await post('/constructor', {})).status).toBe(404);

    sidecar.child.kill('SIGTERM');
    await sidecar.says('stopping');
    expect((await post('/jobs/start', { jobId: 'b' })).status).toBe(409);
    expect((await post('/jobs/end', { jobId: 'a', outcome: 'done' })).status).toBe(200);
    expect(await sidecar.exit).toBe(0);
    expect(sidecar.lines.map((line) => JSON.parse(line)).find((line) => line.sluice === 'job')).toMatchObject({
      jobId: 'a',
      jobType: 'thumbnail',
      outcome: 'done',
    });
  });

  it.runIf(spawnSync('python3', ['--version']).status === 0)('serves the Python worker of examples/', async () => {
    const { sidecar, url, environment } = await startSidecar('python');
    for (const body of ['0.05', '0.01', 'no number'])
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
    const worker = program('python3', ['examples/python-worker/worker.py'], environment);
    await worker.says('failed: could not convert');
    const ended = () => sidecar.lines.map((line) => JSON.parse(line)).filter((line) => line.sluice === 'job');
    while (ended().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    worker.child.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(
      ended()
        .map((line) => line.outcome)
        .sort(),
    ).toEqual(['done', 'done', 'failed']);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
    // What was done is gone; the other one comes back by its visibility timeout.
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
  });
});
