import type { CommitmentOffer } from './price-book.ts';

/**
 * Price under a plan ÷ on demand. Fargate: Compute Savings Plan offer file of 2026-09-25, us-east-1 (on ARM for a task
 * with 2 GB per vCPU: the discounts on CPU and memory differ by a tenth of a percent there). Partial upfront is not in it: 25 % and 49.5 % are what public
 * pages say. Reservations: hourly rates of a public price test suite, May 2026, one type each; the discount of other
 * types differs by a few percent, so the live price list replaces these wherever it can be read.
 */
export const bundledOffers: readonly CommitmentOffer[] = [
  {
    kind: 'computeSavingsPlan',
    years: 1,
    payment: 'none',
    ratios: fargate(0.8, (0.0255 + 2 * 0.0028) / (0.03238 + 2 * 0.00356)),
  },
  { kind: 'computeSavingsPlan', years: 1, payment: 'partial', ratios: fargate(0.75, 0.75) },
  { kind: 'computeSavingsPlan', years: 1, payment: 'all', ratios: fargate(0.73, 0.73) },
  {
    kind: 'computeSavingsPlan',
    years: 3,
    payment: 'none',
    ratios: fargate(0.55, (0.01749 + 2 * 0.00192) / (0.03238 + 2 * 0.00356)),
  },
  { kind: 'computeSavingsPlan', years: 3, payment: 'partial', ratios: fargate(0.505, 0.505) },
  { kind: 'computeSavingsPlan', years: 3, payment: 'all', ratios: fargate(0.48, 0.01587 / 0.03238) },
  {
    kind: 'reservation',
    years: 1,
    payment: 'none',
    ratios: { ec2: 1 - 0.373, rds: 1 - 0.296, elasticache: 1 - 0.317 },
  },
  {
    kind: 'reservation',
    years: 1,
    payment: 'partial',
    ratios: { ec2: 1 - 0.404, rds: 1 - 0.329, elasticache: 1 - 0.35 },
  },
  { kind: 'reservation', years: 3, payment: 'none', ratios: { ec2: 1 - 0.567 } },
  { kind: 'reservation', years: 3, payment: 'partial', ratios: { ec2: 1 - 0.601, rds: 1 - 0.52 } },
];

function fargate(x86: number, arm64: number): Readonly<Record<string, number>> {
  return { 'fargate/us-east-1/x86': x86, 'fargate/us-east-1/arm64': arm64 };
}
