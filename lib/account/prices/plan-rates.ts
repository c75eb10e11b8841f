import {
  DescribeSavingsPlansOfferingRatesCommand,
  type DescribeSavingsPlansOfferingRatesRequest,
  type SavingsPlanOfferingRate,
  type SavingsplansClient,
} from '@aws-sdk/client-savingsplans';
import type { CommitmentKind, PaymentOption } from '../../report/usage/usage.ts';
import { paymentOptions, savingsPlanKinds, yearsOf } from '../commitment-terms.ts';

/** What a unit of usage costs under a Savings Plan that can be bought. */
export interface PlanRate {
  readonly kind: CommitmentKind;
  readonly years: 1 | 3;
  readonly payment: PaymentOption;
  readonly usageType: string;
  readonly operation: string;
  readonly usd: number;
}

export interface PlanRates {
  rates(query: PlanRateQuery, abortSignal: AbortSignal): Promise<readonly PlanRate[]>;
}

export type PlanRateQuery =
  | { readonly of: 'fargate'; readonly region: string }
  | { readonly of: 'ec2' | 'rds' | 'elasticache'; readonly region: string; readonly usageTypes: readonly string[] };

/** `DescribeSavingsPlansOfferingRates`: exact rates, without the offer file of a hundred megabytes. */
export const awsPlanRates = (client: SavingsplansClient): PlanRates => ({
  rates: async (query, abortSignal) => {
    const found: SavingsPlanOfferingRate[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new DescribeSavingsPlansOfferingRatesCommand({
          ...requestOf(query),
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
        { abortSignal },
      );
      found.push(...(page.searchResults ?? []));
      nextToken = page.nextToken || undefined;
    } while (nextToken !== undefined);
    return found.flatMap(toRate);
  },
});

const requestOf = (query: PlanRateQuery): DescribeSavingsPlansOfferingRatesRequest => {
  const region = { name: 'region' as const, values: [query.region] };
  switch (query.of) {
    case 'fargate':
      return { savingsPlanTypes: ['Compute'], products: ['Fargate'], serviceCodes: ['AmazonECS'], filters: [region] };
    case 'ec2':
      return {
        savingsPlanTypes: ['Compute', 'EC2Instance'],
        products: ['EC2'],
        serviceCodes: ['AmazonEC2'],
        usageTypes: [...query.usageTypes],
        filters: [
          region,
          { name: 'tenancy', values: ['shared'] },
          { name: 'productDescription', values: ['Linux/UNIX'] },
        ],
      };
    case 'rds':
      return {
        savingsPlanTypes: ['Database'],
        products: ['RDS'],
        serviceCodes: ['AmazonRDS'],
        usageTypes: [...query.usageTypes],
        filters: [region],
      };
    case 'elasticache':
      return {
        savingsPlanTypes: ['Database'],
        products: ['ElastiCache'],
        serviceCodes: ['AmazonElastiCache'],
        usageTypes: [...query.usageTypes],
        filters: [region],
      };
  }
};

const toRate = ({ savingsPlanOffering, rate, usageType, operation }: SavingsPlanOfferingRate): readonly PlanRate[] => {
  const { planType, paymentOption, durationSeconds = 0, currency } = savingsPlanOffering ?? {};
  const kind = savingsPlanKinds[planType ?? ''];
  const payment = paymentOptions[paymentOption ?? ''];
  const usd = Number(rate);
  if (kind === undefined || payment === undefined || usageType === undefined) return [];
  if (currency !== 'USD' || !(usd > 0)) return [];
  const years = yearsOf(durationSeconds);
  return [{ kind, years, payment, usageType, operation: operation ?? '', usd }];
};
