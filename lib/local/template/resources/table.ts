import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { localAccount, localRegion } from '../../client-environment.ts';
import { checkProperties } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';

const honoured = [
  'AttributeDefinitions',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
] as const;
const withoutLocalEffect = [
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'TableClass',
];

/** `Ref` is the name. Items never expire here: the emulator has no TTL. */
export const createTable: Creator = async (resource, context) => {
  checkProperties(resource, [...honoured, 'TableName', 'TimeToLiveSpecification'], withoutLocalEffect);
  const { TableName, TimeToLiveSpecification } = resource.properties;
  const name = typeof TableName === 'string' ? TableName : physicalName(resource.stack, resource.logicalId);
  if (TimeToLiveSpecification !== undefined) context.ignore(`${resource.stack}.${resource.logicalId}: time to live`);
  // Template and API agree on the shape of these; the emulator checks them.
  const shape = Object.fromEntries(honoured.map((key) => [key, resource.properties[key]]));
  await context.clients.dynamoDb.send(
    new CreateTableCommand({ ...(shape as Partial<CreateTableCommandInput>), TableName: name }),
  );
  return { ref: name, attributes: { Arn: `arn:aws:dynamodb:${localRegion}:${localAccount}:table/${name}` } };
};
