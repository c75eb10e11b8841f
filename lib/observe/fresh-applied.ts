import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type AppliedReading, appliedAttribute, appliedKey, parseApplied } from '../model/applied.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** What was applied, by service. An entry that does not read is `unknown`. */
export type AppliedByService = Readonly<Record<string, AppliedReading>>;

/** As it is stored, by service: what a writer must have seen to replace it. */
export type AppliedTexts = Readonly<Record<string, string>>;

/** Rejects with the SDK's error. No item: nothing was applied. */
export const readAppliedTexts = async (
  dynamo: DynamoDBClient,
  table: string,
  abortSignal: AbortSignal,
  { consistent = false }: { readonly consistent?: boolean } = {},
): Promise<AppliedTexts> => {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: appliedKey, ConsistentRead: consistent }),
    { abortSignal },
  );
  return textsIn(Item ?? {});
};

/** What is no text is broken, like text that does not read. */
const textsIn = (item: Readonly<Record<string, AttributeValue>>): AppliedTexts =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value.S ?? '']] : [],
    ),
  );

const prefix = appliedAttribute('');

/** Half a read unit a minute: USD 0.003 a month and shard. */
export const appliedFreshSeconds: Seconds = 60;

/**
 * What was applied, read at most once a minute. An entry whose text did not change stays the same object, since plans
 * and their schedules are made once for each. What cannot be read again stays as it was.
 */
export class FreshApplied {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #everySeconds: Seconds;
  #texts: AppliedTexts = {};
  #known: AppliedByService | undefined;
  #until: EpochSeconds = 0;

  constructor(dynamo: DynamoDBClient, table: string, everySeconds: Seconds = appliedFreshSeconds) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#everySeconds = everySeconds;
  }

  /** Rejects when it cannot be read now and never was. */
  async read(now: EpochSeconds, signal: AbortSignal): Promise<AppliedByService> {
    if (this.#known !== undefined && now < this.#until) return this.#known;
    try {
      const texts = await readAppliedTexts(this.#dynamo, this.#table, signal);
      this.#known = this.#parsed(texts);
      this.#texts = texts;
    } catch (error) {
      if (this.#known === undefined) throw error;
    }
    this.#until = now + this.#everySeconds;
    return this.#known;
  }

  /** After a write of one's own: the next read asks the table. */
  forget(): void {
    this.#until = 0;
  }

  #parsed(texts: AppliedTexts): AppliedByService {
    return Object.fromEntries(
      Object.entries(texts).map(([service, text]) => {
        const known = this.#known?.[service];
        return [service, known !== undefined && this.#texts[service] === text ? known : parseApplied(text)];
      }),
    );
  }
}
