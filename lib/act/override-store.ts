import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Override } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';
import { type Overrides, overridesKey, parseOverrides, serviceAttribute } from '../observe/overrides.ts';

/** One service, or `'all'` of them by one entry. */
export type OverrideScope = { readonly service: string } | 'all';

/** What a person may set. A stop is the switch, which has no end: docs/operations.md. */
export type TimedOverride = Exclude<Override, { readonly kind: 'stop' }>;

/** Sets and removes overrides in the stage's one item. Each entry is an attribute of its own, so two people never undo each other. */
export class OverrideStore {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** Replaces what was set for the same scope. Entries that are over are cleared away on the occasion. */
  async set(scope: OverrideScope, override: TimedOverride, now: EpochSeconds): Promise<Overrides> {
    const before = await this.#update('SET #entry = :entry', [attributeOf(scope)], {
      ':entry': { M: toMap(override) },
    });
    await this.#clearExpired(before, now);
    return before;
  }

  /** @returns what was there before: an entry that is missing in it was not set */
  async clear(scope: OverrideScope): Promise<Overrides> {
    return this.#update('REMOVE #entry', [attributeOf(scope)]);
  }

  /** Everything: each entry, and the stop-all switch. */
  async clearAll(known: Overrides): Promise<Overrides> {
    const entries = Object.keys(known.byService).map(serviceAttribute);
    return this.#update('REMOVE', ['all', 'stopAll', 'stopAllReason', ...entries]);
  }

  async #update(
    expression: string,
    attributes: readonly string[],
    values?: Record<string, AttributeValue>,
  ): Promise<Overrides> {
    const names =
      attributes.length === 1
        ? { '#entry': attributes[0] ?? '' }
        : Object.fromEntries(attributes.map((a, i) => [`#${i}`, a]));
    const { Attributes } = await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: overridesKey,
        UpdateExpression: attributes.length === 1 ? expression : `${expression} ${Object.keys(names).join(', ')}`,
        ExpressionAttributeNames: names,
        ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return parseOverrides(Attributes ?? {});
  }

  /** The item is read each tick and has no TTL for its parts. An entry that was renewed meanwhile stays. */
  async #clearExpired(before: Overrides, now: EpochSeconds): Promise<void> {
    const expired = Object.entries(before.byService).flatMap(([service, entry]) =>
      entry.kind !== 'stop' && entry.until <= now ? [{ service, until: entry.until }] : [],
    );
    await Promise.all(expired.map(({ service, until }) => this.#clearUnlessRenewed(service, until)));
  }

  async #clearUnlessRenewed(service: string, until: EpochSeconds): Promise<void> {
    try {
      await this.#dynamo.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: overridesKey,
          UpdateExpression: 'REMOVE #entry',
          ConditionExpression: '#entry.#until = :until',
          ExpressionAttributeNames: { '#entry': serviceAttribute(service), '#until': 'until' },
          ExpressionAttributeValues: { ':until': { S: isoTime(until) } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const attributeOf = (scope: OverrideScope): string => (scope === 'all' ? 'all' : serviceAttribute(scope.service));

/** Times as text: somebody may have to read and mend this in the console. */
const toMap = ({ kind, until, by, reason, at, ...rest }: TimedOverride): Record<string, AttributeValue> => ({
  kind: { S: kind },
  until: { S: isoTime(until) },
  ...('desired' in rest ? { desired: { N: String(rest.desired) } } : {}),
  ...(by === undefined ? {} : { by: { S: by } }),
  ...(reason === undefined ? {} : { reason: { S: reason } }),
  ...(at === undefined ? {} : { at: { S: isoTime(at) } }),
});

const isoTime = (at: EpochSeconds): string => new Date(at * 1000).toISOString();
