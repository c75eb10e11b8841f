import type { Usd } from '../../../model/units.ts';
import { type CommitmentOffer, ratioOf } from '../../prices/price-book.ts';
import type { CommitmentKind } from '../../usage/usage.ts';
import { applyCover } from '../bill.ts';
import { bestFee, feeCurve } from './best-commitment.ts';

/** One plan that may be bought for one pool of usage. */
export interface Slot {
  /** A cover key, '' for Fargate and EC2 together, or `databases`. */
  readonly pool: string;
  readonly offer: CommitmentOffer;
}

export type Residual = ReadonlyMap<string, Float64Array>;

/** Each plan for each pool that it looks at, the most specific first: the order in which AWS applies them. */
export const slotsOf = (offers: readonly CommitmentOffer[], residual: Residual): readonly Slot[] =>
  offers
    .flatMap((offer) => poolsOf(offer, residual).map((pool): Slot => ({ pool, offer })))
    .toSorted((a, b) => rank[a.offer.kind] - rank[b.offer.kind]);

export const usageIn = ({ pool, offer }: Slot, residual: Residual): Residual =>
  new Map([...residual].filter(([key]) => isIn(pool, key) && ratioOf(offer, key) !== undefined));

/** What is left of the usage once that plan is there, at that fee. */
export const residualAfter = (slot: Slot, fee: Usd, residual: Residual): Residual => {
  if (fee <= 0) return residual;
  const left = new Map([...residual].map(([key, usd]) => [key, isIn(slot.pool, key) ? Float64Array.from(usd) : usd]));
  const hours = [...residual.values()][0]?.length ?? 0;
  const ratio = (key: string): number | undefined => (isIn(slot.pool, key) ? ratioOf(slot.offer, key) : undefined);
  applyCover({ id: '', feeUsdPerHour: fee, ratioOf: ratio, untilHour: hours }, left, new Float64Array(hours));
  return left;
};

/**
 * The fees of all slots together. A specific plan is cheaper where its usage is steady, a general one where the usage of
 * several families makes up for each other, and what one covers the other must not: so each is fitted to what the more
 * specific ones leave, and then those are tried smaller as long as the whole gets cheaper.
 */
export const fitCommitments = (slots: readonly Slot[], residual: Residual, survival: number): readonly Usd[] => {
  let best = fitWithin(
    slots,
    residual,
    survival,
    slots.map(() => Number.POSITIVE_INFINITY),
  );
  for (let round = 0; round < rounds; round++) {
    const before = best.savedUsd;
    slots.forEach((slot, i) => {
      if (!slots.some((other, j) => j > i && overlaps(slot, other, residual))) return;
      const fee = best.fees[i] as number;
      for (const share of [0, 0.25, 0.5, 0.7, 0.85, 0.95]) {
        const limits = best.fees.map((known, j) => (j < i ? known : j === i ? share * fee : Number.POSITIVE_INFINITY));
        const tried = fitWithin(slots, residual, survival, limits);
        if (tried.savedUsd > best.savedUsd + 1e-9 * Math.abs(best.savedUsd)) best = tried;
      }
    });
    if (best.savedUsd <= before) break;
  }
  return best.fees;
};

const rounds = 3;

interface Fit {
  readonly fees: readonly Usd[];
  readonly savedUsd: Usd;
}

const fitWithin = (slots: readonly Slot[], residual: Residual, survival: number, limits: readonly Usd[]): Fit => {
  let open = residual;
  let savedUsd = 0;
  const fees = slots.map((slot, i) => {
    const usage = usageIn(slot, open);
    const coverables = [...usage].map(([key, usd]) => ({ usd, ratio: ratioOf(slot.offer, key) ?? 1 }));
    if (limits[i] === 0 || coverables.length === 0) return 0;
    const fee = Math.min(limits[i] as number, bestFee(feeCurve(coverables), undefined, survival));
    const left = residualAfter(slot, fee, open);
    for (const [key, usd] of usage) {
      const after = left.get(key) ?? usd;
      for (let h = 0; h < usd.length; h++) savedUsd += survival * ((usd[h] as number) - (after[h] as number));
    }
    savedUsd -= fee * (coverables[0]?.usd.length ?? 0);
    open = left;
    return fee;
  });
  return { fees, savedUsd };
};

const rank: Readonly<Record<CommitmentKind, number>> = {
  reservation: 0,
  ec2SavingsPlan: 1,
  databaseSavingsPlan: 2,
  computeSavingsPlan: 3,
};

const poolsOf = ({ kind }: CommitmentOffer, residual: Residual): readonly string[] => {
  const keys = [...residual.keys()];
  switch (kind) {
    case 'computeSavingsPlan':
      return keys.some((key) => isIn('', key)) ? [''] : [];
    case 'databaseSavingsPlan':
      return keys.some((key) => isIn('databases', key)) ? ['databases'] : [];
    case 'ec2SavingsPlan':
      return keys.filter((key) => key.startsWith('ec2/'));
    case 'reservation':
      return keys.filter((key) => !key.startsWith('fargate/'));
  }
};

const isIn = (pool: string, key: string): boolean => {
  if (pool === '') return key.startsWith('fargate/') || key.startsWith('ec2/');
  if (pool === 'databases') return key.startsWith('rds/') || key.startsWith('elasticache/');
  return key === pool;
};

const overlaps = (a: Slot, b: Slot, residual: Residual): boolean => {
  const keys = usageIn(b, residual);
  return [...usageIn(a, residual).keys()].some((key) => keys.has(key));
};
