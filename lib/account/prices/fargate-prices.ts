import type { Usd } from '../../model/units.ts';
import type { FargatePrice } from '../../report/fargate-price.ts';
import type { Architecture } from '../../report/usage/usage.ts';
import { isUsageType, type PriceList } from './price-list.ts';

export interface RegionFargate {
  readonly onDemand: Partial<Readonly<Record<Architecture, FargatePrice>>>;
  /** Where the list has it; it often has not, and the Spot price moves. */
  readonly spot: Partial<Readonly<Record<Architecture, FargatePrice>>>;
}

/** Names without the Region's prefix. Rows for Windows, ephemeral storage and EKS look alike and are none of these. */
export const fargateUsageTypes: Readonly<Record<Architecture, { readonly vcpu: string; readonly memory: string }>> = {
  x86: { vcpu: 'Fargate-vCPU-Hours:perCPU', memory: 'Fargate-GB-Hours' },
  arm64: { vcpu: 'Fargate-ARM-vCPU-Hours:perCPU', memory: 'Fargate-ARM-GB-Hours' },
};

export const readFargatePrices = async (
  list: PriceList,
  region: string,
  abortSignal: AbortSignal,
): Promise<RegionFargate> => {
  const rows = new Map<string, Usd>();
  for await (const { usageType, onDemandUsd } of list.products('AmazonECS', { regionCode: region }, abortSignal)) {
    if (onDemandUsd !== undefined) rows.set(usageType, onDemandUsd);
  }
  const priceOf = (name: string): Usd | undefined => [...rows].find(([usageType]) => isUsageType(usageType, name))?.[1];
  const pricesOf = (prefix: string): RegionFargate['onDemand'] =>
    Object.fromEntries(
      Object.entries(fargateUsageTypes).flatMap(([architecture, { vcpu, memory }]) => {
        const usdPerVcpuHour = priceOf(prefix + vcpu);
        const usdPerGiBHour = priceOf(prefix + memory);
        // Half a price is no price.
        return usdPerVcpuHour === undefined || usdPerGiBHour === undefined
          ? []
          : [[architecture, { usdPerVcpuHour, usdPerGiBHour }]];
      }),
    );
  return { onDemand: pricesOf(''), spot: pricesOf('SpotUsage-') };
};
