import type { CommitmentOffer, PriceBook } from './price-book.ts';

/** Prices as an API or a file gave them. What is absent was not known there. */
export type LivePrices = Pick<PriceBook, 'fargate' | 'fargateSpot' | 'instances' | 'offers'> & {
  readonly others: Readonly<Record<string, number>>;
};

/**
 * `live` over `book`, price by price: where `live` is silent the older price stands, and the source says so.
 * `date` is the day on which `live` was read, YYYY-MM-DD.
 */
export const mergePrices = (book: PriceBook, live: LivePrices, date: string, source: string): PriceBook =>
  isEmpty(live)
    ? book
    : {
        currency: book.currency,
        date: date > book.date ? date : book.date,
        source: `${source}, ${date}; what that left out: ${book.source} (${book.date})`,
        fargate: {
          x86: { ...book.fargate.x86, ...live.fargate.x86 },
          arm64: { ...book.fargate.arm64, ...live.fargate.arm64 },
        },
        fargateSpot: {
          x86: { ...book.fargateSpot.x86, ...live.fargateSpot.x86 },
          arm64: { ...book.fargateSpot.arm64, ...live.fargateSpot.arm64 },
        },
        instances: { ...book.instances, ...live.instances },
        offers: mergeOffers(book.offers, live.offers),
        ipv4UsdPerHour: book.ipv4UsdPerHour,
        others: { ...book.others, ...live.others },
      };

const isEmpty = ({ fargate, fargateSpot, instances, offers, others }: LivePrices): boolean =>
  offers.length === 0 &&
  [fargate.x86, fargate.arm64, fargateSpot.x86, fargateSpot.arm64, instances, others].every(
    (prices) => Object.keys(prices).length === 0,
  );

/** A known family replaces the rule of thumb for its kind: the longest prefix wins. */
const mergeOffers = (
  before: readonly CommitmentOffer[],
  live: readonly CommitmentOffer[],
): readonly CommitmentOffer[] => {
  const merged = new Map(before.map((offer) => [termsOf(offer), offer]));
  for (const offer of live) {
    const known = merged.get(termsOf(offer));
    merged.set(termsOf(offer), { ...offer, ratios: { ...known?.ratios, ...offer.ratios } });
  }
  return [...merged.values()];
};

const termsOf = ({ kind, years, payment }: CommitmentOffer): string => `${kind}/${years}/${payment}`;
