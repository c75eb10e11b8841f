/** What the weekly report may ask of an account, source by source. Data, so that templates, pages and findings agree. */
export interface ReportRight {
  readonly title: string;
  /** IAM actions. Describe, List and price calls know no resources and need `*`; the stage's own are granted on its own. */
  readonly actions: readonly string[];
  /** What the report says less without it. */
  readonly adds: string;
}

const metrics = 'cloudwatch:GetMetricData';

/**
 * By source. The stage's own parameters (`ssm:GetParametersByPath`) and table (`dynamodb:Query`, and `GetItem` and
 * `PutItem` for what is kept between reports) are granted on those resources; everything else only on `*`.
 */
export const reportRights = {
  services: {
    title: 'Own services',
    actions: [
      'ssm:GetParametersByPath',
      'dynamodb:Query',
      'ecs:DescribeServices',
      'ecs:DescribeTaskDefinition',
      'ec2:DescribeSubnets',
      'ec2:DescribeRouteTables',
      'ec2:DescribeNetworkInterfaces',
      metrics,
    ],
    adds: 'the services of the stage: hourly tasks, jobs, waits, CPU and memory; their logs and NAT gateways',
  },
  ec2: {
    title: 'EC2 instances',
    actions: ['ec2:DescribeInstances', 'cloudwatch:ListMetrics', metrics],
    adds: 'instances: size, stop schedules, idle ones; memory where the CloudWatch agent sends it',
  },
  rds: {
    title: 'RDS',
    actions: ['rds:DescribeDBInstances', 'rds:DescribeDBParameters', 'ec2:DescribeInstanceTypes', metrics],
    adds: 'databases: size, newer classes, stop schedules, idle ones',
  },
  elasticache: {
    title: 'ElastiCache',
    actions: [
      'elasticache:DescribeReplicationGroups',
      'elasticache:DescribeCacheClusters',
      'elasticache:ListTagsForResource',
      metrics,
    ],
    adds: 'caches: size, Valkey, newer nodes, idle ones',
  },
  orphans: {
    title: 'Orphans',
    actions: ['ec2:DescribeAddresses', 'ec2:DescribeVolumes', 'ec2:DescribeNatGateways', metrics],
    adds: 'addresses and volumes attached to nothing, NAT gateways without traffic',
  },
  savingsPlans: {
    title: 'Savings Plans held',
    actions: ['savingsplans:DescribeSavingsPlans'],
    adds: 'plans that are paid for: without them savings look larger than they are',
  },
  reservations: {
    title: 'Reservations held',
    actions: [
      'ec2:DescribeReservedInstances',
      'rds:DescribeReservedDBInstances',
      'elasticache:DescribeReservedCacheNodes',
    ],
    adds: 'reservations that are paid for: without them savings look larger than they are',
  },
  bill: {
    title: 'The bill',
    actions: ['ce:GetCostAndUsage', 'sts:GetCallerIdentity'],
    adds: 'the check of our sum against the bill (USD 0.01 a request)',
  },
  prices: {
    title: 'Price list',
    actions: ['pricing:GetProducts', 'savingsplans:DescribeSavingsPlansOfferingRates'],
    adds: 'prices of today, of every Region and type; without it the bundled ones, with their date',
  },
} as const satisfies Readonly<Record<string, ReportRight>>;

export type ReportSource = keyof typeof reportRights;

/** The rights that only a resource of the stage's own needs; the rest is granted on `*`. */
export const ownResourceActions: readonly string[] = ['ssm:GetParametersByPath', 'dynamodb:Query'];

/** Every action once, sorted. */
export const reportActions = (): readonly string[] =>
  [...new Set<string>(Object.values(reportRights).flatMap(({ actions }) => [...actions]))].sort();
