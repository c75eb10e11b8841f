import type { Usd } from '../../model/units.ts';

/** What one resource spends at on-demand prices, by hour. */
export interface CostLine {
  /** Which commitments may cover it: `fargate/<region>/<arch>`, `ec2/<region>/<family>`, … Absent: none may. */
  readonly coverKey?: string;
  readonly usd: Float64Array;
}

/** A plan or reservation as the arithmetic sees it. */
export interface Cover {
  readonly id: string;
  /** Due in each hour, used or not. */
  readonly feeUsdPerHour: Usd;
  /** Price under it ÷ on demand. Undefined: does not cover that. */
  readonly ratioOf: (coverKey: string) => number | undefined;
  /** Hours from the start of the window after which it is over. */
  readonly untilHour: number;
}

/** Sums of on-demand spend by what may cover it, so that a change of one resource costs one subtraction and one addition. */
export class Spend {
  readonly hours: number;
  readonly plain: Float64Array;
  readonly coverable = new Map<string, Float64Array>();

  constructor(hours: number) {
    this.hours = hours;
    this.plain = new Float64Array(hours);
  }

  add(lines: readonly CostLine[], sign: 1 | -1 = 1): void {
    for (const { coverKey, usd } of lines) {
      const sums = coverKey === undefined ? this.plain : this.#sumsOf(coverKey);
      for (let h = 0; h < this.hours; h++) sums[h] = (sums[h] as number) + sign * (usd[h] as number);
    }
  }

  #sumsOf(coverKey: string): Float64Array {
    const known = this.coverable.get(coverKey);
    if (known) return known;
    const fresh = new Float64Array(this.hours);
    this.coverable.set(coverKey, fresh);
    return fresh;
  }
}

/** What is left to pay on demand once the commitments have been used, and what they were used for. */
export interface Settled {
  /** By hour: fees, uncovered and uncoverable spend. */
  readonly usd: Float64Array;
  /** On-demand spend that nothing covers yet, by cover key. */
  readonly residual: ReadonlyMap<string, Float64Array>;
  /** Of all fees in the window, what found no use; and the same of each commitment, in their order. */
  readonly unusedFeesUsd: Usd;
  readonly unusedUsdByCover: readonly Usd[];
}

/** The bill of each hour. Commitments apply in the given order, each to what it makes cheapest first, as AWS does. */
export const settle = (spend: Spend, covers: readonly Cover[]): Settled => {
  const usd = Float64Array.from(spend.plain);
  const residual = new Map([...spend.coverable].map(([key, sums]) => [key, Float64Array.from(sums)]));
  const unusedUsdByCover = covers.map((cover) => applyCover(cover, residual, usd));
  const unusedFeesUsd = unusedUsdByCover.reduce((sum, unused) => sum + unused, 0);
  for (const sums of residual.values()) {
    for (let h = 0; h < spend.hours; h++) usd[h] = (usd[h] as number) + (sums[h] as number);
  }
  return { usd, residual, unusedFeesUsd, unusedUsdByCover };
};

export const usdOf = (hourly: Float64Array): Usd => {
  let sum = 0;
  for (const usd of hourly) sum += usd;
  return sum;
};

/** AWS counts a month as 365 × 24 ÷ 12 hours, and so does every monthly figure of the report. */
export const hoursPerMonth = 730;

export const perMonth = (usd: Usd, hours: number): Usd => (hours === 0 ? 0 : (usd / hours) * hoursPerMonth);

/** Published figures are whole cents, and sums are sums of published figures: the reader can add them up. */
export const cents = (usd: Usd): Usd => Math.round(usd * 100) / 100;

/** Uses a commitment up: takes what it covers from `residual`, adds its fee to `usd`, and returns the unused fees. */
export const applyCover = (cover: Cover, residual: ReadonlyMap<string, Float64Array>, usd: Float64Array): Usd => {
  const until = Math.min(usd.length, cover.untilHour);
  const targets = [...residual]
    .flatMap(([key, sums]) => {
      const ratio = cover.ratioOf(key);
      return ratio === undefined ? [] : [{ ratio, sums }];
    })
    .sort((a, b) => a.ratio - b.ratio);
  let unused = 0;
  for (let h = 0; h < until; h++) {
    let left = cover.feeUsdPerHour;
    usd[h] = (usd[h] as number) + left;
    for (const { ratio, sums } of targets) {
      const used = Math.min(left, (sums[h] as number) * ratio);
      sums[h] = Math.max(0, (sums[h] as number) - used / ratio);
      left -= used;
    }
    unused += left;
  }
  return unused;
};
