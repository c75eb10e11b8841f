import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { EpochSeconds, Usd } from '../model/units.ts';

/**
 * What each hour of one service cost, as the hourly rollups have it. Rejects when an hour has task-seconds that no price
 * is known for: such a sum would be too small, and a budget that rests on it would never bind.
 */
export async function readHourCosts(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<readonly { readonly at: EpochSeconds; readonly usd: Usd }[]> {
  const hours: { at: EpochSeconds; usd: Usd }[] = [];
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ProjectionExpression: 'sk, usd, unpriced',
      ExpressionAttributeValues: {
        ':pk': { S: `SVC#${service}` },
        ':from': { S: `HOUR#${hourName(from)}` },
        ':to': { S: `HOUR#${hourName(to)}` },
      },
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      if (item.unpriced !== undefined)
        throw new Error(`${service}: an hour has no price, as the Region's is not known`);
      const at = Date.parse(`${item.sk?.S?.slice('HOUR#'.length)}:00:00Z`) / 1000;
      hours.push({ at, usd: Number(item.usd?.N ?? 0) });
    }
  }
  return hours.filter(({ at }) => at >= from && at < to);
}

const hourName = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 13);
