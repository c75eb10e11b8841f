import type { ServiceBinding } from '../model/binding.ts';
import type { Observation } from '../model/observation.ts';
import type { Seconds } from '../model/units.ts';
import { resourceIdOf, type ScalableTargetSeen, type ScalingPolicySeen } from '../report/adopt/second-writer.ts';
import { thresholdSignals } from './checks/load-checks.ts';
import type {
  AlarmSeen,
  Fact,
  LogGroupSeen,
  OwnerSeen,
  QueueSeen,
  RightAsked,
  RoleSeen,
  ServiceFacts,
  ServiceSeen,
  StageFacts,
  TaskDefinitionSeen,
  TopicSeen,
} from './facts.ts';
import { tickRights, workerRights } from './rights.ts';

/** What doctor asks an account. Each may reject: then that much is not known, and the rest is. */
export interface AccountPort {
  service(cluster: string, ecsService: string): Promise<ServiceSeen | undefined>;
  taskDefinition(arn: string): Promise<TaskDefinitionSeen | undefined>;
  zones(subnets: readonly string[]): Promise<readonly string[]>;
  queue(url: string): Promise<QueueSeen>;
  owner(serviceArn: string): Promise<OwnerSeen | undefined>;
  /** Which of these a role may not do. */
  denied(roleArn: string, rights: readonly RightAsked[]): Promise<readonly string[]>;
  /** ARN of the role of the stage's tick function. */
  tickRole(stage: string): Promise<string | undefined>;
  jobSeconds(service: string): Promise<Seconds | undefined>;
  signals(binding: ServiceBinding, names: readonly string[]): Promise<Observation['signals']>;
  targets(resourceIds: readonly string[]): Promise<readonly ScalableTargetSeen[]>;
  policies(resourceIds: readonly string[]): Promise<readonly ScalingPolicySeen[]>;
  vcpuQuota(): Promise<number>;
  alarms(): Promise<readonly AlarmSeen[]>;
  logGroups(stage: string, names: readonly string[]): Promise<readonly LogGroupSeen[]>;
  recoverable(table: string): Promise<boolean>;
  topic(arn: string): Promise<TopicSeen>;
}

export interface StageToExamine {
  readonly stage: string;
  readonly region: string;
  readonly table: string;
  readonly version: string;
  readonly bindings: readonly ServiceBinding[];
}

/** Asks everything at once. Never rejects. */
export const collectFacts = async (port: AccountPort, stage: StageToExamine): Promise<StageFacts> => {
  const ids = stage.bindings.map(resourceIdOf);
  const topic = stage.bindings.find(({ alertTopic }) => alertTopic !== undefined)?.alertTopic;
  const [services, targets, policies, vcpuQuota, alarms, recoverable, alertTopic] = await Promise.all([
    Promise.all(stage.bindings.map((binding) => serviceFacts(port, binding))),
    ask('application-autoscaling:DescribeScalableTargets', () => port.targets(ids)),
    ask('application-autoscaling:DescribeScalingPolicies', () => port.policies(ids)),
    ask('servicequotas:GetServiceQuota', () => port.vcpuQuota()),
    ask('cloudwatch:DescribeAlarms', () => port.alarms()),
    ask('dynamodb:DescribeContinuousBackups', () => port.recoverable(stage.table)),
    ask('sns:GetTopicAttributes', async () => (topic === undefined ? undefined : port.topic(topic))),
  ]);
  const tickRole = await ask('cloudformation:ListStackResources, iam:GetRole, iam:SimulatePrincipalPolicy', async () =>
    roleOf(port, await port.tickRole(stage.stage), tickRights(stage, services)),
  );
  const groups = services.flatMap(({ taskDefinition }) =>
    taskDefinition.known ? (taskDefinition.value?.containers.flatMap(({ logGroup }) => logGroup ?? []) ?? []) : [],
  );
  const logGroups = await ask('logs:DescribeLogGroups', () => port.logGroups(stage.stage, [...new Set(groups)]));
  const { bindings: _, ...named } = stage;
  return { ...named, services, targets, policies, vcpuQuota, alarms, logGroups, recoverable, alertTopic, tickRole };
};

const serviceFacts = async (port: AccountPort, binding: ServiceBinding): Promise<ServiceFacts> => {
  const [service, queues, jobSeconds, signals] = await Promise.all([
    ask('ecs:DescribeServices', () => port.service(binding.cluster, binding.ecsService)),
    Promise.all(
      binding.queues.map(async ({ name, url, deadLetterUrl }) => ({
        name,
        own: await ask('sqs:GetQueueAttributes', () => port.queue(url)),
        ...(deadLetterUrl !== undefined && {
          dead: await ask('sqs:GetQueueAttributes', () => port.queue(deadLetterUrl)),
        }),
      })),
    ),
    ask('dynamodb:GetItem', () => port.jobSeconds(binding.plan.service)),
    ask('cloudwatch:GetMetricData, dynamodb:Query', () => port.signals(binding, thresholdSignals)),
  ]);
  const [taskDefinition, zones, owner] = await Promise.all([
    after(service, 'ecs:DescribeTaskDefinition', async (seen) => seen && port.taskDefinition(seen.taskDefinition)),
    after(service, 'ec2:DescribeSubnets', async (seen) => (seen ? port.zones(seen.subnets) : [])),
    after(
      service,
      'cloudformation:DescribeStackResources, cloudformation:GetTemplate',
      async (seen) => seen && port.owner(seen.arn),
    ),
  ]);
  const taskRole = await after(taskDefinition, 'iam:SimulatePrincipalPolicy', (seen) =>
    roleOf(
      port,
      seen?.taskRoleArn,
      workerRights(
        service.known ? service.value?.arn : undefined,
        queues.flatMap(({ own }) => (own.known ? own.value.arn : [])),
      ),
    ),
  );
  return { binding, service, taskDefinition, zones, queues, owner, taskRole, jobSeconds, signals };
};

const roleOf = async (
  port: AccountPort,
  arn: string | undefined,
  rights: readonly RightAsked[],
): Promise<RoleSeen | undefined> => (arn === undefined ? undefined : { arn, denied: await port.denied(arn, rights) });

const ask = async <T>(action: string, question: () => Promise<T>): Promise<Fact<T>> => {
  try {
    return { known: true, value: await question() };
  } catch (error) {
    return { known: false, action, because: error instanceof Error ? oneLine(error) : String(error) };
  }
};

/** A question that builds on another answer: without that one it is not asked. */
const after = async <A, B>(fact: Fact<A>, action: string, question: (value: A) => Promise<B>): Promise<Fact<B>> =>
  fact.known ? ask(action, () => question(fact.value)) : fact;

const oneLine = ({ name, message }: Error): string => `${name}: ${message.split('\n')[0] ?? ''}`;
