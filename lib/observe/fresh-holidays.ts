import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ServiceBinding } from '../model/binding.ts';
import { distinctPlaces, placeKey } from '../model/holiday-dates.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Dates change once a day at most. */
const readEverySeconds: Seconds = 6 * 3600;
/** An item that is not there, or could not be read, may be there soon: on the first day the function starts beside the ticks. */
const retrySeconds: Seconds = 600;

/**
 * Adds the dates that the daily function wrote to those that the bindings were deployed with. Without an item, or
 * without an answer, the bindings' own dates hold: a calendar must never stop a tick.
 */
export class FreshHolidays {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #read = new Map<string, { readonly dates: readonly string[]; readonly until: EpochSeconds }>();
  readonly #plans = new WeakMap<ServicePlan, { readonly dates: readonly string[]; readonly plan: ServicePlan }>();

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** The bindings with fresh plans. As long as the dates stay, the same plan objects come back: schedules are compiled once a plan. */
  async apply(bindings: readonly ServiceBinding[], now: EpochSeconds): Promise<readonly ServiceBinding[]> {
    const places = distinctPlaces(bindings.flatMap(({ plan }) => plan.calendar.place ?? []));
    await Promise.all(places.map((place) => this.#refresh(placeKey(place), now)));
    return bindings.map((binding) => {
      const { place } = binding.plan.calendar;
      const dates = place && this.#read.get(placeKey(place))?.dates;
      return dates && dates.length > 0 ? { ...binding, plan: this.#planWith(binding.plan, dates) } : binding;
    });
  }

  async #refresh(key: string, now: EpochSeconds): Promise<void> {
    const known = this.#read.get(key);
    if (known && now < known.until) return;
    const fresh = await this.#load(key).catch(() => undefined);
    const dates = fresh === undefined || sameDates(fresh, known?.dates) ? (known?.dates ?? []) : fresh;
    this.#read.set(key, { dates, until: now + (fresh === undefined ? retrySeconds : readEverySeconds) });
  }

  /** Undefined: there is no such item. */
  async #load(key: string): Promise<readonly string[] | undefined> {
    const { Item } = await this.#dynamo.send(
      new GetItemCommand({ TableName: this.#table, Key: { pk: { S: `CAL#${key}` }, sk: { S: 'HOLIDAYS' } } }),
      { abortSignal: AbortSignal.timeout(2000) },
    );
    return Item?.dates?.L?.flatMap(({ S }) => (S === undefined ? [] : [S]));
  }

  #planWith(plan: ServicePlan, dates: readonly string[]): ServicePlan {
    const known = this.#plans.get(plan);
    if (known?.dates === dates) return known.plan;
    const holidays = [...new Set([...plan.calendar.holidays, ...dates])].sort();
    const fresh = { ...plan, calendar: { ...plan.calendar, holidays } };
    this.#plans.set(plan, { dates, plan: fresh });
    return fresh;
  }
}

const sameDates = (a: readonly string[], b: readonly string[] | undefined): boolean => a.join() === b?.join();
