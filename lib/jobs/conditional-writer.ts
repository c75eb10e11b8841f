import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './job-item.ts';

/** Writes of whole items under a condition, safe to be repeated underneath by the SDK. */
export interface ConditionalWriter {
  /** Strongly consistent. */
  get(key: Item): Promise<Item | undefined>;
  /** `false`: there is an item already, and it is not of this very call. */
  create(key: Item, item: Item): Promise<boolean>;
  /** Writes what differs, if the item is still of the version that `before` has. */
  replace(key: Item, before: Item, after: Item): Promise<boolean>;
}

/**
 * An attempt that did arrive though its answer did not makes the repeated one fail on its own condition. So each call
 * leaves a mark (`by`) and looks for it. (DynamoDB could return the item with the failure; emulators do not.)
 */
export const conditionalWriter = (dynamo: DynamoDBClient, table: string): ConditionalWriter => {
  const get = async (key: Item): Promise<Item | undefined> => {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return Item;
  };
  const underCondition = async (key: Item, mark: string, write: () => Promise<unknown>): Promise<boolean> => {
    try {
      await write();
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return (await get(key))?.by?.S === mark;
    }
  };

  return {
    get,
    create: (key, item) => {
      const by = randomUUID().slice(0, 13);
      const Item = { ...key, ...item, by: { S: by } };
      return underCondition(key, by, () =>
        dynamo.send(new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' })),
      );
    },
    replace: (key, before, after) => {
      const by = randomUUID().slice(0, 13);
      return underCondition(key, by, () =>
        dynamo.send(
          new UpdateItemCommand({ TableName: table, Key: key, ...difference(before, { ...after, by: { S: by } }) }),
        ),
      );
    },
  };
};

const difference = (before: Item, after: Item) => {
  const set = Object.entries(after).filter(
    ([name, value]) => !keys.has(name) && JSON.stringify(before[name]) !== JSON.stringify(value),
  );
  const gone = Object.keys(before).filter((name) => !keys.has(name) && !(name in after));
  const names = [...new Set([...set.map(([name]) => name), ...gone, 'version'])];
  const sets = set.map(([name], i) => `#${names.indexOf(name)} = :v${i}`);
  const removes = gone.map((name) => `#${names.indexOf(name)}`);
  return {
    UpdateExpression: [`SET ${sets.join(', ')}`, ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : [])].join(
      ' ',
    ),
    ConditionExpression: `#${names.indexOf('version')} = :read`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map(([, value], i) => [`:v${i}`, value])),
      ':read': before.version ?? { N: '0' },
    },
  };
};
const keys = new Set(['pk', 'sk']);
