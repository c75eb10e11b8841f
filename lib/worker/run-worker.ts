import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { BadInput } from '../model/bad-input.ts';
import { dynamoBeacon } from './beacon/dynamo-beacon.ts';
import { dynamoSignals } from './beacon/dynamo-signals.ts';
import type { Gauges } from './beacon/signal-beacon.ts';
import { systemClock } from './clock.ts';
import { createWorker, type Worker } from './create-worker.ts';
import { dynamoMarks } from './delivery/dynamo-marks.ts';
import type { DownstreamOptions } from './downstream/downstream.ts';
import { handlersByType, type JobTypes } from './handlers/handlers-by-type.ts';
import { type JobHandlers, singleHandler } from './handlers/job-handlers.ts';
import { type ThreadPoolOptions, threadPool } from './handlers/thread-pool.ts';
import type { WorkerMetrics } from './health/worker-metrics.ts';
import type { JobHandler } from './job.ts';
import { collectGarbage } from './memory/collect-garbage.ts';
import { createReadMemory } from './memory/memory-limit.ts';
import { newBeaconClient, newMarksClient, newSqsClient } from './new-clients.ts';
import type { AgentPort, JobLifecycle } from './ports.ts';
import { s3Payloads } from './queue/s3-payloads.ts';
import { sqsQueue } from './queue/sqs-queue.ts';
import type { JobRecords } from './records/job-records.ts';
import { ecsAgent } from './task/ecs-agent.ts';
import { errorText, type WorkerLog, writeToStdout } from './worker-log.ts';
import { readWorkerSettings, type WorkerSettings, type WorkerSettingsInput } from './worker-settings.ts';

interface CommonOptions extends WorkerSettingsInput {
  /** How this task may call what it depends on, by name; unnamed ones have the default pools and circuit. */
  readonly downstreams?: Readonly<Record<string, DownstreamOptions>>;
  /** Who keeps records of the jobs. Default: the jobs table, where SLUICE_JOBS_TABLE names one. */
  readonly lifecycle?: JobLifecycle;
  /** Threads for handlers given as a file. */
  readonly threads?: ThreadPoolOptions;
  /** Custom signals, asked for once a window: `{ connections: () => pool.size }`. A handler reports with `context.report`. */
  readonly signals?: Gauges;
  readonly sqs?: SQSClient;
  /** Give it `maxAttempts: 1`, or a beat that timed out may be counted twice. */
  readonly dynamodb?: DynamoDBClient;
  /** `null`: no scale-in protection, also on ECS. */
  readonly agent?: AgentPort | null;
  /** Default: JSON lines on stdout. */
  readonly log?: WorkerLog;
  /** Default: the process' environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** One handler for all jobs, or handlers by type (the message attribute `jobType`). */
export type RunWorkerOptions<Schemas extends Record<string, StandardSchemaV1> = Record<string, StandardSchemaV1>> =
  CommonOptions &
    (
      | { readonly handler: JobHandler; readonly handlers?: never }
      | { readonly handlers: JobTypes<Schemas>; readonly handler?: never }
    );

/**
 * Works on the jobs of the service's queues until the task is told to stop, then ends the process with code 0.
 * On ECS the environment of the container says everything; each value may be given as an option instead.
 * @throws BadInput when the environment and the options leave something open.
 */
export const runWorker = async <Schemas extends Record<string, StandardSchemaV1>>(
  options: RunWorkerOptions<Schemas>,
): Promise<never> => {
  const environment = options.environment ?? process.env;
  const settings = readWorkerSettings(options, environment);
  const { table, service, healthPort } = settings;
  const dynamodb = table === undefined ? undefined : (options.dynamodb ?? newBeaconClient());
  const metrics = healthPort === undefined ? undefined : await newMetrics(service);
  const writeLine = options.log ?? writeToStdout;
  const sqs = options.sqs ?? newSqsClient();
  const records = await recordsOf(environment, settings, sqs);
  const worker = createWorker({
    settings,
    handlers: handlersOf(options, settings),
    marks: table === undefined ? undefined : dynamoMarks(newMarksClient(), table, service, systemClock.now),
    lifecycle: options.lifecycle ?? records?.lifecycle,
    once: records?.once,
    resolveBody: s3Payloads(settings.jobsBucket),
    downstreams: options.downstreams,
    queues: sqsQueue(sqs),
    beacon: dynamodb && dynamoBeacon(dynamodb, table ?? '', service),
    signalPort: dynamodb && dynamoSignals(dynamodb, table ?? '', service),
    gauges: options.signals,
    readMemory: createReadMemory(environment, settings.memoryLimitMiB),
    collectGarbage,
    agent: options.agent === null ? undefined : (options.agent ?? ecsAgent(environment)),
    clock: systemClock,
    uniform: Math.random,
    log:
      metrics === undefined
        ? writeLine
        : (line) => {
            metrics.see(line);
            writeLine(line);
          },
  });
  heedTheProcess(worker, environment);
  if (metrics !== undefined) await serveHealth(worker, settings, metrics, writeLine);
  await worker.run();
  await stdoutFlushed();
  process.exit(0);
};

const handlersOf = <Schemas extends Record<string, StandardSchemaV1>>(
  options: RunWorkerOptions<Schemas>,
  settings: WorkerSettings,
): JobHandlers => {
  const { handler, handlers } = options;
  if (handlers !== undefined) return handlersByType(handlers, settings, threadPool(options.threads));
  if (handler !== undefined) return singleHandler(handler, settings);
  throw new BadInput([
    {
      path: 'handler',
      found: 'neither `handler` nor `handlers`',
      expected: 'one of the two',
      mend: 'runWorker({ handler: async (job) => … }), or handlers by job type.',
    },
  ]);
};

/** Loaded only where it is wanted: it costs some megabytes. */
const newMetrics = async (service: string): Promise<WorkerMetrics> => {
  const { createWorkerMetrics } = await import('./health/worker-metrics.ts');
  return createWorkerMetrics(service);
};

/** A port that is taken must not keep the jobs waiting. */
const serveHealth = async (
  worker: Worker,
  { service, healthPort = 0, healthHost = '127.0.0.1' }: WorkerSettings,
  metrics: WorkerMetrics,
  writeLine: WorkerLog,
): Promise<void> => {
  const say = (details: object): void => writeLine({ sluice: 'health', service, at: systemClock.now(), ...details });
  try {
    const { startHealthServer } = await import('./health/health-server.ts');
    const { vitals, state } = worker;
    const { port } = await startHealthServer({
      port: healthPort,
      host: healthHost,
      clock: systemClock,
      vitals,
      state,
      metrics,
    });
    say({ host: healthHost, port });
  } catch (error) {
    say({ host: healthHost, port: healthPort, error: errorText(error) });
  }
};

/** Loaded only where there are records: the clients take memory. */
const recordsOf = async (
  environment: Readonly<Record<string, string | undefined>>,
  { queues }: WorkerSettings,
  sqs: SQSClient,
): Promise<JobRecords | undefined> => {
  if (!environment.SLUICE_JOBS_TABLE) return undefined;
  const { jobRecords } = await import('./records/job-records.ts');
  return jobRecords({ environment, queues, sqs, clock: systemClock });
};

/**
 * SIGTERM is how ECS says stop, a Spot interruption two minutes ahead too. A local host has an IPC channel to us: it
 * says `stop` there too (Windows knows no SIGTERM), its death breaks the channel, and Ctrl-C, which reaches the whole
 * process group, is its business.
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
