import type { ServiceBinding } from '../model/binding.ts';
import { unknown } from '../model/observation.ts';
import type { Seconds } from '../model/units.ts';
import { newestOf } from './newest-of.ts';
import type { SignalPlan } from './signal-plan.ts';

/** CPU and memory of a service: mean over the tasks, percent of the task's size. Free on Fargate. Absent: another name. */
export function serviceMetric(
  name: string,
  { cluster, ecsService }: Pick<ServiceBinding, 'cluster' | 'ecsService'>,
  periodSeconds: Seconds,
): SignalPlan | undefined {
  const metric = metrics.get(name);
  if (metric === undefined) return undefined;
  const dimensions = { ClusterName: lastPart(cluster), ServiceName: lastPart(ecsService) };
  return {
    queries: [{ metric: { namespace: 'AWS/ECS', metric, dimensions, statistic: 'Average' }, periodSeconds }],
    beacon: false,
    read: ([series]) => (series === undefined ? unknown('missing') : newestOf(series, periodSeconds)),
  };
}

const metrics: ReadonlyMap<string, string> = new Map([
  ['cpu', 'CPUUtilization'],
  ['memory', 'MemoryUtilization'],
]);

/** The dimension is the name; a binding may carry the ARN. */
const lastPart = (reference: string): string => reference.split('/').at(-1) ?? reference;
