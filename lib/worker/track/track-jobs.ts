import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoBeacon } from '../beacon/dynamo-beacon.ts';
import { dynamoSignals } from '../beacon/dynamo-signals.ts';
import type { Gauges } from '../beacon/signal-beacon.ts';
import { systemClock } from '../clock.ts';
import { newBeaconClient } from '../new-clients.ts';
import type { AgentPort } from '../ports.ts';
import { marginSeconds } from '../task/drain.ts';
import { ecsAgent } from '../task/ecs-agent.ts';
import { type WorkerLog, writeToStdout } from '../worker-log.ts';
import { readTaskSettings, readWorkerSettings, type WorkerSettingsInput } from '../worker-settings.ts';
import { createJobTracker, type JobTracker, lifeLog } from './job-tracker.ts';

export interface TrackJobsOptions extends WorkerSettingsInput {
  /** Custom signals, asked for once a window. */
  readonly signals?: Gauges;
  /** Give it `maxAttempts: 1`, or a beat that timed out may be counted twice. */
  readonly dynamodb?: DynamoDBClient;
  /** `null`: no scale-in protection, also on ECS. */
  readonly agent?: AgentPort | null;
  /** Default: JSON lines on stdout. */
  readonly log?: WorkerLog;
  /** Default: the process' environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The beacon and scale-in protection for a loop of your own (sqs-consumer, say): `await sluice.track({ id }, work)`.
 * @throws BadInput when the environment and the options leave something open.
 */
export const trackJobs = (options: TrackJobsOptions = {}): JobTracker => {
  const environment = options.environment ?? process.env;
  const withQueues = options.queues !== undefined || (environment.SLUICE_QUEUES ?? '') !== '';
  const settings = withQueues
    ? readWorkerSettings(options, environment)
    : { ...readTaskSettings(options, environment, 'trackJobs'), queues: [] };
  const { table, service } = settings;
  const dynamodb = table === undefined ? undefined : (options.dynamodb ?? newBeaconClient());
  const writeLine = options.log ?? writeToStdout;
  return createJobTracker({
    settings,
    queues: settings.queues,
    beacon: dynamodb && dynamoBeacon(dynamodb, table ?? '', service),
    signalPort: dynamodb && dynamoSignals(dynamodb, table ?? '', service),
    gauges: options.signals,
    agent: options.agent === null ? undefined : (options.agent ?? ecsAgent(environment)),
    clock: systemClock,
    uniform: Math.random,
    log: lifeLog(writeLine, service, systemClock),
    writeLine,
    marginSeconds: marginSeconds(settings.stopTimeoutSeconds),
  });
};
