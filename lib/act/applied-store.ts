import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type AppliedEntry, appliedAttribute, appliedKey, appliedText } from '../model/applied.ts';

/** `changed`: somebody else was there since it was read, and nothing was written. */
export type AppliedWrite = 'written' | 'changed';

/** Writes what is applied to a service. Each service is an attribute of its own, so two writers never undo each other. */
export class AppliedStore {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /**
   * Replaces an entry, if it still is what the writer has seen, or already what is to be written. An entry without parts
   * goes away. Rejects with the SDK's error.
   * @param seen its text, undefined: there was none
   */
  async replace(service: string, seen: string | undefined, entry: AppliedEntry): Promise<AppliedWrite> {
    const text = Object.keys(entry).length === 0 ? undefined : appliedText(entry);
    const isText = '#entry = :seen';
    // What is no text was seen as an empty one.
    const unchanged =
      seen === undefined
        ? 'attribute_not_exists(#entry)'
        : seen === ''
          ? `${isText} OR NOT attribute_type(#entry, :text)`
          : isText;
    const done = text === undefined ? 'attribute_not_exists(#entry)' : '#entry = :entry';
    try {
      await this.#dynamo.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: appliedKey,
          UpdateExpression: text === undefined ? 'REMOVE #entry' : 'SET #entry = :entry',
          ConditionExpression: `${unchanged} OR ${done}`,
          ExpressionAttributeNames: { '#entry': appliedAttribute(service) },
          ...((seen !== undefined || text !== undefined) && {
            ExpressionAttributeValues: {
              ...(seen === undefined ? {} : { ':seen': { S: seen } }),
              ...(seen === '' ? { ':text': { S: 'S' } } : {}),
              ...(text === undefined ? {} : { ':entry': { S: text } }),
            },
          }),
        }),
      );
      return 'written';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'changed';
      throw error;
    }
  }
}
