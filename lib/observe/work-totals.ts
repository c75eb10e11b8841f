import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { WorkTotals } from '../model/shard.ts';

/** The item that all workers of a service add to. Absent: none ever did. Rejects when the table does. */
export async function readWorkTotals(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  abortSignal: AbortSignal,
): Promise<WorkTotals | undefined> {
  // Eventually consistent on purpose: half the price, and a beat that is missed now is in the next difference.
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: `SVC#${service}` }, sk: { S: 'WORK' } } }),
    { abortSignal },
  );
  if (Item === undefined) return undefined;
  const numbers = Object.entries(Item).flatMap(([name, value]) =>
    value.N === undefined ? [] : [[name, Number(value.N)] as const],
  );
  const { at = 0, ...counts } = Object.fromEntries(numbers);
  return { at, counts };
}
