import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../../../model/units.ts';
import type { ApiKeyRecord } from './api-key.ts';

/** The keys of a stage, in its jobs table: all under `KEYS`, one item each. */
export interface ApiKeys {
  get(keyId: string): Promise<ApiKeyRecord | undefined>;
  put(record: ApiKeyRecord): Promise<void>;
  /** From `at` on the key is refused. `false`: there is no such key. */
  end(keyId: string, at: EpochSeconds): Promise<boolean>;
  list(): Promise<readonly ApiKeyRecord[]>;
}

export const dynamoApiKeys = (dynamo: DynamoDBClient, table: string): ApiKeys => ({
  get: async (keyId) => {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: keyOf(keyId) }));
    return Item === undefined ? undefined : toRecord(Item);
  },
  put: async ({ keyId, tenant, secretHash, createdAt, endsAt, note }) => {
    await dynamo.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          ...keyOf(keyId),
          tenant: { S: tenant },
          secretHash: { S: secretHash },
          createdAt: { N: String(createdAt) },
          ...(endsAt !== undefined && { endsAt: { N: String(endsAt) } }),
          ...(note !== undefined && { note: { S: note } }),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  },
  end: async (keyId, at) => {
    try {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(keyId),
          UpdateExpression: 'SET endsAt = :at',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':at': { N: String(at) } },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  },
  list: async () => {
    const { Items } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'KEYS' } },
      }),
    );
    return (Items ?? []).map(toRecord);
  },
});

const keyOf = (keyId: string) => ({ pk: { S: 'KEYS' }, sk: { S: keyId } });

const toRecord = (item: Record<string, AttributeValue>): ApiKeyRecord => ({
  keyId: item.sk?.S ?? '',
  tenant: item.tenant?.S ?? '',
  secretHash: item.secretHash?.S ?? '',
  createdAt: Number(item.createdAt?.N ?? 0),
  ...(item.endsAt?.N !== undefined && { endsAt: Number(item.endsAt.N) }),
  ...(item.note?.S !== undefined && { note: item.note.S }),
});
