import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../model/units.ts';
import { type AdviceChoice, decideAdvice } from '../report/ledger/decide-advice.ts';
import { keepDecisions } from '../report/ledger/keep-decisions.ts';
import type { LedgerEntry } from '../report/ledger/ledger.ts';
import { gunzipJson, gzipJson } from './gzip-json.ts';

/** The item `REPORT` / `LEDGER` of the state table: what became of advice. Rejects with the SDK's error. */
export class DynamoLedger {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** Undefined: no report of this stage has kept one yet. */
  async read(): Promise<readonly LedgerEntry[] | undefined> {
    return (await this.#stored())?.entries;
  }

  /**
   * As the week that ended at `to` left it; what people have decided since that week was read stays decided. Refused in
   * silence when that or a later week has been kept.
   */
  async writeWeek(entries: readonly LedgerEntry[], to: EpochSeconds): Promise<void> {
    await this.#change((stored) =>
      stored !== undefined && stored.until >= to
        ? undefined
        : { entries: keepDecisions(entries, stored?.entries ?? []), until: to },
    );
  }

  /** Notes what a person has decided, and returns the entries in question. @throws BadInput for an id that cannot be decided */
  async decide(choice: AdviceChoice, at: EpochSeconds): Promise<readonly LedgerEntry[]> {
    let decided: readonly LedgerEntry[] = [];
    await this.#change((stored) => {
      decided = decideAdvice(stored?.entries ?? [], choice, at);
      return stored && { entries: decided, until: stored.until };
    });
    return decided.filter(({ id }) => choice.accept.includes(id) || choice.dismiss.includes(id));
  }

  /** Reads, changes and writes, anew when somebody else has written in between. `change` returns undefined to leave it. */
  async #change(change: (stored: Stored | undefined) => Content | undefined): Promise<void> {
    for (let tries = 1; ; tries++) {
      const stored = await this.#stored();
      const wanted = change(stored);
      if (wanted === undefined) return;
      try {
        return await this.#put(wanted, stored?.version);
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || tries >= triesMax) throw error;
      }
    }
  }

  async #stored(): Promise<Stored | undefined> {
    const { Item } = await this.#dynamo.send(
      new GetItemCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    if (Item?.body?.B === undefined) return undefined;
    return {
      entries: (await gunzipJson(Item.body.B)) as readonly LedgerEntry[],
      until: Number(Item.until?.N ?? 0),
      // Of ledgers that were written before there was one.
      version: Number(Item.version?.N ?? 0),
    };
  }

  async #put({ entries, until }: Content, seen: number | undefined): Promise<void> {
    const Item = {
      ...key,
      body: { B: await gzipJson(entries) },
      until: { N: String(until) },
      version: { N: String((seen ?? 0) + 1) },
    };
    const unchanged =
      seen === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: seen === 0 ? 'attribute_not_exists(#version)' : '#version = :seen',
            ExpressionAttributeNames: { '#version': 'version' },
            ...(seen === 0 ? {} : { ExpressionAttributeValues: { ':seen': { N: String(seen) } } }),
          };
    await this.#dynamo.send(new PutItemCommand({ TableName: this.#table, Item, ...unchanged }));
  }
}

interface Content {
  readonly entries: readonly LedgerEntry[];
  /** End of the last week that is in it. */
  readonly until: EpochSeconds;
}

interface Stored extends Content {
  readonly version: number;
}

const key = { pk: { S: 'REPORT' }, sk: { S: 'LEDGER' } };
const triesMax = 5;
