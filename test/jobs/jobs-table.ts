import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '../../lib/local/emulators/start-dynamodb.ts';
import { localCredentials } from '../act/local-table.ts';

export interface JobsTable {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  readonly name: string;
  close(): Promise<void>;
}

/** The jobs table of the architecture in an emulator, empty. */
export const startJobsTable = async (): Promise<JobsTable> => {
  const emulator = await startDynamoDb();
  const client = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: 'us-east-1',
    credentials: localCredentials,
  });
  const name = 'jobs';
  await createJobsTable(client, name);
  return {
    client,
    endpoint: emulator.endpoint,
    name,
    close: async () => {
      client.destroy();
      await emulator.stop();
    },
  };
};

export const createJobsTable = async (client: DynamoDBClient, name: string): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'tenantState', AttributeType: 'S' },
        { AttributeName: 'submittedAt', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byState',
          KeySchema: [
            { AttributeName: 'tenantState', KeyType: 'HASH' },
            { AttributeName: 'submittedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 5, minDelay: 0.005, maxDelay: 0.02 }, { TableName: name });
};
