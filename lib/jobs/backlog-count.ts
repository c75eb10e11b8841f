import { type DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

/** The counter that back-pressure reads: accepted and not yet begun, by queue. */
export interface BacklogCount {
  /** Resolves when it is counted. Never rejects: the sweeper mends what is lost here, and a job matters more. */
  add(queue: string, change: number): Promise<void>;
  read(queue: string): Promise<number>;
  set(queue: string, queued: number): Promise<void>;
}

/**
 * One item a queue takes at most some thousand writes a second, so a process has one write under way at a time and
 * puts together what comes meanwhile.
 */
export const backlogCount = (dynamo: DynamoDBClient, table: string): BacklogCount => {
  const waiting = new Map<string, { change: number; written: Promise<void> }>();
  const busy = new Map<string, Promise<void>>();

  const write = async (queue: string, change: number): Promise<void> => {
    if (change === 0) return;
    try {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(queue),
          UpdateExpression: 'ADD #queued :change',
          ExpressionAttributeNames: { '#queued': 'queued' },
          ExpressionAttributeValues: { ':change': { N: String(change) } },
        }),
      );
    } catch {
      // See `add`.
    }
  };
  const next = async (queue: string): Promise<void> => {
    await busy.get(queue);
    const { change } = waiting.get(queue) ?? { change: 0 };
    waiting.delete(queue);
    const writing = write(queue, change).finally(() => {
      if (busy.get(queue) === writing) busy.delete(queue);
    });
    busy.set(queue, writing);
    await writing;
  };

  return {
    add: (queue, change) => {
      const pending = waiting.get(queue);
      if (pending !== undefined) {
        pending.change += change;
        return pending.written;
      }
      const entry = { change, written: Promise.resolve() };
      waiting.set(queue, entry);
      entry.written = next(queue);
      return entry.written;
    },
    read: async (queue) => {
      const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: keyOf(queue) }));
      return Math.max(0, Number(Item?.queued?.N ?? 0));
    },
    set: async (queue, queued) => {
      await dynamo.send(
        new PutItemCommand({ TableName: table, Item: { ...keyOf(queue), queued: { N: String(queued) } } }),
      );
    },
  };
};

const keyOf = (queue: string) => ({ pk: { S: `BACKLOG#${queue}` }, sk: { S: 'BACKLOG' } });
