import type { TaskSize } from '../../model/plan.ts';
import type { Usd } from '../../model/units.ts';
import { instanceKey, type PriceBook, taskUsdPerHour } from '../prices/price-book.ts';
import type { Architecture, FargateUsage, InstanceUsage, OrphanUsage, Scaling } from '../usage/usage.ts';
import type { CostLine } from './bill.ts';

/** A service as the plan would run it: the advice so far applied to what was used. */
export interface FargateState {
  readonly kind: 'fargate';
  readonly usage: FargateUsage;
  readonly size: TaskSize;
  readonly architecture: Architecture;
  /** By hour. Null became 0: hours that nobody saw cost nothing and save nothing. */
  readonly tasks: Float64Array;
  /** Of them on demand; the rest runs on Spot. */
  readonly onDemand: Float64Array;
  /** The least number of tasks that is in force, by hour, and the most. */
  readonly minimum: Float64Array;
  readonly max: number;
  /** What sets the count. Absent: Sluice's `slo`. */
  readonly scaling?: Scaling;
  /** Run time of a job on this size ÷ on the size of today. */
  readonly slowdown: number;
  /** Spot work that is done twice, as a factor on its price. */
  readonly spotRework: number;
}

/** An instance, database or cache: its type and engine, and the share of each hour that it runs. */
export interface InstanceState {
  readonly kind: 'instance';
  readonly usage: InstanceUsage;
  readonly type: string;
  readonly engine: string;
  readonly nodes: number;
  readonly running: Float64Array;
}

export interface OrphanState {
  readonly kind: 'orphan';
  readonly usage: OrphanUsage;
  readonly removed: boolean;
}

export type ResourceState = FargateState | InstanceState | OrphanState;

/** The least number of tasks that was in force, by what was recorded. */
export const minimumAt = ({ hourly, bounds }: FargateUsage, h: number): number => hourly.min?.[h] ?? bounds.min;

/** On demand of other task counts: the same share of each hour as before. */
export const sameShare = ({ tasks, onDemand }: FargateState, counts: Float64Array): Float64Array =>
  counts.map((count, h) => {
    const before = tasks[h] as number;
    return before === 0 ? count : (count * (onDemand[h] as number)) / before;
  });

export const resourceId = (state: ResourceState): string => {
  if (state.kind === 'orphan') return state.usage.id;
  return state.usage.label ?? (state.kind === 'fargate' ? state.usage.name : state.usage.id);
};

/** Undefined: the book has no price for it, and the report says so instead of guessing. */
export const linesOf = (state: ResourceState, book: PriceBook, hours: number): readonly CostLine[] | undefined => {
  switch (state.kind) {
    case 'fargate':
      return fargateLines(state, book, hours);
    case 'instance':
      return instanceLines(state, book, hours);
    case 'orphan':
      return state.removed ? [] : [{ usd: new Float64Array(hours).fill(state.usage.usdPerHour) }];
  }
};

const fargateLines = (state: FargateState, book: PriceBook, hours: number): readonly CostLine[] | undefined => {
  const { usage, architecture, size, tasks, onDemand } = state;
  const price = taskUsdPerHour(book, usage.region, architecture, size, 'onDemand');
  if (price === undefined) return undefined;
  const onSpot = new Float64Array(hours);
  for (let h = 0; h < hours; h++) onSpot[h] = (tasks[h] as number) - (onDemand[h] as number);
  const lines: CostLine[] = [{ coverKey: `fargate/${usage.region}/${architecture}`, usd: scaled(onDemand, price) }];
  if (onSpot.some((count) => count > 0)) {
    const spot = taskUsdPerHour(book, usage.region, architecture, size, 'spot');
    if (spot === undefined) return undefined;
    lines.push({ usd: scaled(onSpot, spot * state.spotRework) });
  }
  if (usage.publicIpv4) lines.push({ usd: scaled(tasks, book.ipv4UsdPerHour) });
  return lines;
};

const instanceLines = (state: InstanceState, book: PriceBook, _hours: number): readonly CostLine[] | undefined => {
  const price = instanceUsdPerHour(state, book);
  return price === undefined
    ? undefined
    : [{ coverKey: instanceCoverKey(state), usd: scaled(state.running, price * state.nodes) }];
};

/** Of one node. */
export const instanceUsdPerHour = (
  { usage, engine, type }: Pick<InstanceState, 'usage' | 'engine' | 'type'>,
  book: PriceBook,
): Usd | undefined => {
  const key = instanceKey(usage.kind, usage.region, engine, type, usage.multiAz);
  return Object.hasOwn(book.instances, key) ? book.instances[key] : undefined;
};

export const instanceCoverKey = ({ usage, engine, type }: Pick<InstanceState, 'usage' | 'engine' | 'type'>): string =>
  coverKeyOf({ kind: usage.kind, region: usage.region, engine, type });

/** Reservations are size-flexible within a family, so that is what they cover. */
export const coverKeyOf = ({ kind, region, engine, type }: Covered): string =>
  kind === 'ec2' ? `ec2/${region}/${familyOf(type)}` : `${kind}/${region}/${engine}/${familyOf(type)}`;

type Covered = Pick<InstanceUsage, 'kind' | 'region' | 'engine' | 'type'>;

/** `r6g` of `db.r6g.large`. */
export const familyOf = (type: string): string => type.replace(/^(db|cache)\./, '').split('.')[0] ?? type;

const scaled = (counts: Float64Array, usd: Usd): Float64Array => {
  const out = new Float64Array(counts.length);
  for (let h = 0; h < counts.length; h++) out[h] = (counts[h] as number) * usd;
  return out;
};
