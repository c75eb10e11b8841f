import { fargateSizes } from '../../config/fargate-sizes.ts';
import type { TaskSize } from '../../model/plan.ts';
import type { Percent, Usd } from '../../model/units.ts';
import { cents } from '../plan/bill.ts';

/** What the simple mode knows of one resource: means over its last seven days, and its bill. */
export interface SimpleFacts {
  /** Hourly values of the last seven days; what is not known is left out. */
  readonly cpuPercent: readonly number[];
  readonly memoryPercent: readonly number[];
  readonly size?: TaskSize;
  readonly usdPerMonth: Usd;
  /** Cost of the next smaller class, where there is one. */
  readonly smallerUsdPerMonth?: Usd;
  /** At what the resource costs per CPU unit and MiB; for a service with a size. */
  readonly usdOfSize?: (size: TaskSize) => Usd | undefined;
  readonly forecastCpuPercent?: Percent;
  /** Fargate that may be interrupted. */
  readonly spot: boolean;
  /** It is not needed outside working hours. */
  readonly offHours: boolean;
  /** What can be reserved: not Fargate. */
  readonly reservable: boolean;
}

export type SimpleKind = 'larger' | 'size' | 'schedule' | 'spot' | 'commit';

export interface SimpleAdvice {
  readonly kind: SimpleKind;
  readonly why: string;
  readonly size?: TaskSize;
  /** After all lines above it. */
  readonly usdPerMonth: Usd;
}

/** The rules and figures of the reference systems, and nothing cleverer. */
export const simpleRules = {
  samplesMin: 24,
  forecastSamplesMin: 12,
  idleCpuPercent: 20,
  cpu: { belowPercent: 30, overAllocated: 1.5, target: 1.3 },
  memory: { belowPercent: 40, overAllocated: 1.4, target: 1.2 },
  forecastCpuPercent: 80,
  offHoursShare: 0.2,
  spotShare: 0.7,
  reservedShare: { none: 0.25, partial: 0.35, all: 0.5 },
} as const;

/**
 * In sequence: larger or smaller, then off hours, then Spot, then reserved. Each share is taken of what the ones before
 * have left, so that no dollar is saved twice; what needs more is advised first and saves nothing.
 */
export const simpleAdvice = (
  facts: SimpleFacts,
  payment: keyof typeof simpleRules.reservedShare = 'none',
): readonly SimpleAdvice[] => {
  const advice: SimpleAdvice[] = [];
  let left = facts.usdPerMonth;
  const take = (kind: SimpleKind, usd: Usd, why: string, size?: TaskSize): void => {
    const saved = cents(Math.min(left, Math.max(0, usd)));
    left -= saved;
    if (saved > 0) advice.push({ kind, why, ...(size === undefined ? {} : { size }), usdPerMonth: saved });
  };
  const growing = larger(facts);
  if (growing) advice.push(growing);
  else {
    const smaller = smallerSize(facts);
    if (smaller) take('size', smaller.usd, smaller.why, smaller.size);
  }
  if (facts.offHours)
    take(
      'schedule',
      simpleRules.offHoursShare * left,
      `Off outside working hours: ${percent(simpleRules.offHoursShare)} of it.`,
    );
  if (facts.spot)
    take('spot', simpleRules.spotShare * left, `Spot: ${percent(simpleRules.spotShare)} of what is left.`);
  else if (facts.reservable) {
    const share = simpleRules.reservedShare[payment];
    take('commit', share * left, `Reserved, ${payment} upfront: ${percent(share)} of what is left.`);
  }
  return advice;
};

const larger = ({ forecastCpuPercent, cpuPercent }: SimpleFacts): SimpleAdvice | undefined =>
  forecastCpuPercent !== undefined &&
  cpuPercent.length >= simpleRules.forecastSamplesMin &&
  forecastCpuPercent > simpleRules.forecastCpuPercent
    ? {
        kind: 'larger',
        why: `CPU is forecast at ${forecastCpuPercent.toFixed(0)} %, above ${simpleRules.forecastCpuPercent} %.`,
        usdPerMonth: 0,
      }
    : undefined;

const smallerSize = (
  facts: SimpleFacts,
): { readonly usd: Usd; readonly why: string; readonly size?: TaskSize } | undefined => {
  const { cpuPercent, memoryPercent, size, usdOfSize, usdPerMonth, smallerUsdPerMonth } = facts;
  if (cpuPercent.length < simpleRules.samplesMin) return undefined;
  const cpu = mean(cpuPercent);
  if (size === undefined || usdOfSize === undefined) {
    return cpu < simpleRules.idleCpuPercent && smallerUsdPerMonth !== undefined
      ? {
          usd: usdPerMonth - smallerUsdPerMonth,
          why: `CPU ${cpu.toFixed(0)} % on average, below ${simpleRules.idleCpuPercent} %.`,
        }
      : undefined;
  }
  const wanted = {
    cpu: wantedOf(size.cpu, cpu, simpleRules.cpu),
    memoryMiB:
      memoryPercent.length < simpleRules.samplesMin
        ? size.memoryMiB
        : wantedOf(size.memoryMiB, mean(memoryPercent), simpleRules.memory),
  };
  const fit = fargateSizes
    .filter((one) => one.cpu >= wanted.cpu && one.memoryMiB >= wanted.memoryMiB)
    .flatMap((one) => {
      const usd = usdOfSize(one);
      return usd === undefined ? [] : [{ size: one, usd }];
    })
    .toSorted((a, b) => a.usd - b.usd)[0];
  if (fit === undefined || fit.usd >= usdPerMonth) return undefined;
  const memory = memoryPercent.length === 0 ? 'not known' : `${mean(memoryPercent).toFixed(0)} %`;
  return { usd: usdPerMonth - fit.usd, size: fit.size, why: `CPU ${cpu.toFixed(0)} %, memory ${memory} on average.` };
};

/** Average use × target, when use is low and the allocation that much above it; else what it has. */
const wantedOf = (
  allocated: number,
  percentUsed: number,
  rule: { readonly belowPercent: number; readonly overAllocated: number; readonly target: number },
): number => {
  const used = (allocated * percentUsed) / 100;
  return percentUsed < rule.belowPercent && allocated > rule.overAllocated * used ? used * rule.target : allocated;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
