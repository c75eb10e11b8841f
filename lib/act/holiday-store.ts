import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type HolidayDates, placeKey } from '../model/holiday-dates.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Long enough to outlive a function that fails for a year; the dates in the item say what they cover. */
const keptSeconds: Seconds = 400 * 86_400;

/** Replaces the item of a place (docs/architecture.md, "Table"). Rejects with the SDK's error. */
export async function writeHolidays(
  dynamo: DynamoDBClient,
  table: string,
  { place, from, to, dates }: HolidayDates,
  now: EpochSeconds,
): Promise<void> {
  await dynamo.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: `CAL#${placeKey(place)}` },
        sk: { S: 'HOLIDAYS' },
        from: { S: from },
        to: { S: to },
        dates: { L: dates.map((date) => ({ S: date })) },
        at: { N: String(Math.floor(now)) },
        ttl: { N: String(Math.floor(now) + keptSeconds) },
      },
    }),
  );
}
