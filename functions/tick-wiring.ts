import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AlertTopic } from '../lib/act/alert-topic.ts';
import { AppliedAdvice } from '../lib/act/applied-advice.ts';
import { breakCircuits } from '../lib/act/break-circuits.ts';
import { DecisionLog } from '../lib/act/decision-log.ts';
import { DynamoRollups } from '../lib/act/dynamo-rollups.ts';
import { DynamoStateStore } from '../lib/act/dynamo-state-store.ts';
import { EcsScaler } from '../lib/act/ecs-scaler.ts';
import { flushEverySeconds } from '../lib/act/journal-buffer.ts';
import { SqsTickSender } from '../lib/act/tick-sender.ts';
import { decide } from '../lib/decide/decide.ts';
import type { AlertPlan } from '../lib/model/alert-plan.ts';
import type { ServiceBinding } from '../lib/model/binding.ts';
import { readBindings } from '../lib/observe/bindings.ts';
import { appliedFreshSeconds } from '../lib/observe/fresh-applied.ts';
import { FreshBindings } from '../lib/observe/fresh-bindings.ts';
import { FreshHolidays } from '../lib/observe/fresh-holidays.ts';
import { readHourCosts } from '../lib/observe/hour-costs.ts';
import { AwsObserver } from '../lib/observe/observer.ts';
import { readOverrides } from '../lib/observe/overrides.ts';
import { settingsAt } from '../lib/schedule/settings-at.ts';
import { DecisionLines } from '../lib/tick/alerts/decision-lines.ts';
import type { Tick } from '../lib/tick/due.ts';
import { TickMemory } from '../lib/tick/memory.ts';
import type { AlertDelivery, TickDependencies } from '../lib/tick/ports.ts';
import type { TickOutcome } from '../lib/tick.ts';

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; the Scaler construct sets it`);
  return value;
};

export const logger = new Logger();
/** Each custom metric series costs USD 0.30 a month: none unless asked for. */
const metrics = process.env.SLUICE_METRICS === 'on' ? new Metrics() : undefined;

/** Three retries with full jitter (the SDK's standard mode), and no call that hangs. */
const client = {
  maxAttempts: 4,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2500 },
} as const;

const clients = {
  sqs: new SQSClient({ ...client, useQueueUrlAsEndpoint: false }),
  ecs: new ECSClient(client),
  dynamo: new DynamoDBClient(client),
  cloudwatch: new CloudWatchClient(client),
};
const ssm = new SSMClient(client);
const clock = { now: () => Date.now() / 1000 };
// Not the parameters: they are read once, and a function that cannot read them must go on trying.
breakCircuits(clients.sqs, 'SQS', clock);
breakCircuits(clients.ecs, 'ECS', clock);
breakCircuits(clients.dynamo, 'DynamoDB', clock);
breakCircuits(clients.cloudwatch, 'CloudWatch', clock);

const table = env('SLUICE_TABLE');
/** The local cloud's services publish more often than AWS' do. */
const metricPeriodSeconds = Number(process.env.SLUICE_METRIC_PERIOD_SECONDS ?? 60);
const flushSeconds = Number(process.env.SLUICE_FLUSH_SECONDS ?? flushEverySeconds);

/** Where the config has no `alerts`, nobody is told, and nothing is kept of them. */
const alertDelivery = (): AlertDelivery | undefined => {
  const { SLUICE_ALERTS: rules, SLUICE_ALERT_TOPIC: topicArn } = process.env;
  if (rules === undefined || topicArn === undefined) return undefined;
  const stage = env('SLUICE_STAGE');
  // No retries underneath: a message whose answer was lost would be told twice. A later tick claims it anew.
  const sns = new SNSClient({ ...client, maxAttempts: 1 });
  breakCircuits(sns, 'SNS', clock);
  return { stage, plan: JSON.parse(rules) as AlertPlan, topic: new AlertTopic(sns, topicArn, stage) };
};
const alerts = alertDelivery();

export const tickDependencies: TickDependencies = {
  clock,
  state: new DynamoStateStore(clients.dynamo, table),
  overrides: { read: (signal) => readOverrides(clients.dynamo, table, signal) },
  applied: new AppliedAdvice(clients.dynamo, table, Number(process.env.SLUICE_APPLIED_SECONDS ?? appliedFreshSeconds)),
  hourCosts: {
    read: async (scope, from, to) => {
      const all = async () => (await fresh.at(clock.now())).bindings.map(({ plan }) => plan.service);
      const services = scope === 'all' ? await all() : [scope.service];
      const hours = await Promise.all(
        services.map((service) => readHourCosts(clients.dynamo, table, service, from, to)),
      );
      return hours.flat();
    },
  },
  observer: new AwsObserver(clients, table, metricPeriodSeconds),
  scaler: new EcsScaler(clients.ecs),
  journal: new DecisionLog(clients.dynamo, table, flushSeconds),
  rollups: new DynamoRollups(clients.dynamo, table, process.env.AWS_REGION ?? '', flushSeconds),
  sender: new SqsTickSender(clients.sqs, env('SLUICE_TICK_QUEUE_URL')),
  memory: new TickMemory(),
  ...(alerts && { alerts }),
  settingsAt,
  decide,
};

const holidays = new FreshHolidays(clients.dynamo, table);
const fresh = new FreshBindings(
  () => readBindings(ssm, env('SLUICE_PARAMETER_PATH')),
  Number(process.env.SLUICE_BINDINGS_SECONDS ?? Number.POSITIVE_INFINITY),
);

/** The services of a shard. A deploy that changes a binding restarts the function, so that it reads them anew. */
export async function bindingsOf(shard: string): Promise<readonly ServiceBinding[]> {
  const { bindings, issues } = await fresh.at(clock.now());
  for (const issue of issues) logger.error('A binding does not parse; its service is not scaled', { issue });
  return holidays.apply(
    bindings.filter((binding) => binding.shard === shard),
    clock.now(),
  );
}

const lines = new DecisionLines();

/** Ticks without change stay silent unless the log level is DEBUG: a line each would cost more than the tick. */
export function reportOutcome(tick: Tick, outcome: TickOutcome): void {
  for (const { level, ...problem } of outcome.problems) {
    if (level === 'info') logger.info('applied advice', { tick, problem });
    else logger.error('Part of a tick failed', { tick, problem });
  }
  for (const { decision } of outcome.records) {
    const { service, kind, from, desired, summary, alerts, shadow } = decision;
    // Nested: `service` at the top is Powertools' own, which drops ours and warns of it.
    const line = { decision: { service, kind, from, desired, summary, shadow, alerts } };
    if (lines.isWorthALine(decision)) logger.info('decision', line);
    else logger.debug('decision', line);
  }
  if (outcome.kind !== 'done') logger.debug('no decision', { tick, why: outcome.kind });
  publishMetrics(outcome);
}

/** Published here and not by middleware, which warns of each invocation that has none. */
function publishMetrics({ kind, records }: TickOutcome): void {
  if (metrics === undefined) return;
  metrics.addMetric(`Tick_${kind}`, MetricUnit.Count, 1);
  metrics.addMetric('Actions', MetricUnit.Count, records.filter(({ decision }) => decision.kind === 'scale').length);
  metrics.publishStoredMetrics();
}
