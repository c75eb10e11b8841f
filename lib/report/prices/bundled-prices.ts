import { fargatePriceSource, fargatePrices } from '../fargate-price.ts';
import { bundledInstances } from './bundled-instances.ts';
import { bundledOffers } from './bundled-offers.ts';
import type { PriceBook } from './price-book.ts';

/** What is known without asking AWS. Dated: the report says so beside every amount that rests on it. */
export const bundledPrices: PriceBook = {
  currency: 'USD',
  date: fargatePriceSource.date,
  source: fargatePriceSource.source,
  fargate: fargatePrices,
  // The public Spot feed on 2026-09-28. Spot moves: an estimate, and the report calls it one.
  fargateSpot: {
    x86: {
      'us-east-1': { usdPerVcpuHour: 0.01288871, usdPerGiBHour: 0.00141527 },
      'eu-west-1': { usdPerVcpuHour: 0.01224056, usdPerGiBHour: 0.0013441 },
    },
    arm64: {
      'us-east-1': { usdPerVcpuHour: 0.01030969, usdPerGiBHour: 0.00113349 },
      'eu-west-1': { usdPerVcpuHour: 0.00979124, usdPerGiBHour: 0.00107649 },
    },
  },
  instances: bundledInstances,
  offers: bundledOffers,
  ipv4UsdPerHour: 0.005,
  // Public price pages of us-east-1, November 2026: gateway-hours, GiB through a gateway, GiB of logs, GiB-months, requests.
  others: {
    'nat/us-east-1': 0.045,
    'nat-bytes/us-east-1': 0.045,
    'logs/us-east-1': 0.5,
    'volume/us-east-1/gp3': 0.08,
    'sqs/us-east-1': 0.4e-6,
    'sqs-fifo/us-east-1': 0.5e-6,
  },
};
