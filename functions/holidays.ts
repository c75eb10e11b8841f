import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { writeHolidays } from '../lib/act/holiday-store.ts';
import { comingHolidays } from '../lib/config/holidays.ts';
import type { HolidayPlace } from '../lib/model/plan.ts';

const logger = new Logger();
const dynamo = new DynamoDBClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2500 },
});

/**
 * Once a day: the public holidays of the next 400 days for each place of the stage (`SLUICE_PLACES`, JSON), into the
 * table. The library behind it is large; here it keeps no tick waiting.
 */
const handle = async (): Promise<void> => {
  const { SLUICE_PLACES = '[]', SLUICE_TABLE = '' } = process.env;
  const now = Date.now() / 1000;
  for (const place of JSON.parse(SLUICE_PLACES) as readonly HolidayPlace[]) {
    const found = comingHolidays(place, now);
    await writeHolidays(dynamo, SLUICE_TABLE, found, now);
    logger.info('holidays', { place, from: found.from, to: found.to, days: found.dates.length });
  }
};

export const handler = middy(async (_event: unknown, _context: unknown) => handle()).use(injectLambdaContext(logger));
