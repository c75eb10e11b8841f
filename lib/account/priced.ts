import { hoursPerMonth } from '../report/plan/bill.ts';
import type { PriceBook } from '../report/prices/price-book.ts';
import type { OrphanUsage, Overhead, UnavailableSource, Usage } from '../report/usage/usage.ts';
import type { AccountReading } from './read-account.ts';
import type { FoundOverhead, FoundService } from './source.ts';
import type { FoundOrphan } from './sources/orphans.ts';

/** Usage with prices on what is not a task, an instance or a node. What the book has no price for is told, and in no sum. */
export const priced = ({ usage, services, orphans }: AccountReading, book: PriceBook): Usage => {
  const withPrices = orphans.flatMap((orphan) => pricedOrphan(orphan, book));
  const counted = new Set(withPrices.map(({ id }) => id));
  return {
    ...usage,
    services: services.map((service) => withOverheads(service, counted, book)),
    orphans: withPrices,
    unavailable: [...usage.unavailable, ...withoutPrice(orphans, services, book)],
  };
};

/** USD by the hour of a unit, or undefined. Volumes are priced by the month. */
const usdPerHour = (key: string, book: PriceBook): number | undefined => {
  if (key.startsWith('ipv4/')) return book.ipv4UsdPerHour;
  const price = book.others !== undefined && Object.hasOwn(book.others, key) ? book.others[key] : undefined;
  return price === undefined ? undefined : key.startsWith('volume/') ? price / hoursPerMonth : price;
};

const pricedOrphan = ({ priceKey, quantity, ...orphan }: FoundOrphan, book: PriceBook): readonly OrphanUsage[] => {
  const usd = usdPerHour(priceKey, book);
  return usd === undefined ? [] : [{ ...orphan, usdPerHour: usd * quantity }];
};

/** A gateway that nothing goes through is an orphan, and stands as one: its hours are not counted twice. */
const withOverheads = (
  { usage, overheads }: FoundService,
  counted: ReadonlySet<string>,
  book: PriceBook,
): Usage['services'][number] => {
  const known = overheads
    .filter(({ resource }) => resource === undefined || !counted.has(resource))
    .flatMap((overhead) => pricedOverhead(overhead, book));
  return known.length === 0 ? usage : { ...usage, overheads: known };
};

const pricedOverhead = ({ what, priceKey, perHour }: FoundOverhead, book: PriceBook): readonly Overhead[] => {
  const usd = usdPerHour(priceKey, book);
  return usd === undefined ? [] : [{ what, usdPerHour: usd * perHour }];
};

const withoutPrice = (
  orphans: readonly FoundOrphan[],
  services: readonly FoundService[],
  book: PriceBook,
): readonly UnavailableSource[] => {
  const keys = [...orphans, ...services.flatMap(({ overheads }) => overheads)].map(({ priceKey }) => priceKey);
  const missing = [...new Set(keys)].filter((key) => usdPerHour(key, book) === undefined).sort();
  return missing.length === 0
    ? []
    : [
        {
          source: `Prices of ${missing.join(', ')}`,
          because: 'the price book has none',
          needs: 'pricing:GetProducts; until then they are in no sum',
        },
      ];
};
