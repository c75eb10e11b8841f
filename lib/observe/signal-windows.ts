import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { signalWindowKey } from '../model/signal.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { SignalWindow } from './beacon-signals.ts';

/** Three periods of the longest window that a task may use; older values would be stale anyway. */
const lookBackSeconds: Seconds = 900;
/** The window under way and a few whole ones: names need not be in every one. */
const windowsRead = 5;

/** The last windows of what the tasks of a service reported, newest first. Rejects when the table does. */
export async function readSignalWindows(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly SignalWindow[]> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': { S: `SVC#${service}` },
        ':from': { S: signalWindowKey(Math.floor(now - lookBackSeconds)) },
        ':to': { S: signalWindowKey(Math.floor(now + lookBackSeconds)) },
      },
      ScanIndexForward: false,
      Limit: windowsRead,
    }),
    { abortSignal },
  );
  return Items.flatMap((item) => toWindow(item) ?? []);
}

/** Attributes `s_<name>` and `n_<name>` beside `period`. What does not fit that is not ours to guess. */
export function toWindow(item: Readonly<Record<string, AttributeValue>>): SignalWindow | undefined {
  const at = Number(item.sk?.S?.split('#')[1]);
  if (!Number.isFinite(at)) return undefined;
  const values: Record<string, { readonly sum: number; readonly tasks: number }> = {};
  for (const [attribute, { N }] of Object.entries(item)) {
    if (N === undefined || !attribute.startsWith('s_')) continue;
    const name = attribute.slice(2);
    values[name] = { sum: Number(N), tasks: Number(item[`n_${name}`]?.N ?? 0) };
  }
  const period = Number(item.period?.N ?? 60);
  return { at, periodSeconds: period > 0 ? period : 60, values };
}
