import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { gunzipLines } from '../../act/gzip-json.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { EpochSeconds } from '../../model/units.ts';

/**
 * Follows one service's decision log as it grows. Each call returns what was written since the one before; the first,
 * what was written since `from`. For a view only: a pack that was written late, below newer ones, is not seen.
 */
export const tailDecisions = (
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  from: EpochSeconds,
): (() => Promise<readonly DecisionRecord[]>) => {
  let after = new Date(from * 1000).toISOString();
  return async () => {
    const records: DecisionRecord[] = [];
    // The log has a partition for each day, UTC; around midnight both are looked at.
    const days = new Set([after.slice(0, 10), new Date().toISOString().slice(0, 10)]);
    for (const day of days) {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: { ':pk': { S: `LOG#${service}#${day}` }, ':after': { S: after } },
        }),
      );
      for (const { sk, body } of Items) {
        if (body?.B !== undefined) records.push(...((await gunzipLines(body.B)) as readonly DecisionRecord[]));
        after = sk?.S ?? after;
      }
    }
    return records;
  };
};
