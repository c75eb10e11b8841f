import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseApplied, withoutSize } from '../model/applied.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { type AppliedByService, FreshApplied, readAppliedTexts } from '../observe/fresh-applied.ts';
import { AppliedStore } from './applied-store.ts';

/** Applied advice as the tick needs it: read at most once a minute, and a size given up that did worse. */
export class AppliedAdvice {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #fresh: FreshApplied;
  readonly #store: AppliedStore;

  constructor(dynamo: DynamoDBClient, table: string, everySeconds?: Seconds) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#fresh = new FreshApplied(dynamo, table, everySeconds);
    this.#store = new AppliedStore(dynamo, table);
  }

  read(now: EpochSeconds, signal: AbortSignal): Promise<AppliedByService> {
    return this.#fresh.read(now, signal);
  }

  /** On what is stored at this moment. Somebody who changes it at the same time is right; the next tick looks again. */
  async rejectSize(
    { service, worker }: ServicePlan,
    { of, because }: { readonly of: EpochSeconds; readonly because: string },
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<void> {
    const seen = (await readAppliedTexts(this.#dynamo, this.#table, signal, { consistent: true }))[service];
    const entry = seen === undefined ? 'unknown' : parseApplied(seen);
    this.#fresh.forget();
    if (entry === 'unknown' || entry.size?.from !== of) return;
    await this.#store.replace(service, seen, withoutSize(entry, worker, because, now));
  }
}
