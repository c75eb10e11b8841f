import { createHash } from 'node:crypto';
import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlertPlan } from '../model/alert-plan.ts';
import { BadInput } from '../model/bad-input.ts';
import { parameterPath } from '../model/binding.ts';
import { distinctPlaces } from '../model/holiday-dates.ts';
import { faultsOf } from './adopt/one-writer.ts';
import { BindingParameters } from './bindings/binding-parameters.ts';
import { shardsOf } from './bindings/shards.ts';
import { HolidayFunction } from './holiday-function.ts';
import { HolidaySchedule } from './holiday-schedule.ts';
import type { ScaledService } from './scaled-service.ts';
import { StateTable } from './state-table.ts';
import { FailingTicksAlarm } from './tick/failing-ticks-alarm.ts';
import { HeartbeatAlarm } from './tick/heartbeat-alarm.ts';
import {
  byName,
  metricData,
  type NamedServices,
  parametersByPath,
  queueCounts,
  serviceCounts,
  stateItems,
  taskRoles,
} from './tick/scaler-permissions.ts';
import { SchedulerRole } from './tick/scheduler-role.ts';
import { TickFunction } from './tick/tick-function.ts';
import { TickQueue } from './tick/tick-queue.ts';
import { TickSchedules } from './tick/tick-schedules.ts';

export interface ScalerProps {
  readonly services: readonly ScaledService[];
  /**
   * Keeps several Sluices in one account apart.
   * @default - the stack's name
   */
  readonly stage?: string;
  /** @default - a StateTable, kept when the stack goes */
  readonly table?: dynamodb.ITable;
  /**
   * Of the table, when none is given.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - alerts are recorded, and nobody is told */
  readonly alerts?: { readonly rules: AlertPlan; readonly topic: sns.ITopic };
  /** @default - the topic of the alerts */
  readonly alarmTopic?: sns.ITopic;
  /** @default - `functions/tick.ts`, bundled */
  readonly code?: lambda.Code;
  /**
   * Services that rights reach by name instead of by reference.
   * @default - none
   */
  readonly named?: NamedServices;
  /**
   * Where the binding of a service is written, by its name: in a stack that is deployed after this one. The service must
   * be one of `named`.
   * @default - here
   */
  readonly bindIn?: ReadonlyMap<string, Construct>;
}

/** All that keeps services at the right count: schedules, the tick function, its queue, table and bindings, one alarm. */
export class Scaler extends Construct {
  readonly table: dynamodb.ITable;
  readonly handler: lambda.Function;
  /** Only when the calendar of some service has a country. */
  readonly holidays?: lambda.Function;
  readonly tickQueue: TickQueue;
  /** Where the functions log. */
  readonly logGroup: logs.ILogGroup;
  readonly heartbeat: cloudwatch.Alarm;
  /** A token that changes with the bindings: in a function's environment it makes Lambda start that function anew. */
  readonly configHash: string;
  private readonly path: string;

