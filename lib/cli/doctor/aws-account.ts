import {
  ApplicationAutoScalingClient,
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { AccountPort } from '../../doctor/collect-facts.ts';
import { AwsObserver } from '../../observe/observer.ts';
import { readWorkTotals } from '../../observe/work-totals.ts';
import { settingsAt } from '../../schedule/settings-at.ts';
import type { DeployedStage } from '../operate/stage.ts';
import { alarmSeen, queueSeen, serviceSeen, taskDefinitionSeen } from './seen.ts';
import { StackReader } from './stack-reader.ts';

/** Who answers nothing within this time is not known. */
const answerSeconds = 20;

/** A live account (or what AWS_ENDPOINT_URL points at), each question as few calls as it takes. */
export const awsAccount = ({ region, table, clients }: DeployedStage, now: number): AccountPort => {
  const settings = { region, maxAttempts: 2 };
  const scaling = new ApplicationAutoScalingClient(settings);
  const cloudwatch = new CloudWatchClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  const ec2 = new EC2Client(settings);
  const iam = new IAMClient(settings);
  const quotas = new ServiceQuotasClient(settings);
  const sns = new SNSClient(settings);
  const stacks = new StackReader(settings);
  const { ecs, sqs, dynamo } = clients;
  const options = () => ({ abortSignal: AbortSignal.timeout(answerSeconds * 1000) });
  return {
    service: async (cluster, name) => {
      const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }), options());
      const [service] = services;
      return service && serviceSeen(service);
    },
    taskDefinition: async (arn) => {
      const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }), options());
      return answer.taskDefinition && taskDefinitionSeen(answer.taskDefinition);
    },
    zones: async (subnets) => {
      if (subnets.length === 0) return [];
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...subnets] }), options());
      return Subnets.flatMap(({ AvailabilityZone }) => AvailabilityZone ?? []);
    },
    queue: async (url) => {
      const query = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
      return queueSeen((await sqs.send(query, options())).Attributes ?? {});
    },
    topic: async (arn) => {
      const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }), options());
      const { SubscriptionsConfirmed = '0', SubscriptionsPending = '0' } = Attributes;
      return { arn, confirmed: Number(SubscriptionsConfirmed), pending: Number(SubscriptionsPending) };
    },
    owner: (arn) => stacks.owner(arn),
    tickRole: (stage) => stacks.tickRole(stage),
    denied: async (role, rights) => {
      const answers = await Promise.all(
        rights.map(({ actions, resources, context = {} }) =>
          iam.send(
            new SimulatePrincipalPolicyCommand({
              PolicySourceArn: role,
              ActionNames: [...actions],
              ResourceArns: [...resources],
              ContextEntries: Object.entries(context).map(([key, values]) => ({
                ContextKeyName: key,
                ContextKeyType: 'string',
                ContextKeyValues: [...values],
              })),
            }),
            options(),
          ),
        ),
      );
      const denied = answers
        .flatMap(({ EvaluationResults = [] }) => EvaluationResults)
        .filter(({ EvalDecision }) => EvalDecision !== 'allowed');
      return [...new Set(denied.flatMap(({ EvalActionName }) => EvalActionName ?? []))];
    },
    jobSeconds: async (service) => {
      const totals = await readWorkTotals(dynamo, table, service, AbortSignal.timeout(answerSeconds * 1000));
      const { completed = 0, serviceMs = 0 } = totals?.counts ?? {};
      return completed > 0 ? serviceMs / 1000 / completed : undefined;
    },
    signals: async (binding, names) => {
      const observer = new AwsObserver({ ...clients, cloudwatch }, table);
      const policy = { type: 'targetTracking', signals: names.map((signal) => ({ signal, target: 1 })) } as const;
      const target = { binding, settings: { ...settingsAt(binding.plan, now), policy }, previousWork: undefined };
      const [seen] = await observer.observe([target], now, AbortSignal.timeout(answerSeconds * 1000));
      return seen?.observation.signals ?? {};
    },
    targets: (ids) =>
      collect(
        paginateDescribeScalableTargets({ client: scaling }, { ServiceNamespace: 'ecs', ResourceIds: [...ids] }),
        ({ ScalableTargets = [] }) => ScalableTargets,
      ),
    policies: (ids) =>
      collect(
        paginateDescribeScalingPolicies({ client: scaling }, { ServiceNamespace: 'ecs' }),
        ({ ScalingPolicies = [] }) => ScalingPolicies.filter(({ ResourceId = '' }) => ids.includes(ResourceId)),
      ),
    vcpuQuota: async () => {
      const query = new GetServiceQuotaCommand({ ServiceCode: 'fargate', QuotaCode: 'L-3032A538' });
      const value = (await quotas.send(query, options())).Quota?.Value;
      if (value === undefined) throw new Error('the quota L-3032A538 has no value');
      return value;
    },
    alarms: () =>
      collect(paginateDescribeAlarms({ client: cloudwatch }, {}), ({ MetricAlarms = [] }) =>
        MetricAlarms.map(alarmSeen),
      ),
    logGroups: async (stage, names) => {
      const all = [...names, ...(await stacks.logGroups(stage))];
      const pages = await Promise.all(
        all.map((name) => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 10 }), options())),
      );
      return pages
        .flatMap(({ logGroups = [] }) => logGroups)
        .filter(({ logGroupName = '' }) => all.includes(logGroupName))
        .map(({ logGroupName = '', retentionInDays }) => ({
          name: logGroupName,
          ...(retentionInDays !== undefined && { retentionDays: retentionInDays }),
        }));
    },
    recoverable: async (name) => {
      const answer = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName: name }), options());
      const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      return recovery?.PointInTimeRecoveryStatus === 'ENABLED';
    },
  };
};

const collect = async <Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[],
): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const page of pages) all.push(...items(page));
  return all;
};
