import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from './clock.ts';
import { createWorker, type Worker } from './create-worker.ts';
import { dynamoMarks } from './delivery/dynamo-marks.ts';
import { dynamoBeacon } from './dynamo-beacon.ts';
import { dynamoSignals } from './dynamo-signals.ts';
import { ecsAgent } from './ecs-agent.ts';
import { singleHandler } from './handlers/job-handlers.ts';
import type { JobHandler } from './job.ts';
import type { AgentPort, JobLifecycle } from './ports.ts';
import type { Gauges } from './signal-beacon.ts';
import { sqsQueue } from './sqs-queue.ts';
import { type WorkerLog, writeToStdout } from './worker-log.ts';
import { readWorkerSettings, type WorkerSettingsInput } from './worker-settings.ts';

export interface RunWorkerOptions extends WorkerSettingsInput {
  readonly handler: JobHandler;
  /** Custom signals, asked for once a window: `{ connections: () => pool.size }`. A handler reports with `context.report`. */
  readonly signals?: Gauges;
  readonly sqs?: SQSClient;
  /** Give it `maxAttempts: 1`, or a beat that timed out may be counted twice. */
  readonly dynamodb?: DynamoDBClient;
  /** Who keeps records of the jobs. */
  readonly lifecycle?: JobLifecycle;
  /** `null`: no scale-in protection, also on ECS. */
  readonly agent?: AgentPort | null;
  /** Default: JSON lines on stdout. */
  readonly log?: WorkerLog;
  /** Default: the process' environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Works on the jobs of the service's queues until the task is told to stop, then ends the process with code 0.
 * On ECS the environment of the container says everything; each value may be given as an option instead.
 * @throws BadInput when the environment and the options leave something open.
 */
export const runWorker = async (options: RunWorkerOptions): Promise<never> => {
  const environment = options.environment ?? process.env;
  const settings = readWorkerSettings(options, environment);
  const agent = options.agent === null ? undefined : (options.agent ?? ecsAgent(environment));
  const { table, service } = settings;
  const dynamodb = table === undefined ? undefined : (options.dynamodb ?? newDynamoClient());
  const worker = createWorker({
    settings,
    handlers: singleHandler(options.handler, settings),
    marks: table === undefined ? undefined : dynamoMarks(newMarksClient(), table, service, systemClock.now),
    lifecycle: options.lifecycle,
    queues: sqsQueue(options.sqs ?? newSqsClient()),
    beacon: dynamodb && dynamoBeacon(dynamodb, table ?? '', service),
    signalPort: dynamodb && dynamoSignals(dynamodb, table ?? '', service),
    gauges: options.signals,
    agent,
    clock: systemClock,
    uniform: Math.random,
    log: options.log ?? writeToStdout,
  });
  heedTheProcess(worker, environment);
  await worker.run();
  await stdoutFlushed();
  process.exit(0);
};

/** Longer than a long poll of 20 s. Without the limit a connection that died silently would hold the loop for ever. */
const newSqsClient = (): SQSClient =>
  new SQSClient({ requestHandler: { connectionTimeout: 3000, requestTimeout: 30_000, throwOnRequestTimeout: true } });

const newDynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });

/** Marks may be written twice. Briefly: a message waits for its mark before it goes back. */
const newMarksClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  });

/**
 * SIGTERM is how ECS says stop. A local host has an IPC channel to us: it says `stop` there too (Windows knows no
 * SIGTERM), its death breaks the channel, and Ctrl-C, which reaches the whole process group, is its business.
 */
const heedTheProcess = (worker: Worker, environment: Readonly<Record<string, string | undefined>>): void => {
  const hosted = process.send !== undefined || environment.SLUICE_LOCAL === '1';
  process.on('SIGTERM', () => worker.stop('SIGTERM'));
  process.on('SIGINT', () => {
    if (!hosted) worker.stop('SIGINT');
  });
  process.on('message', (message) => {
    if (message === 'stop') worker.stop('told by the host');
  });
  process.on('disconnect', () => process.exit(0));
  if (process.send !== undefined && !process.connected) process.exit(0);
};

/** Pipes are written asynchronously on some systems, and the last lines are those about the end. */
const stdoutFlushed = (): Promise<void> => new Promise((resolve) => process.stdout.write('', () => resolve()));
