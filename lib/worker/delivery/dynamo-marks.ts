import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { DeliveryMarks } from '../ports.ts';

/** As long as SQS can keep a message. */
const keepSeconds: Seconds = 14 * 86_400;

/** The marks in the state table: one small item per message that did not succeed at once (docs/worker.md). */
export const dynamoMarks = (
  client: DynamoDBClient,
  table: string,
  service: string,
  now: () => EpochSeconds,
): DeliveryMarks => {
  const key = (queue: string, messageId: string) => ({
    TableName: table,
    Key: { pk: { S: `SVC#${service}` }, sk: { S: `ATTEMPT#${queue}#${messageId}` } },
  });
  return {
    read: async (queue, messageId) => {
      const { Item } = await client.send(
        new GetItemCommand({
          ...key(queue, messageId),
          // The mark was written just before the message was given back.
          ConsistentRead: true,
          ProjectionExpression: 'failed, released',
        }),
      );
      return { failed: Item?.failed?.NS?.length ?? 0, released: Item?.released?.NS?.length ?? 0 };
    },
    mark: async (queue, messageId, receiveCount, as) => {
      // A set of receive counts, not a counter: the SDK may send a call twice.
      await client.send(
        new UpdateItemCommand({
          ...key(queue, messageId),
          UpdateExpression: 'SET #ttl = :ttl ADD #as :delivery',
          ExpressionAttributeNames: { '#ttl': 'ttl', '#as': as },
          ExpressionAttributeValues: {
            ':ttl': { N: String(Math.ceil(now()) + keepSeconds) },
            ':delivery': { NS: [String(receiveCount)] },
          },
        }),
      );
    },
  };
};
