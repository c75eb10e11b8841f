import { localAccount, localRegion } from '../client-environment.ts';
import type { CreatedResource, ResolvedResource } from './creator.ts';
import { physicalName } from './physical-name.ts';

/**
 * Types that a template may hold and that do nothing on this machine: who may do what, networks, where logs go, and
 * pictures. Listed one by one, so that a type that does matter is refused instead of forgotten.
 */
export const inertTypes: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::Budgets::Budget',
  'AWS::CloudWatch::Dashboard',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkAclEntry',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetNetworkAclAssociation',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECR::Repository',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Where the template may name such a resource itself. */
const nameProperties: readonly string[] = [
  'RoleName',
  'LogGroupName',
  'Name',
  'RepositoryName',
  'AliasName',
  'DashboardName',
];

/** A resource that is nothing but a name. Its ARN follows AWS' rule where one is known; every other attribute counts as invented. */
export const inertResource = (resource: ResolvedResource): CreatedResource => {
  const given = nameProperties.map((name) => resource.properties[name]).find((name) => typeof name === 'string');
  const ref = typeof given === 'string' ? given : physicalName(resource.stack, resource.logicalId);
  const arn = arnRules[resource.type]?.(ref);
  return arn === undefined ? { ref } : { ref, attributes: { Arn: arn } };
};

const regional = `${localRegion}:${localAccount}`;
const arnRules: Readonly<Record<string, (name: string) => string>> = {
  'AWS::IAM::Role': (name) => `arn:aws:iam::${localAccount}:role/${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${regional}:log-group:${name}:*`,
  'AWS::KMS::Key': (name) => `arn:aws:kms:${regional}:key/${name}`,
  'AWS::ECR::Repository': (name) => `arn:aws:ecr:${regional}:repository/${name}`,
  'AWS::Scheduler::ScheduleGroup': (name) => `arn:aws:scheduler:${regional}:schedule-group/${name}`,
};