  constructor(scope: Construct, id: string, props: ScalerProps) {
    super(scope, id);
    if (props.services.length === 0) throw new Error(`${this.node.path}: a Scaler needs at least one service.`);
    const stage = props.stage ?? Stack.of(this).stackName;
    this.path = parameterPath(stage);
    this.refuseTwin(stage);
    this.table = props.table ?? new StateTable(this, 'Table', { removalPolicy: props.removalPolicy });
    this.tickQueue = new TickQueue(this, 'Queue', { functionTimeout: tickTimeout });
    const shards = shardsOf(props.services);
    const bindings = this.bind(shards, props);
    this.configHash = this.hashOf(props.services, bindings);
    const logGroup = new logs.LogGroup(this, 'Log', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroup = logGroup;
    this.handler = new TickFunction(this, 'Tick', {
      timeout: tickTimeout,
      logGroup,
      code: props.code,
      environment: {
        ...this.environment(stage, props.bindIn !== undefined && props.bindIn.size > 0),
        ...alertEnvironment(props.alerts),
      },
    }).handler;
    // It reads the bindings when it starts: started anew before they are written, it would go on with the old ones.
    this.handler.node.addDependency(...bindings.filter((binding) => Stack.of(binding) === Stack.of(this)));
    this.permit(props.services, props.named);
    this.holidays = this.keepHolidays(props.services, logGroup);
    this.feed(shards.keys());
    // At synthesis, since an autoscaler may be added to a service after its Scaler.
    this.node.addValidation({ validate: () => props.services.flatMap((service) => faultsOf(this, service)) });
    const topic = props.alarmTopic ?? props.alerts?.topic;
    this.heartbeat = new HeartbeatAlarm(this, 'Heartbeat', { handler: this.handler, topic });
    if (props.alerts !== undefined) {
      props.alerts.topic.grantPublish(this.handler);
      new FailingTicksAlarm(this, 'FailingTicks', { handler: this.handler, topic: topic ?? props.alerts.topic });
    }
  }

  /** Each tick function reads all that lies under its stage's path: two would scale each other's services. */
  private refuseTwin(stage: string): void {
    const twin = this.node.root.node
      .findAll()
      .find((other): other is Scaler => other instanceof Scaler && other !== this && other.path === this.path);
    if (twin === undefined) return;
    throw new BadInput([
      {
        path: `${this.node.path}.stage`,
        found: `"${stage}", the stage of ${twin.node.path} too`,
        expected: 'a stage of its own for each Scaler',
        mend: 'Give one Scaler all services, or give each a "stage".',
      },
    ]);
  }

  private bind(
    shards: ReadonlyMap<string, readonly ScaledService[]>,
    props: ScalerProps,
  ): readonly BindingParameters[] {
    const here = new Construct(this, 'Bindings');
    const alertTopic = props.alerts?.topic.topicArn;
    const where = { path: this.path, table: this.table.tableName, ...(alertTopic !== undefined && { alertTopic }) };
    return [...shards].flatMap(([shard, targets]) =>
      targets.map((target) => {
        const { service } = target.plan;
        return new BindingParameters(props.bindIn?.get(service) ?? here, service, { ...where, shard, target });
      }),
    );
  }

  private environment(stage: string, bindingsFollow: boolean): Record<string, string> {
    return {
      SLUICE_STAGE: stage,
      SLUICE_TABLE: this.table.tableName,
      SLUICE_PARAMETER_PATH: this.path,
      SLUICE_TICK_QUEUE_URL: this.tickQueue.queue.queueUrl,
      // A function reads its bindings once; a changed variable makes Lambda start it anew after a deploy.
      SLUICE_CONFIG_HASH: this.configHash,
      // It has started anew by the time that later stacks write theirs.
      ...(bindingsFollow ? { SLUICE_BINDINGS_SECONDS: '300' } : {}),
      POWERTOOLS_SERVICE_NAME: 'sluice-tick',
      POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
    };
  }

  private hashOf(services: readonly ScaledService[], bindings: readonly BindingParameters[]): string {
    const stack = Stack.of(this);
    return Lazy.string({
      produce: () =>
        shortHash(JSON.stringify(stack.resolve([bindings.map(({ binding }) => binding), services.map(definitionsOf)]))),
    });
  }

  private permit(all: readonly ScaledService[], named: NamedServices | undefined): void {
    const services = all.filter(({ plan }) => named?.names.has(plan.service) !== true);
    const resizes = all.some(({ tasks = [] }) => tasks.length > 1);
    for (const statement of [
      ...queueCounts(services),
      ...serviceCounts(services),
      ...taskRoles(services),
      ...(named ? byName(Stack.of(this), named, resizes) : []),
      metricData(),
      parametersByPath(Stack.of(this), this.path),
      stateItems(this.table),
    ]) {
      this.handler.addToRolePolicy(statement);
    }
    this.tickQueue.queue.grantSendMessages(this.handler);
  }

  private keepHolidays(services: readonly ScaledService[], logGroup: logs.ILogGroup): lambda.Function | undefined {
    const places = distinctPlaces(services.flatMap(({ plan }) => plan.calendar.place ?? []));
    if (places.length === 0) return undefined;
    return new HolidayFunction(this, 'Holidays', { places, table: this.table, logGroup }).handler;
  }

  private feed(shards: Iterable<string>): void {
    const { deadLetterQueue } = this.tickQueue;
    const handlers = [this.handler, ...(this.holidays ? [this.holidays] : [])];
    const role = new SchedulerRole(this, 'SchedulerRole', { handlers, deadLetterQueue });
    new TickSchedules(this, 'Schedules', { handler: this.handler, shards, deadLetterQueue, role });
    if (this.holidays !== undefined) {
      new HolidaySchedule(this, 'Daily', { handler: this.holidays, deadLetterQueue, role });
    }
    this.handler.addEventSource(
      new SqsEventSource(this.tickQueue.queue, {
        // One tick an invocation: a batch would hold the first tick back until the last one came, and one failure would
        // cost them all. No maximum concurrency: it keeps five pollers busy for ever, and the version condition serialises.
        batchSize: 1,
        reportBatchItemFailures: true,
      }),
    );
  }
}

const alertEnvironment = (alerts: ScalerProps['alerts']): Record<string, string> =>
  alerts === undefined
    ? {}
    : { SLUICE_ALERTS: JSON.stringify(alerts.rules), SLUICE_ALERT_TOPIC: alerts.topic.topicArn };

/** What makes a new revision: the ARN in the binding is the same token before and after. */
const definitionsOf = ({ tasks = [] }: ScaledService): unknown =>
  tasks.map(({ taskDefinition: { node } }) => {
    const task = node.defaultChild;
    if (!(task instanceof CfnTaskDefinition)) throw new Error(`${node.path}: no task definition resource`);
    return Stack.of(task).resolve([task.containerDefinitions, task.cpu, task.memory, task.runtimePlatform]);
  });

const tickTimeout = Duration.seconds(30);

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
