import { type PricingClient, paginateGetProducts } from '@aws-sdk/client-pricing';
import type { Usd } from '../../model/units.ts';
import type { PaymentOption } from '../../report/usage/usage.ts';
import { paymentOptions } from '../commitment-terms.ts';

/** One product of the Price List with its prices in USD. */
export interface PriceItem {
  readonly usageType: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Per unit, past free tiers. Absent: not sold on demand, or not in USD. */
  readonly onDemandUsd?: Usd;
  readonly reserved: readonly ReservedPrice[];
}

export interface ReservedPrice {
  readonly years: 1 | 3;
  readonly payment: PaymentOption;
  /** What an hour costs, the upfront payment spread over the term. */
  readonly usdPerHour: Usd;
}

export interface PriceList {
  /** Every product of a service that matches all of `attributes` exactly. */
  products(
    serviceCode: string,
    attributes: Readonly<Record<string, string>>,
    abortSignal: AbortSignal,
  ): AsyncIterable<PriceItem>;
}

/** The Price List Query API, which answers in a few Regions for all of them. Free of charge. */
export const awsPriceList = (client: PricingClient): PriceList => ({
  async *products(ServiceCode, attributes, abortSignal) {
    const pages = paginateGetProducts(
      { client },
      {
        ServiceCode,
        FormatVersion: 'aws_v1',
        Filters: Object.entries(attributes).map(([Field, Value]) => ({ Type: 'TERM_MATCH' as const, Field, Value })),
      },
      { abortSignal },
    );
    for await (const { PriceList = [] } of pages) {
      for (const product of PriceList) {
        const item = parseProduct(typeof product === 'string' ? product : JSON.stringify(product));
        if (item !== undefined) yield item;
      }
    }
  },
});

/** Undefined: not a product as the format's version 1 describes it. */
export const parseProduct = (json: string): PriceItem | undefined => {
  const document = asRecord(parsed(json));
  const attributes = asRecord(asRecord(document.product).attributes);
  const usageType = attributes.usagetype;
  if (typeof usageType !== 'string') return undefined;
  const terms = asRecord(document.terms);
  const onDemandUsd = listPrice(Object.values(asRecord(terms.OnDemand)));
  return {
    usageType,
    attributes: Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    ...(onDemandUsd === undefined ? {} : { onDemandUsd }),
    reserved: Object.values(asRecord(terms.Reserved)).flatMap(reservedPrice),
  };
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

type Fields = Readonly<Record<string, unknown>>;

const asRecord = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const dimensionsOf = (term: unknown): readonly Fields[] =>
  Object.values(asRecord(asRecord(term).priceDimensions)).map(asRecord);

const usdOf = (dimension: Fields): number => Number(asRecord(dimension.pricePerUnit).USD);

/** The first tier that is not free: a tier at zero is a free allowance, not the price. */
const listPrice = (terms: readonly unknown[]): Usd | undefined =>
  terms
    .flatMap(dimensionsOf)
    .filter((dimension) => usdOf(dimension) > 0)
    .toSorted((a, b) => Number(a.beginRange ?? 0) - Number(b.beginRange ?? 0))
    .map(usdOf)[0];

const reservedPrice = (term: unknown): readonly ReservedPrice[] => {
  const { LeaseContractLength, PurchaseOption, OfferingClass = 'standard' } = asRecord(asRecord(term).termAttributes);
  const years = terms[String(LeaseContractLength)];
  const payment = paymentOptions[String(PurchaseOption)];
  if (years === undefined || payment === undefined || OfferingClass !== 'standard') return [];
  const dimensions = dimensionsOf(term);
  const upfront = dimensions.find(({ unit }) => unit === 'Quantity');
  const hourly = dimensions.find(({ unit }) => unit !== 'Quantity');
  const usdPerHour = (hourly ? usdOf(hourly) : 0) + (upfront ? usdOf(upfront) / (years * 8760) : 0);
  return usdPerHour > 0 ? [{ years, payment, usdPerHour }] : [];
};

const terms: Readonly<Record<string, 1 | 3>> = { '1yr': 1, '3yr': 3 };

/** Usage types carry the Region in front (`EUN1-`, `EU-`), or nothing in us-east-1. All of the rest must be equal. */
export const isUsageType = (usageType: string, name: string): boolean => withoutPrefix(usageType) === name;

export const withoutPrefix = (usageType: string): string => usageType.replace(/^[A-Z0-9]+-(?=[A-Z])/, '');
