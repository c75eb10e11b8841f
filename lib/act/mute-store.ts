import { type AttributeValue, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../model/units.ts';
import { type Mute, muteAttribute, mutesIn } from '../observe/mutes.ts';
import { overridesKey } from '../observe/overrides.ts';
import type { OverrideScope } from './override-store.ts';

type Mutes = Readonly<Record<string, Mute>>;

/** Sets and ends mutes, in the stage's one item of what people set. Each is an attribute of its own. */
export class MuteStore {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** Replaces what was set for the same scope. @returns what was there before */
  async set(scope: OverrideScope, mute: Mute): Promise<Mutes> {
    return this.#update('SET #entry = :entry', scope, { ':entry': { M: toMap(mute) } });
  }

  /** @returns what was there before: a mute that is missing in it was not set */
  async clear(scope: OverrideScope): Promise<Mutes> {
    return this.#update('REMOVE #entry', scope);
  }

  async #update(
    UpdateExpression: string,
    scope: OverrideScope,
    values?: Record<string, AttributeValue>,
  ): Promise<Mutes> {
    const { Attributes } = await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: overridesKey,
        UpdateExpression,
        ExpressionAttributeNames: { '#entry': muteAttribute(muteKey(scope)) },
        ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return mutesIn(Attributes ?? {}).mutes ?? {};
  }
}

/** Under which a scope stands in `Overrides.mutes`. */
export const muteKey = (scope: OverrideScope): string => (scope === 'all' ? '' : scope.service);

/** Times as text: somebody may have to read and mend this in the console. */
const toMap = ({ until, code, by, reason, at }: Mute): Record<string, AttributeValue> => ({
  until: { S: isoTime(until) },
  ...(code === undefined ? {} : { code: { S: code } }),
  ...(by === undefined ? {} : { by: { S: by } }),
  ...(reason === undefined ? {} : { reason: { S: reason } }),
  ...(at === undefined ? {} : { at: { S: isoTime(at) } }),
});

const isoTime = (at: EpochSeconds): string => new Date(at * 1000).toISOString();
