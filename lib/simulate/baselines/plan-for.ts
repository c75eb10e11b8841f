import type { ServicePlan } from '../../model/plan.ts';
import type { Behavior, DirectionBehavior, Policy } from '../../model/policy.ts';
import type { Situation } from './situation.ts';

/** The plan that a config with nothing but this policy would make. */
export const planFor = (situation: Situation, policy: Policy): ServicePlan => ({
  service: 'service',
  mode: 'act',
  tickSeconds: situation.tickSeconds,
  queues: [
    {
      name: 'queue',
      percent: situation.percent,
      startWithinSeconds: situation.startWithinSeconds,
      fifo: false,
    },
  ],
  worker: {
    cpu: 1024,
    memoryMiB: 2048,
    concurrency: situation.concurrency,
    stopTimeoutSeconds: situation.stopTimeoutSeconds,
    architecture: 'x86',
  },
  tasks: situation.bounds,
  priority: 'normal',
  policy,
  behavior: policy.type === 'slo' ? unpaced : kubernetes,
  calendar: { timeZone: 'UTC', holidays: [] },
  schedule: [],
  uses: {},
  events: [],
});

const free: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};
const unpaced: Behavior = { scaleOut: free, scaleIn: free };
/** What every other policy gets by default. */
const kubernetes: Behavior = {
  scaleOut: {
    ...free,
    policies: [
      { percent: 100, periodSeconds: 15 },
      { tasks: 4, periodSeconds: 15 },
    ],
  },
  scaleIn: { ...free, stabilizationSeconds: 300, policies: [{ percent: 100, periodSeconds: 15 }] },
};
