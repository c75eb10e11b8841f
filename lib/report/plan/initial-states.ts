import type { FargateUsage, InstanceUsage, Series, Usage } from '../usage/usage.ts';
import { type FargateState, type InstanceState, minimumAt, type ResourceState } from './resource.ts';

/** What was used, as the plan's starting point. */
export const initialStates = (usage: Usage): readonly ResourceState[] => [
  ...usage.orphans.map((orphan): ResourceState => ({ kind: 'orphan', usage: orphan, removed: false })),
  ...usage.services.map((service) => fargateState(service, usage.hours)),
  ...usage.instances.map((instance) => instanceState(instance, usage.hours)),
];

export const fargateState = (usage: FargateUsage, hours: number): FargateState => {
  const tasks = toArray(usage.hourly.tasks, hours);
  return {
    kind: 'fargate',
    usage,
    size: usage.size,
    architecture: usage.architecture,
    tasks,
    onDemand: tasks.map((count, h) => Math.min(count, usage.hourly.onDemand?.[h] ?? count * (1 - usage.spotShare))),
    minimum: tasks.map((_, h) => minimumAt(usage, h)),
    max: usage.bounds.max,
    ...(usage.scaling === undefined ? {} : { scaling: usage.scaling }),
    slowdown: 1,
    spotRework: 1,
  };
};

const instanceState = (usage: InstanceUsage, hours: number): InstanceState => ({
  kind: 'instance',
  usage,
  type: usage.type,
  engine: usage.engine,
  nodes: usage.nodes,
  running: toArray(usage.hourly.running, hours),
});

const toArray = (series: Series, hours: number): Float64Array => {
  const out = new Float64Array(hours);
  for (let h = 0; h < hours; h++) out[h] = series[h] ?? 0;
  return out;
};
