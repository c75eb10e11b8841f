import { type PriceBook, ratioOf } from '../../prices/price-book.ts';
import type { CommitmentKind, HeldCommitment, Usage } from '../../usage/usage.ts';
import type { Cover } from '../bill.ts';

/** Commitments that are paid for in some hour of the window, in the order in which AWS applies them: the most specific first. */
export const heldCovers = ({ commitments, from }: Usage, book: PriceBook): readonly Cover[] =>
  commitments
    .toSorted((a, b) => rank[a.kind] - rank[b.kind] || a.until - b.until || (a.id < b.id ? -1 : 1))
    .map((held) => ({
      id: held.id,
      feeUsdPerHour: held.feeUsdPerHour,
      ratioOf: (coverKey) => (isCovered(held, coverKey) ? ratioIn(book, held, coverKey) : undefined),
      untilHour: Math.max(0, Math.floor((held.until - from) / 3600)),
    }));

const rank: Readonly<Record<CommitmentKind, number>> = {
  reservation: 0,
  ec2SavingsPlan: 1,
  databaseSavingsPlan: 2,
  computeSavingsPlan: 3,
};

const isCovered = ({ covers }: HeldCommitment, coverKey: string): boolean =>
  covers === undefined || coverKey === covers || coverKey.startsWith(covers.endsWith('/') ? covers : `${covers}/`);

const ratioIn = (book: PriceBook, { kind, years, payment }: HeldCommitment, coverKey: string): number | undefined => {
  const offer = book.offers.find((o) => o.kind === kind && o.years === years && o.payment === payment);
  return offer && ratioOf(offer, coverKey);
};
