import type { FargatePrice } from '../../report/fargate-price.ts';
import { coverKeyOf } from '../../report/plan/resource.ts';
import type { LivePrices } from '../../report/prices/merge-prices.ts';
import { instanceKey } from '../../report/prices/price-book.ts';
import type { Architecture, UnavailableSource } from '../../report/usage/usage.ts';
import { unavailable } from '../unavailable.ts';
import { fargateUsageTypes, type RegionFargate, readFargatePrices } from './fargate-prices.ts';
import { readInstancePrice } from './instance-prices.ts';
import { OfferRatios } from './offer-ratios.ts';
import { readOtherPrice } from './other-prices.ts';
import type { PlanRate, PlanRates } from './plan-rates.ts';
import { isUsageType, type PriceItem, type PriceList } from './price-list.ts';
import type { InstanceNeed, PriceNeeds } from './price-needs.ts';

export interface PriceReading {
  readonly prices: LivePrices;
  readonly unavailable: readonly UnavailableSource[];
}

export interface PriceSources {
  readonly list: PriceList;
  readonly rates: PlanRates;
}

/** Asks for what is needed and nothing else. Never rejects: an API that fails is a line, and is not asked again. */
export const readPrices = async (
  sources: PriceSources,
  needs: PriceNeeds,
  abortSignal: AbortSignal,
): Promise<PriceReading> => {
  const asking = new Asking(sources, abortSignal);
  const ratios = new OfferRatios();
  const fargate = await readFargate(asking, needs, ratios);
  const instances = await readInstances(asking, needs, ratios);
  const others: Record<string, number> = {};
  for (const key of needs.others) {
    const usd = await asking.list((list, signal) => readOtherPrice(list, key, signal));
    if (usd !== undefined) others[key] = usd;
  }
  return { prices: { ...fargate, instances, offers: ratios.offers(), others }, unavailable: asking.failures() };
};

/** Both APIs, each until it fails. */
class Asking {
  readonly #sources: PriceSources;
  readonly #abortSignal: AbortSignal;
  readonly #failures = new Map<string, UnavailableSource>();

  constructor(sources: PriceSources, abortSignal: AbortSignal) {
    this.#sources = sources;
    this.#abortSignal = abortSignal;
  }

  list<T>(work: (list: PriceList, abortSignal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    return this.#attempt('Price list', () => work(this.#sources.list, this.#abortSignal));
  }

  async rates(query: Parameters<PlanRates['rates']>[0]): Promise<readonly PlanRate[]> {
    const rates = () => this.#sources.rates.rates(query, this.#abortSignal);
    return (await this.#attempt('Savings Plans rates', rates)) ?? [];
  }

  failures(): readonly UnavailableSource[] {
    return [...this.#failures.values()];
  }

  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#failures.has(what)) return undefined;
    try {
      return await work();
    } catch (error) {
      this.#failures.set(what, { ...unavailable('prices', undefined, error), source: what });
      return undefined;
    }
  }
}

const readFargate = async (
  asking: Asking,
  { fargate: regions }: PriceNeeds,
  ratios: OfferRatios,
): Promise<Pick<LivePrices, 'fargate' | 'fargateSpot'>> => {
  const fargate: ByArchitecture = { x86: {}, arm64: {} };
  const fargateSpot: ByArchitecture = { x86: {}, arm64: {} };
  for (const region of regions) {
    const here = await asking.list((list, signal) => readFargatePrices(list, region, signal));
    if (here === undefined) continue;
    keep(fargate, region, here.onDemand);
    keep(fargateSpot, region, here.spot);
    addFargateRatios(ratios, region, here, await asking.rates({ of: 'fargate', region }));
  }
  return { fargate, fargateSpot };
};

type ByArchitecture = Readonly<Record<Architecture, Record<string, FargatePrice>>>;

const keep = (into: ByArchitecture, region: string, prices: RegionFargate['onDemand']): void => {
  for (const architecture of ['x86', 'arm64'] as const) {
    const price = prices[architecture];
    if (price !== undefined) into[architecture][region] = price;
  }
};

/** Discounts on CPU and on memory differ by a trifle: what counts is a task with 2 GB for each vCPU. */
const addFargateRatios = (
  ratios: OfferRatios,
  region: string,
  { onDemand }: RegionFargate,
  rates: readonly PlanRate[],
): void => {
  for (const architecture of ['x86', 'arm64'] as const) {
    const price = onDemand[architecture];
    if (price === undefined) continue;
    const names = fargateUsageTypes[architecture];
    for (const vcpu of rates.filter(({ usageType }) => isUsageType(usageType, names.vcpu))) {
      const memory = rates.find(
        (rate) =>
          rate.kind === vcpu.kind &&
          rate.years === vcpu.years &&
          rate.payment === vcpu.payment &&
          isUsageType(rate.usageType, names.memory),
      );
      if (memory === undefined) continue;
      const ratio = (vcpu.usd + 2 * memory.usd) / (price.usdPerVcpuHour + 2 * price.usdPerGiBHour);
      ratios.add(vcpu, `fargate/${region}/${architecture}`, ratio);
    }
  }
};

const readInstances = async (
  asking: Asking,
  { instances }: PriceNeeds,
  ratios: OfferRatios,
): Promise<LivePrices['instances']> => {
  const known: Priced[] = [];
  for (const need of instances) {
    const item = await asking.list((list, signal) => readInstancePrice(list, need, signal));
    if (item?.onDemandUsd !== undefined) known.push({ need, item, usd: item.onDemandUsd });
  }
  for (const { need, item, usd } of known) {
    for (const reserved of item.reserved) {
      ratios.add({ kind: 'reservation', ...reserved }, coverKeyOf(need), reserved.usdPerHour / usd);
    }
  }
  for (const group of Map.groupBy(known, ({ need }) => `${need.kind}/${need.region}`).values()) {
    await addPlanRatios(asking, group, ratios);
  }
  return Object.fromEntries(
    known.map(({ need, usd }) => [instanceKey(need.kind, need.region, need.engine, need.type, need.multiAz), usd]),
  );
};

interface Priced {
  readonly need: InstanceNeed;
  readonly item: PriceItem;
  readonly usd: number;
}

/** Of one kind in one Region. A rate belongs to the product with the same usage type and operation. */
const addPlanRatios = async (asking: Asking, group: readonly Priced[], ratios: OfferRatios): Promise<void> => {
  const [first] = group;
  if (first === undefined) return;
  const usageTypes = [...new Set(group.map(({ item }) => item.usageType))];
  const rates = await asking.rates({ of: first.need.kind, region: first.need.region, usageTypes });
  for (const rate of rates) {
    for (const { need, item, usd } of group) {
      const isIt = item.usageType === rate.usageType && (item.attributes.operation ?? '') === rate.operation;
      if (isIt) ratios.add(rate, coverKeyOf(need), rate.usd / usd);
    }
  }
};
