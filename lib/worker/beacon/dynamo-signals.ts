import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { signalWindowKey } from '../../model/signal.ts';
import type { Seconds } from '../../model/units.ts';
import type { SignalPort } from '../ports.ts';
import { beatOutcome } from './dynamo-beacon.ts';

/** Long enough for whoever looks back, short enough to leave no heap of items. */
const keepSeconds: Seconds = 3600;

/**
 * The signal port on DynamoDB: each task adds its values and itself to the item of the window,
 * `SVC#<service>` / `SIGNALS#<end>` (docs/signals.md has this as a contract for other languages).
 */
export const dynamoSignals = (client: DynamoDBClient, table: string, service: string): SignalPort => ({
  add: async (values, end, periodSeconds) => {
    const entries = Object.entries(values);
    const adds = entries.map((_, i) => `#s${i} :v${i}, #n${i} :one`);
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: `SVC#${service}` }, sk: { S: signalWindowKey(end) } },
          UpdateExpression: `SET #ttl = :ttl, #period = :period ADD ${adds.join(', ')}`,
          ExpressionAttributeNames: {
            '#ttl': 'ttl',
            '#period': 'period',
            ...Object.fromEntries(
              entries.flatMap(([name], i) => [
                [`#s${i}`, `s_${name}`],
                [`#n${i}`, `n_${name}`],
              ]),
            ),
          },
          ExpressionAttributeValues: {
            ':ttl': { N: String(Math.ceil(end) + keepSeconds) },
            ':period': { N: String(periodSeconds) },
            ':one': { N: '1' },
            ...Object.fromEntries(entries.map(([, value], i) => [`:v${i}`, { N: String(value) }])),
          },
        }),
      );
      return 'applied';
    } catch (error) {
      return beatOutcome(error);
    }
  },
});
