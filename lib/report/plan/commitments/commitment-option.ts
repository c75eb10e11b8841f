import type { Usd } from '../../../model/units.ts';
import { createRandom } from '../../../simulate/random.ts';
import { type CommitmentOffer, ratioOf } from '../../prices/price-book.ts';
import { hoursPerMonth, perMonth } from '../bill.ts';
import type { PlanSettings } from '../plan-settings.ts';
import { bestFee, type Coverable, type FeeCurve, feeCurve } from './best-commitment.ts';

/** One plan for one pool of usage, as a row of the side-by-side table. */
export interface CommitmentOption {
  /** What it would cover: a cover key (`rds/us-east-1/mysql/r6g`), '' for Fargate and EC2 together, or `databases`. */
  readonly pool: string;
  readonly offer: CommitmentOffer;
  /** 1 - price under it ÷ on demand, of the usage it would cover first. */
  readonly discount: number;
  /** Cheapest fee if the coming weeks are as the past ones. */
  readonly optimalFeeUsdPerHour: Usd;
  /** What is advised: the lower of the cautious bootstrap and the fee that also bears the loss of usage. */
  readonly feeUsdPerHour: Usd;
  /** 10th to 90th percentile of the optimal fee over resampled weeks. */
  readonly range: readonly [Usd, Usd];
  readonly usdPerMonth: Usd;
  /** The same after the cost of capital of what is paid upfront. */
  readonly afterCapitalUsdPerMonth: Usd;
  /** Hours of use at the advised level that pay the whole term. */
  readonly breakEvenHours: number;
  /** Share of the fee that the past weeks would have used. */
  readonly utilization: number;
}

/** Undefined when the plan covers none of this usage. `feeMax`: no more than that is advised. */
export const commitmentOption = (
  pool: string,
  offer: CommitmentOffer,
  residual: ReadonlyMap<string, Float64Array>,
  settings: PlanSettings,
  feeMax: Usd = Number.POSITIVE_INFINITY,
): CommitmentOption | undefined => {
  const coverables = [...residual].flatMap(([key, usd]): readonly Coverable[] => {
    const ratio = ratioOf(offer, key);
    return ratio === undefined || !usd.some((value) => value > 1e-9) ? [] : [{ usd, ratio }];
  });
  const lowest = Math.min(...coverables.map(({ ratio }) => ratio));
  const hours = coverables[0]?.usd.length;
  if (hours === undefined) return undefined;
  const curve = feeCurve(coverables);
  const optimalFeeUsdPerHour = bestFee(curve);
  const enduring = bestFee(curve, undefined, survival(settings.annualUsageLoss, offer.years));
  const fees = bootstrapFees(curve, settings);
  const at = (share: number): Usd =>
    fees[Math.min(fees.length - 1, Math.floor(share * fees.length))] ?? optimalFeeUsdPerHour;
  const feeUsdPerHour = Math.min(enduring, at(0.1), feeMax);
  const { savedUsd, usedUsd } = effectOf(coverables, feeUsdPerHour, hours);
  const usdPerMonth = perMonth(savedUsd, hours);
  return {
    pool,
    offer,
    discount: 1 - lowest,
    optimalFeeUsdPerHour,
    feeUsdPerHour,
    range: [at(0.1), at(0.9)],
    usdPerMonth,
    afterCapitalUsdPerMonth: usdPerMonth - capitalUsdPerMonth(offer, feeUsdPerHour, settings.costOfCapital),
    breakEvenHours: lowest * offer.years * 8760,
    utilization: feeUsdPerHour === 0 ? 0 : usedUsd / (feeUsdPerHour * hours),
  };
};

/** Mean chance over the term that a level of usage is still there, when a share `annualLoss` goes each year. */
export const survival = (annualLoss: number, years: number): number => {
  const hazard = -Math.log(1 - annualLoss);
  return hazard === 0 ? 1 : (1 - Math.exp(-hazard * years)) / (hazard * years);
};

/** Optimal fees, sorted, when whole weeks are drawn again: patterns within a week stay, luck between weeks shows. */
const bootstrapFees = (curve: FeeCurve, settings: PlanSettings): readonly Usd[] => {
  const { hours } = curve;
  const weeks = Math.floor(hours / 168);
  if (weeks < 2) return [];
  const random = createRandom(settings.seed).fork('commitment');
  return Array.from({ length: settings.bootstrapSamples }, () => {
    const weights = new Float64Array(hours);
    for (let drawn = 0; drawn < weeks; drawn++) {
      const start = random.integer(weeks) * 168;
      for (let h = start; h < start + 168; h++) weights[h] = (weights[h] as number) + 1;
    }
    return bestFee(curve, weights);
  }).sort((a, b) => a - b);
};

const effectOf = (
  coverables: readonly Coverable[],
  fee: Usd,
  hours: number,
): { readonly savedUsd: Usd; readonly usedUsd: Usd } => {
  const inOrder = coverables.toSorted((a, b) => a.ratio - b.ratio);
  let savedUsd = 0;
  let usedUsd = 0;
  for (let h = 0; h < hours; h++) {
    let left = fee;
    for (const { usd, ratio } of inOrder) {
      const used = Math.min(left, (usd[h] as number) * ratio);
      left -= used;
      usedUsd += used;
      savedUsd += used / ratio;
    }
    savedUsd -= fee;
  }
  return { savedUsd, usedUsd };
};

/** Money paid a whole term ahead is bound for half of it on average. */
const capitalUsdPerMonth = (offer: CommitmentOffer, fee: Usd, costOfCapital: number): Usd => {
  const upfront = { none: 0, partial: 0.5, all: 1 }[offer.payment];
  return upfront * fee * hoursPerMonth * costOfCapital * (offer.years / 2);
};
