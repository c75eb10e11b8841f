import { PricingClient } from '@aws-sdk/client-pricing';
import { SavingsplansClient } from '@aws-sdk/client-savingsplans';
import { describe, expect, it } from 'vitest';
import type { DocumentCache } from '../../lib/account/document-cache.ts';
import { livePrices } from '../../lib/account/prices/live-prices.ts';
import { awsPlanRates } from '../../lib/account/prices/plan-rates.ts';
import { awsPriceList, isUsageType, parseProduct } from '../../lib/account/prices/price-list.ts';
import type { PriceNeeds } from '../../lib/account/prices/price-needs.ts';
import { readPrices } from '../../lib/account/prices/read-prices.ts';
import { bundledPrices } from '../../lib/report/prices/bundled-prices.ts';
import { ratioOf, taskUsdPerHour } from '../../lib/report/prices/price-book.ts';
import { answering, denied, inPages, settings } from './fake-client.ts';

/**
 * Goal: exact products only, first paid tier, every page; what the APIs do not know keeps the bundled price or none.
 * Method: a small price list in memory that filters as the API does, behind the SDK's own client.
 */
const signal = new AbortController().signal;
const region = 'eu-north-1';

interface Row {
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tiers: readonly (readonly [begin: string, usd: string])[];
  readonly reserved?: readonly (readonly [terms: Readonly<Record<string, string>>, upfront: string, hourly: string])[];
}

const productOf = ({ attributes, tiers, reserved = [] }: Row): string =>
  JSON.stringify({
    product: { attributes },
    terms: {
      OnDemand: {
        t: {
          priceDimensions: Object.fromEntries(
            tiers.map(([beginRange, USD], i) => [`d${i}`, { beginRange, unit: 'Hrs', pricePerUnit: { USD } }]),
          ),
        },
      },
      Reserved: Object.fromEntries(
        reserved.map(([termAttributes, upfront, hourly], i) => [
          `r${i}`,
          {
            termAttributes,
            priceDimensions: {
              a: { unit: 'Quantity', pricePerUnit: { USD: upfront } },
              b: { unit: 'Hrs', pricePerUnit: { USD: hourly } },
            },
          },
        ]),
      ),
    },
  });

const fargate = (usagetype: string, usd: string): Row => ({
  service: 'AmazonECS',
  attributes: { usagetype, regionCode: region },
  tiers: [['0', usd]],
});

const ec2 = (usagetype: string, usd: string, more = {}): Row => ({
  service: 'AmazonEC2',
  attributes: {
    usagetype,
    regionCode: region,
    instanceType: 'm5.large',
    operation: 'RunInstances',
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    capacitystatus: 'Used',
    preInstalledSw: 'NA',
    licenseModel: 'No License required',
    ...more,
  },
  tiers: [['0', usd]],
  reserved: [
    [{ LeaseContractLength: '1yr', PurchaseOption: 'No Upfront', OfferingClass: 'standard' }, '0', '0.0612'],
    [{ LeaseContractLength: '1yr', PurchaseOption: 'No Upfront', OfferingClass: 'convertible' }, '0', '0.07'],
    [{ LeaseContractLength: '3yr', PurchaseOption: 'All Upfront', OfferingClass: 'standard' }, '1051.2', '0'],
  ],
});

const rows: readonly Row[] = [
  fargate('EUN1-Fargate-ARM-GB-Hours', '0.0039'),
  fargate('EUN1-Fargate-Windows-GB-Hours', '0.9'),
  fargate('EUN1-SpotUsage-Fargate-GB-Hours', '0.0015'),
  fargate('EUN1-SpotUsage-Fargate-vCPU-Hours:perCPU', '0.0134'),
  fargate('EUN1-Fargate-EphemeralStorage-GB-Hours', '0.0001'),
  fargate('EUN1-Fargate-GB-Hours', '0.005'),
  fargate('EUN1-Fargate-vCPU-Hours:perCPU', '0.045'),
  ec2('EUN1-DedicatedUsage:m5.large', '5'),
  ec2('EUN1-UnusedBox:m5.large', '0.102'),
  ec2('EUN1-BoxUsage:m5.large', '0.102'),
  {
    service: 'AWSQueueService',
    attributes: { usagetype: 'EUN1-Requests-FIFO-Tier1', regionCode: region },
    tiers: [['0', '0.0000005']],
  },
  {
    service: 'AWSQueueService',
    attributes: { usagetype: 'EUN1-Requests-Tier1', regionCode: region },
    tiers: [
      ['100000000000', '0.0000003'],
      ['0', '0.0000000000'],
      ['1000000', '0.0000004'],
    ],
  },
];

