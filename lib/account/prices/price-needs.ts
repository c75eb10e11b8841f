import { neighbourTypes } from '../../report/plan/sizes/instance-classes.ts';
import type { InstanceKind } from '../../report/usage/usage.ts';
import type { AccountReading } from '../read-account.ts';

/** What prices a report on this usage can make use of: what runs, and what the plan may propose instead. */
export interface PriceNeeds {
  /** Regions with Fargate tasks, sorted. */
  readonly fargate: readonly string[];
  readonly instances: readonly InstanceNeed[];
  /** Keys of `PriceBook.others`, sorted. */
  readonly others: readonly string[];
}

export interface InstanceNeed {
  readonly kind: InstanceKind;
  readonly region: string;
  readonly engine: string;
  readonly type: string;
  readonly multiAz: boolean;
}

export const priceNeeds = ({ usage, services, orphans }: AccountReading): PriceNeeds => {
  const instances = usage.instances.flatMap(({ kind, region, engine, type, multiAz }) =>
    [...enginesFrom(kind, engine)].flatMap((one) =>
      neighbourTypes(type).map((neighbour): InstanceNeed => ({ kind, region, engine: one, type: neighbour, multiAz })),
    ),
  );
  return {
    fargate: sorted(usage.services.map(({ region }) => region)),
    instances: [...new Map(instances.map((need) => [JSON.stringify(need), need])).values()],
    others: sorted(
      [...orphans, ...services.flatMap(({ overheads }) => overheads)]
        .map(({ priceKey }) => priceKey)
        .filter((key) => !key.startsWith('ipv4/')),
    ),
  };
};

/** Redis may become Valkey. */
const enginesFrom = (kind: InstanceKind, engine: string): readonly string[] =>
  kind === 'elasticache' && engine === 'redis' ? ['redis', 'valkey'] : [engine];

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
