import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { build } from 'esbuild';

export interface WorkerTiming {
  /** The best of several runs with 4 and 8 bare loops at a time. */
  readonly bareJobsPerSecond: number;
  readonly workerJobsPerSecond: number;
  readonly ratio: number;
  readonly bareNodeMiB: number;
  /** When the first job came. */
  readonly idleWorkerMiB: number;
  /** After the last one. */
  readonly workerMiB: number;
  readonly bareLoopMiB: number;
  /** CPU time of the runtime over that of the bare loop, for the same jobs. */
  readonly cpuRatio: number;
}

const jobs = 10_000;
const mib = 1024 * 1024;
const client = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** No-op jobs a second through the runtime, and through a bare receive-delete loop, against the same local SQS. */
export const benchWorker = async (): Promise<WorkerTiming> => {
  const server = start(fileURLToPath(new URL('sqs-server.ts', import.meta.url)), {});
  const folder = await bundle();
  try {
    const { endpoint } = await answer<{ readonly endpoint: string }>(server);
    const sqs = new SQSClient({
      region: client.AWS_REGION,
      endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    let queues = 0;
    const measure = async (program: string, ...args: readonly string[]): Promise<Measured> => {
      queues += 1;
      const url = await filledQueue(sqs, `bench-${queues}`);
      const child = start(
        join(folder, `${program}.mjs`),
        {
          AWS_ENDPOINT_URL: endpoint,
          BENCH_QUEUE_URL: url,
          BENCH_JOBS: String(jobs),
          SLUICE_SERVICE: 'bench',
          SLUICE_CONCURRENCY: process.env.BENCH_CONCURRENCY ?? '100',
          SLUICE_QUEUES: JSON.stringify([{ name: 'jobs', url, startWithinSeconds: 60 }]),
        },
        args,
      );
      try {
        return await answer<Measured>(child);
      } finally {
        child.kill('SIGKILL');
      }
    };
    // In turn, and the best of each: the machine has other things to do now and then.
    const bare: Measured[] = [];
    const worker: Measured[] = [];
    for (const loops of ['4', '8', '8']) {
      bare.push(await measure('bare-loop', loops));
      worker.push(await measure('no-op-worker', loops));
    }
    const bareNode = await answer<Measured>(start(join(folder, 'bare-node.mjs'), {}));
    sqs.destroy();
    const bareJobsPerSecond = Math.max(...bare.map((one) => one.jobsPerSecond));
    const workerJobsPerSecond = Math.max(...worker.map((one) => one.jobsPerSecond));
    return {
      bareJobsPerSecond,
      workerJobsPerSecond,
      ratio: workerJobsPerSecond / bareJobsPerSecond,
      bareNodeMiB: bareNode.rssBytes / mib,
      idleWorkerMiB: Math.min(...worker.map((one) => one.idleRssBytes ?? 0)) / mib,
      workerMiB: Math.min(...worker.map((one) => one.rssBytes)) / mib,
      bareLoopMiB: Math.min(...bare.map((one) => one.rssBytes)) / mib,
      cpuRatio: Math.min(...worker.map((one) => one.cpuMs)) / Math.min(...bare.map((one) => one.cpuMs)),
    };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Measured {
  readonly jobsPerSecond: number;
  readonly rssBytes: number;
  readonly idleRssBytes?: number;
  readonly cpuMs: number;
}

/** As one file each, as a worker is deployed: loading hundreds of modules, and stripping their types, takes memory. */
const bundle = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  await build({
    entryPoints: ['bare-node', 'bare-loop', 'no-op-worker'].map((name) =>
      fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return folder;
};

const start = (file: string, environment: NodeJS.ProcessEnv, args: readonly string[] = []): ChildProcess =>
  fork(file, args, {
    // The young generation as small as V8 makes it in a container of 512 MiB; on a large host it grows to 48 MiB.
    execArgv: ['--max-semi-space-size=1'],
    env: { ...client, PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

const answer = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`${child.spawnargs[1]} ended with ${code} before it answered`)));
  });

const filledQueue = async (sqs: SQSClient, name: string): Promise<string> => {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const batches = Array.from({ length: jobs / 10 }, (_, i) => i);
  const sender = async (): Promise<void> => {
    for (let i = batches.pop(); i !== undefined; i = batches.pop())
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: Array.from({ length: 10 }, (_, j) => ({ Id: String(j), MessageBody: `${i}-${j}` })),
        }),
      );
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  return QueueUrl;
};
