import { type ServicePlan, sizeKey, type TaskSize } from '../model/plan.ts';
import { sizesBetween } from './fargate-sizes.ts';

/** Sizes that a service may be given beside its own: what windows name, and all between the bounds of an automatic one. */
export const furtherSizes = ({ worker, schedule, autoSize }: ServicePlan): readonly TaskSize[] => {
  const named = schedule.flatMap(({ size }) => (size ? [size] : []));
  const between = autoSize ? sizesBetween(autoSize.min, autoSize.max) : [];
  const sizes = new Map([...named, ...between].map((size) => [sizeKey(size), size] as const));
  sizes.delete(sizeKey(worker));
  return [...sizes.values()];
};
