import type { PriceBook } from '../../prices/price-book.ts';
import type { InstanceUsage } from '../../usage/usage.ts';
import { type InstanceState, instanceUsdPerHour } from '../resource.ts';

/** From size to size CPU and memory double, and so does nearly every price. */
const sizes = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '16xlarge'];

/** The class of half the size, when the family has one. */
export const halfSize = (type: string): string | undefined => {
  const parts = type.split('.');
  const size = parts.at(-1) ?? '';
  const smaller = sizes[sizes.indexOf(size) - 1];
  return sizes.indexOf(size) > 0 && smaller !== undefined ? [...parts.slice(0, -1), smaller].join('.') : undefined;
};

/** Families of the same shape that cost less, where the service runs the software and so nobody must port anything. */
const successors: Readonly<Record<string, readonly string[]>> = {
  t3: ['t4g'],
  m5: ['m6g', 'm7g'],
  m6i: ['m6g', 'm7g'],
  m6g: [],
  r5: ['r6g', 'r7g'],
  r6i: ['r6g', 'r7g'],
};

/** The cheapest class of a newer family with a known price. */
export const cheaperSuccessor = (state: InstanceState, book: PriceBook): string | undefined => {
  const parts = state.type.split('.');
  const at = parts.length - 2;
  const now = instanceUsdPerHour(state, book) ?? 0;
  return (successors[parts[at] ?? ''] ?? [])
    .map((family) => parts.with(at, family).join('.'))
    .flatMap((type) => {
      const usd = instanceUsdPerHour({ ...state, type }, book);
      return usd !== undefined && usd < now ? [{ type, usd }] : [];
    })
    .toSorted((a, b) => a.usd - b.usd)[0]?.type;
};

/** Every type that the plan may propose for one of `type`, and itself: all that prices are wanted for. */
export const neighbourTypes = (type: string): readonly string[] =>
  [type, halfSize(type)].flatMap((one) => {
    if (one === undefined) return [];
    const parts = one.split('.');
    const at = parts.length - 2;
    return [one, ...(successors[parts[at] ?? ''] ?? []).map((family) => parts.with(at, family).join('.'))];
  });

export const commandToResize = (usage: InstanceUsage, type: string): string => {
  const region = `--region ${usage.region}`;
  switch (usage.kind) {
    case 'ec2':
      return `aws ec2 stop-instances --instance-ids ${usage.id} ${region}\naws ec2 modify-instance-attribute --instance-id ${usage.id} --instance-type ${type} ${region}\naws ec2 start-instances --instance-ids ${usage.id} ${region}`;
    case 'rds':
      return `aws rds modify-db-instance --db-instance-identifier ${usage.id} --db-instance-class ${type} ${region}   # in the maintenance window`;
    case 'elasticache':
      return `aws elasticache modify-replication-group --replication-group-id ${usage.id} --cache-node-type ${type} --apply-immediately ${region}`;
  }
};