const pricing = (calls: Record<string, number> = {}) =>
  answering(
    new PricingClient(settings),
    {
      GetProducts: (input: {
        ServiceCode: string;
        Filters: readonly { Field: string; Value: string }[];
        NextToken?: string;
      }) =>
        inPages(
          rows
            .filter(({ service }) => service === input.ServiceCode)
            .filter(({ attributes }) => input.Filters.every(({ Field, Value }) => attributes[Field] === Value))
            .map(productOf),
          1,
          (PriceList) => ({ PriceList }),
        )(input),
    },
    calls,
  );

const rate = (usageType: string, usd: string, planType = 'Compute', operation = '') => ({
  savingsPlanOffering: { planType, paymentOption: 'No Upfront', durationSeconds: 31_536_000, currency: 'USD' },
  rate: usd,
  usageType,
  operation,
});
const savings = () =>
  answering(new SavingsplansClient(settings), {
    DescribeSavingsPlansOfferingRates: (input: { products: readonly string[]; nextToken?: string }) =>
      inPages(
        input.products[0] === 'Fargate'
          ? [
              rate('EUN1-Fargate-vCPU-Hours:perCPU', '0.036'),
              rate('EUN1-Fargate-GB-Hours', '0.004'),
              rate('EUN1-Fargate-ARM-GB-Hours', '0.001'),
            ]
          : [
              rate('EUN1-BoxUsage:m5.large', '0.0714', 'EC2Instance', 'RunInstances'),
              rate('EUN1-BoxUsage:m5.large', '0.01', 'EC2Instance', 'RunInstances:0002'),
            ],
        1,
        (searchResults) => ({ searchResults }),
        'nextToken',
      )(input),
  });

const sources = { list: awsPriceList(pricing()), rates: awsPlanRates(savings()) };
const needs: PriceNeeds = {
  fargate: [region],
  instances: [
    { kind: 'ec2', region, engine: 'linux', type: 'm5.large', multiAz: false },
    { kind: 'ec2', region, engine: 'linux', type: 'm5.colossal', multiAz: false },
    { kind: 'ec2', region, engine: 'windows', type: 'm5.large', multiAz: false },
  ],
  others: [`sqs-fifo/${region}`, `sqs/${region}`, `nat/${region}`],
};

describe('the price list', () => {
  it.each([
    ['EUN1-Fargate-GB-Hours', true],
    ['EU-Fargate-GB-Hours', true],
    ['Fargate-GB-Hours', true],
    ['USE1-Fargate-ARM-GB-Hours', false],
    ['EUN1-SpotUsage-Fargate-GB-Hours', false],
    ['SpotUsage-Fargate-GB-Hours', false],
    ['EUN1-Fargate-EphemeralStorage-GB-Hours', false],
    ['EUN1-Fargate-Windows-GB-Hours', false],
  ])('%s is the memory of an x86 task: %s', (usageType, is) => {
    expect(isUsageType(usageType, 'Fargate-GB-Hours')).toBe(is);
  });

  it.each(['', '{}', '[]', 'null', '{"product":{"attributes":{"usagetype":1}}}'])('%s is no product', (json) => {
    expect(parseProduct(json)).toBeUndefined();
  });

  it('exact products, the first tier that is paid, and ratios of standard reservations and plans', async () => {
    const { prices, unavailable } = await readPrices(sources, needs, signal);
    expect(unavailable).toEqual([]);
    expect(prices.fargate).toEqual({ x86: { [region]: { usdPerVcpuHour: 0.045, usdPerGiBHour: 0.005 } }, arm64: {} });
    expect(prices.fargateSpot.x86[region]).toEqual({ usdPerVcpuHour: 0.0134, usdPerGiBHour: 0.0015 });
    expect(prices.instances).toEqual({ [`ec2/${region}/linux/m5.large`]: 0.102 });
    expect(prices.others).toEqual({ [`sqs/${region}`]: 4e-7, [`sqs-fifo/${region}`]: 5e-7 });
    expect(
      prices.offers.map(({ kind, years, payment, ratios }) => [kind, years, payment, Object.entries(ratios)]),
    ).toEqual([
      ['computeSavingsPlan', 1, 'none', [[`fargate/${region}/x86`, expect.closeTo(0.8, 9)]]],
      ['ec2SavingsPlan', 1, 'none', [[`ec2/${region}/m5`, expect.closeTo(0.7, 9)]]],
      ['reservation', 1, 'none', [[`ec2/${region}/m5`, expect.closeTo(0.6, 9)]]],
      ['reservation', 3, 'all', [[`ec2/${region}/m5`, expect.closeTo(0.04 / 0.102, 9)]]],
    ]);
  });
});

