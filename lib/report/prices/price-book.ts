import type { TaskSize } from '../../model/plan.ts';
import type { Usd } from '../../model/units.ts';
import type { FargatePrice } from '../fargate-price.ts';
import type { Architecture, CommitmentKind, InstanceKind, PaymentOption } from '../usage/usage.ts';

/** Prices as values: from the Price List API, or the bundled fallback. What it does not know has no price. */
export interface PriceBook {
  readonly currency: 'USD';
  /** Day of the newest price in it, YYYY-MM-DD. */
  readonly date: string;
  readonly source: string;
  readonly fargate: RegionPrices;
  readonly fargateSpot: RegionPrices;
  /** USD per hour by `instanceKey`. */
  readonly instances: Readonly<Record<string, Usd>>;
  readonly offers: readonly CommitmentOffer[];
  /** Of one public IPv4 address. */
  readonly ipv4UsdPerHour: Usd;
  /**
   * Everything else by `<what>/<region>`: `nat/…` USD per gateway-hour, `nat-bytes/…` per GiB through it, `sqs/…` and `sqs-fifo/…` per request,
   * `volume/<region>/<type>` per GiB-month, `logs/…` per GiB taken in.
   */
  readonly others?: Readonly<Record<string, Usd>>;
}

type RegionPrices = Readonly<Record<Architecture, Readonly<Record<string, FargatePrice>>>>;

/** A Savings Plan or a reservation that can be bought. */
export interface CommitmentOffer {
  readonly kind: CommitmentKind;
  readonly years: 1 | 3;
  readonly payment: PaymentOption;
  /** Price under the plan ÷ on demand, by cover key or a prefix of it (`ec2/us-east-1`). The longest prefix wins. */
  readonly ratios: Readonly<Record<string, number>>;
}

export const instanceKey = (
  kind: InstanceKind,
  region: string,
  engine: string,
  type: string,
  multiAz: boolean,
): string => `${kind}/${region}/${engine}/${type}${multiAz ? '/multi-az' : ''}`;

/** What one task costs in an hour without its address; undefined where the book has no price. */
export const taskUsdPerHour = (
  book: PriceBook,
  region: string,
  architecture: Architecture,
  size: TaskSize,
  market: 'onDemand' | 'spot',
): Usd | undefined => {
  const prices = (market === 'spot' ? book.fargateSpot : book.fargate)[architecture];
  const of = Object.hasOwn(prices, region) ? prices[region] : undefined;
  return of && (size.cpu / 1024) * of.usdPerVcpuHour + (size.memoryMiB / 1024) * of.usdPerGiBHour;
};

/** Undefined: this plan does not cover that usage, or the book does not know at which price. */
export const ratioOf = (offer: CommitmentOffer, coverKey: string): number | undefined => {
  for (let key = coverKey; key !== ''; key = key.slice(0, Math.max(0, key.lastIndexOf('/')))) {
    if (Object.hasOwn(offer.ratios, key)) return offer.ratios[key];
  }
  return undefined;
};
