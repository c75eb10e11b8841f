import { once } from 'node:events';
import { connect } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbEmulator, startDynamoDb } from '../../../lib/local/emulators/start-dynamodb.ts';

let emulator: DynamoDbEmulator;
let client: DynamoDBClient;

beforeAll(async () => {
  emulator = await startDynamoDb();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
});
afterAll(() => emulator.stop());

const put = (version: number, expected: number) =>
  client.send(
    new PutItemCommand({
      TableName: 'table',
      Item: { pk: { S: 'shard' }, version: { N: String(version) } },
      ConditionExpression: 'attribute_not_exists(pk) OR version = :read',
      ExpressionAttributeValues: { ':read': { N: String(expected) } },
    }),
  );

describe('DynamoDB', () => {
  it('has a table the moment it was created, and lets one of many writers win', async () => {
    await put(1, 0);
    const writers = await Promise.allSettled(Array.from({ length: 20 }, () => put(2, 1)));
    expect(writers.filter((writer) => writer.status === 'fulfilled')).toHaveLength(1);
  });

  it('survives a request that ends in its middle', async () => {
    const socket = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 500\r\n\r\n{"Tab',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.resetAndDestroy();
    await once(socket, 'close');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(
      client.send(new GetItemCommand({ TableName: 'table', Key: { pk: { S: 'none' } } })),
    ).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});