describe('live over bundled', () => {
  const memory = (): DocumentCache => {
    const kept = new Map<string, { readonly document: unknown; readonly at: number }>();
    return {
      get: async (key, notBefore) => {
        const found = kept.get(key);
        return found !== undefined && found.at >= notBefore ? found.document : undefined;
      },
      put: async (key, document, at) => void kept.set(key, { document, at }),
    };
  };
  const now = Date.parse('2026-11-20T12:00Z') / 1000;

  it('what is known replaces, what is not stays, and both dates are said', async () => {
    const { book } = await livePrices({ sources, bundled: bundledPrices, cache: memory(), now }, needs, signal);
    expect(book.date).toBe('2026-11-20');
    expect(book.source).toContain(bundledPrices.date);
    const size = { cpu: 1024, memoryMiB: 1024 };
    expect(taskUsdPerHour(book, region, 'x86', size, 'onDemand')).toBeCloseTo(0.05, 9);
    expect(taskUsdPerHour(book, 'us-east-1', 'x86', size, 'onDemand')).toBeCloseTo(0.04048 + 0.004445, 9);
    expect(taskUsdPerHour(book, 'mars-north-1', 'x86', size, 'onDemand')).toBeUndefined();
    const offer = book.offers.find(
      ({ kind, years, payment }) => kind === 'reservation' && years === 1 && payment === 'none',
    );
    expect(offer && ratioOf(offer, `ec2/${region}/m5`)).toBeCloseTo(0.6, 9);
    expect(offer && ratioOf(offer, `ec2/${region}/c5`)).toBeCloseTo(1 - 0.373, 9);
  });

  it('asked once in six days, and again next week', async () => {
    const calls: Record<string, number> = {};
    const request = {
      sources: { ...sources, list: awsPriceList(pricing(calls)) },
      bundled: bundledPrices,
      cache: memory(),
    };
    await livePrices({ ...request, now }, needs, signal);
    const asked = calls.GetProducts;
    const again = await livePrices({ ...request, now: now + 3 * 86_400 }, needs, signal);
    expect(calls.GetProducts).toBe(asked);
    expect(again.book.date).toBe('2026-11-20');
    await livePrices({ ...request, now: now + 7 * 86_400 }, needs, signal);
    expect(calls.GetProducts).toBe(2 * (asked ?? 0));
  });

  it('denied: the bundled book as it is, one line an API, and nothing is kept', async () => {
    const cache = memory();
    const closed = {
      list: awsPriceList(answering(new PricingClient(settings), { GetProducts: () => denied('pricing:GetProducts') })),
      rates: sources.rates,
    };
    const first = await livePrices({ sources: closed, bundled: bundledPrices, cache, now }, needs, signal);
    expect(first.book).toEqual(bundledPrices);
    expect(first.unavailable.map(({ source, needs: mend }) => [source, mend.split(';')[0]])).toEqual([
      ['Price list', 'the right pricing:GetProducts'],
    ]);
    const then = await livePrices({ sources, bundled: bundledPrices, cache, now }, needs, signal);
    expect(then.book.date).toBe('2026-11-20');
  });
});
