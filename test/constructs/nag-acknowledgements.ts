export interface Acknowledgement {
  /** Of the resources that it holds for, as the construct path ends. */
  readonly path: RegExp;
  readonly id: string;
  readonly reason: string;
}

/** Every AwsSolutions finding in the stack of sluice.config.ts that stays, one by one. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    path: /^sluice\/Network\/Resource$/,
    id: 'AwsSolutions-VPC7',
    reason:
      'Flow logs are billed by the gigabyte of every byte that workers move. Nothing can come in, and who wants the log brings an own VPC.',
  },
  {
    path: /^sluice\/Cluster\/Resource$/,
    id: 'AwsSolutions-ECS4',
    reason:
      'Container Insights cost by the metric and task, more than Sluice itself; Sluice reads what is free. Who wants them brings an own cluster.',
  },
  {
    path: /^sluice\/Services\/[^/]+\/Worker[^/]*\/Task\/Resource$/,
    id: 'AwsSolutions-ECS2',
    reason:
      'Names, URLs and numbers only (docs/architecture.md, worker container environment). No secret is among them.',
  },
  {
    path: /^sluice\/Services\/[^/]+\/Role\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task/<ClusterEB0386A7>/*]',
    reason:
      'Task protection of tasks that do not exist yet: their ids are not known, the cluster is, and a condition names it too.',
  },
  {
    path: /^sluice\/Execution\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'ecr:GetAuthorizationToken, which has no resource level. What may be pulled with the token is one repository.',
  },
  {
    path: /^sluice\/Scaler\/Tick\/Role\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'cloudwatch:GetMetricData, which has no resource level and only reads.',
  },
  {
    path: /^sluice\/Scaler\/Tick\/Role\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/sluice/sluice/*]',
    reason: 'ssm:GetParametersByPath reads the bindings below the path of this stage, one or more for each service.',
  },
  {
    path: /^sluice\/Scaler\/SchedulerRole\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::<ScalerTickHandlerF05B8786.Arn>:*]',
    reason: "CDK's grantInvoke: the versions and aliases of this one function.",
  },
  {
    path: /^sluice\/Scaler\/SchedulerRole\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::<ScalerHolidaysHandler4396FA3E.Arn>:*]',
    reason: "CDK's grantInvoke: the versions and aliases of this one function.",
  },
];

/** What they find in the weekly report, which the config above does not ask for. */
export const reportAcknowledgements: readonly Acknowledgement[] = [
  {
    path: /^sluice\/Report\/Bucket\/Resource$/,
    id: 'AwsSolutions-S1',
    reason:
      'Access logs want a bucket of their own, which would need one as well. A handful of objects a week; CloudTrail data events see every access.',
  },
  {
    path: /^sluice\/Report\/Function\/Role\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/sluice/sluice/*]',
    reason: 'ssm:GetParametersByPath reads the bindings below the path of this stage, one or more for each service.',
  },
  {
    path: /^sluice\/Report\/Function\/Role\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::<ReportBucket83562F83.Arn>/reports/sluice/*]',
    reason: 'The reports of this stage, one folder for each week to come, in the bucket that is made for them.',
  },
  ...['identity', 'configuration-set'].map((resource) => ({
    path: /^sluice\/Report\/Function\/Role\/Resource$/,
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:${resource}/*]`,
    reason:
      "The identity may be the sender's address or its domain, and in its sandbox SES asks for those of the readers; a condition names the one sender.",
  })),
  {
    path: /^sluice\/Report\/SchedulerRole\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::<ReportFunctionHandler3543DCE8.Arn>:*]',
    reason: "CDK's grantInvoke: the versions and aliases of this one function.",
  },
  {
    path: /^sluice\/Report\/Function\/Role\/Resource$/,
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'Describe, List, price and cost calls, which only read and have no resource level in IAM (lib/model/report-rights.ts).',
  },
];
