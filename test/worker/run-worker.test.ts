import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootEmulators, type Emulators } from '../../lib/local/emulators/boot-emulators.ts';

const handlerProgram = `
import { setTimeout as delay } from 'node:timers/promises';
import { runWorker } from './lib/worker/run-worker.ts';
await runWorker({ handler: async (job, { signal }) => { await delay(Number(job.body), undefined, { signal }); } });
`;

/** The worker as ECS runs it: a process of its own, told what to do by its environment and by signals. */
describe('a worker process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-worker-'));
  const program = join(folder, 'worker.mjs');
  const children: ChildProcess[] = [];
  let emulators: Emulators;
  let sqs: SQSClient;

  beforeAll(async () => {
    await build({
      stdin: { contents: handlerProgram, resolveDir: process.cwd(), loader: 'ts' },
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    emulators = await bootEmulators();
    sqs = new SQSClient({
      region: 'us-east-1',
      endpoint: emulators.messaging.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    sqs.destroy();
    await emulators.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (queueName: string, stopTimeoutSeconds = 20) => {
    const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: queueName }));
    const child = spawn(process.execPath, [program], {
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL: emulators.messaging.endpoint,
        SLUICE_SERVICE: 'convert',
        SLUICE_QUEUES: JSON.stringify([{ name: 'jobs', url, startWithinSeconds: 10, fifo: false }]),
        SLUICE_STOP_TIMEOUT_SECONDS: String(stopTimeoutSeconds),
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    children.push(child);
    const lines: { readonly sluice: string; readonly outcome?: string }[] = [];
    const waiting: { readonly event: string; readonly resolve: () => void }[] = [];
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (text) => {
      const line = JSON.parse(text);
      lines.push(line);
      for (const one of waiting) if (one.event === line.sluice) one.resolve();
    });
    return {
      child,
      lines,
      send: (milliseconds: number) =>
        sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: String(milliseconds) })),
      sees: (event: string): Promise<void> =>
        lines.some((line) => line.sluice === event)
          ? Promise.resolve()
          : new Promise((resolve) => waiting.push({ event, resolve })),
      inFlight: async (): Promise<number> => Number((await counts(url)).ApproximateNumberOfMessagesNotVisible),
      visible: async (): Promise<number> => Number((await counts(url)).ApproximateNumberOfMessages),
      exit: new Promise<number | null>((resolve) => child.once('exit', resolve)),
    };
  };
  const counts = async (url: string): Promise<Record<string, string | undefined>> =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes ?? {};
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('finishes its job after SIGTERM, takes no other, and exits with 0', async () => {
    const worker = await start('sigterm');
    await worker.send(400);
    await until(async () => (await worker.inFlight()) === 1);
    worker.child.kill('SIGTERM');
    await worker.sees('stopping');
    await worker.send(1);
    expect(await worker.exit).toBe(0);
    expect(worker.lines.map((line) => line.outcome ?? line.sluice)).toEqual(['ready', 'stopping', 'done', 'stopped']);
    expect([await worker.inFlight(), await worker.visible()]).toEqual([0, 1]);
  });

  it('gives back at once what it cannot finish in time', async () => {
    const worker = await start('give-back', 2);
    await worker.send(60_000);
    await until(async () => (await worker.inFlight()) === 1);
    worker.child.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect([await worker.inFlight(), await worker.visible()]).toEqual([0, 1]);
  });

  it('leaves Ctrl-C to its host, hears "stop" from it, and does not outlive it', async () => {
    const worker = await start('hosted');
    await worker.sees('ready');
    worker.child.kill('SIGINT');
    await worker.send(50);
    await worker.sees('job');
    worker.child.send('stop');
    expect(await worker.exit).toBe(0);

    const orphan = await start('orphan');
    await orphan.sees('ready');
    await orphan.send(60_000);
    await until(async () => (await orphan.inFlight()) === 1);
    orphan.child.disconnect();
    await orphan.exit;
  });
});
