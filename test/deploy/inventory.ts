import { join } from 'node:path';
import { childEnvironment, projectRoot, python } from './lane-environment.ts';
import { runWell } from './run-program.ts';

export interface Inventory {
  /** What CloudFormation made. Empty when there is no such stack. */
  readonly stack: readonly { readonly logicalId: string; readonly type: string; readonly physicalId: string }[];
  readonly clusters: readonly string[];
  readonly services: readonly {
    readonly arn: string;
    readonly cluster: string;
    readonly name: string;
    readonly desired: number;
  }[];
  readonly taskDefinitions: readonly string[];
  readonly functions: readonly { readonly name: string; readonly environment: Readonly<Record<string, string>> }[];
  readonly eventSourceMappings: readonly string[];
  readonly queues: readonly string[];
  readonly tables: readonly string[];
  readonly parameters: readonly string[];
  readonly logGroups: readonly string[];
  readonly roles: readonly string[];
  readonly vpcs: readonly string[];
  readonly schedules: readonly string[];
  readonly alarms: readonly string[];
}

/** What there really is in the account, asked of each service. */
export const takeInventory = async (endpoint: string, home: string, stack: string): Promise<Inventory> => {
  const { stdout } = await runWell(
    python('python'),
    [join(projectRoot, 'test/deploy/inventory.py'), stack],
    childEnvironment(endpoint, home),
  );
  return JSON.parse(stdout);
};

type Listed = Exclude<keyof Inventory, 'stack' | 'services' | 'functions'>;

/** Every physical name that the services themselves know, by the template type it belongs to. */
export const namesByType = (inventory: Inventory): Readonly<Record<string, readonly string[]>> => ({
  ...Object.fromEntries(Object.entries(listed).map(([type, key]) => [type, inventory[key]])),
  'AWS::ECS::Service': inventory.services.map(({ arn }) => arn),
  'AWS::Lambda::Function': inventory.functions.map(({ name }) => name),
});

const listed: Readonly<Record<string, Listed>> = {
  'AWS::ECS::Cluster': 'clusters',
  'AWS::ECS::TaskDefinition': 'taskDefinitions',
  'AWS::Lambda::EventSourceMapping': 'eventSourceMappings',
  'AWS::SQS::Queue': 'queues',
  'AWS::DynamoDB::Table': 'tables',
  'AWS::SSM::Parameter': 'parameters',
  'AWS::Logs::LogGroup': 'logGroups',
  'AWS::IAM::Role': 'roles',
  'AWS::EC2::VPC': 'vpcs',
  'AWS::Scheduler::Schedule': 'schedules',
  'AWS::CloudWatch::Alarm': 'alarms',
};
