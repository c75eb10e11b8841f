import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { defaultConfigFile, loadConfig } from '../../config/load.ts';
import { BadInput } from '../../model/bad-input.ts';
import { parameterPath, type ServiceBinding } from '../../model/binding.ts';
import { readBindings } from '../../observe/bindings.ts';

/** A deployed stage, found by its parameters alone. */
export interface DeployedStage {
  readonly name: string;
  readonly region: string;
  readonly table: string;
  readonly bindings: readonly ServiceBinding[];
  readonly clients: {
    readonly dynamo: DynamoDBClient;
    readonly ecs: ECSClient;
    readonly sqs: SQSClient;
  };
}

/** The stage that a config names. Throws BadInput when there is no config either. */
export const configuredStage = async (file: string = defaultConfigFile): Promise<string> => {
  const { config } = await loadConfig(file);
  return config.stage;
};

/**
 * Credentials and region as the SDK finds them. Throws BadInput when there is no such stage in this account and region,
 * and an error with one plain sentence when AWS cannot be asked.
 */
export const openStage = async (name: string, inRegion?: string): Promise<DeployedStage> => {
  const ssm = new SSMClient(inRegion === undefined ? {} : { region: inRegion });
  const region = await regionOf(ssm);
  const { bindings, issues } = await readBindings(ssm, parameterPath(name)).catch((error: unknown) => {
    throw new Error(`stage ${name} cannot be read in ${region}: ${sentenceOf(error)}`, { cause: error });
  });
  ssm.destroy();
  for (const issue of issues) process.stderr.write(`warning: ${issue.message}\n`);
  if (bindings.length === 0) throw noStage(name, region);
  const table = bindings.find((binding) => binding.table !== undefined)?.table;
  if (table === undefined) throw olderStage(name);
  const client = { region };
  return {
    name,
    region,
    table,
    bindings: bindings.toSorted((a, b) => (a.plan.service < b.plan.service ? -1 : 1)),
    clients: { dynamo: new DynamoDBClient(client), ecs: new ECSClient(client), sqs: sqsClient(client) },
  };
};

/** By region or AWS_ENDPOINT_URL, as the functions do: a queue's URL names AWS also where an emulator answers. */
const sqsClient = (settings: { readonly region: string }): SQSClient =>
  new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });

export const stageLabel = ({ name, region }: DeployedStage): string => `stage ${name} in ${region}`;

const regionOf = async (ssm: SSMClient): Promise<string> => {
  try {
    return await ssm.config.region();
  } catch {
    throw new BadInput([
      {
        path: 'AWS_REGION',
        found: 'no region',
        expected: 'the region that the stage is deployed in',
        mend: 'Set AWS_REGION or a profile, or name a log file with --log.',
      },
    ]);
  }
};

const noStage = (name: string, region: string): BadInput =>
  new BadInput([
    {
      path: '--stage',
      found: `"${name}", of which nothing is known in ${region} with these credentials`,
      expected: 'a stage that is deployed there',
      mend: 'Check --stage, AWS_REGION and AWS_PROFILE; "cdk deploy" makes a stage; --log FILE reads a file.',
    },
  ]);

const olderStage = (name: string): Error =>
  new Error(`stage ${name} was deployed by a version that does not say which table it uses: deploy it again`);

const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (/credential/i.test(error.name) || /credential/i.test(error.message))
    return `there are no AWS credentials (${error.message})`;
  return `${error.name}: ${error.message}`;
};
