import type { ServicePlan } from '../../lib/model/plan.ts';

const still = { stabilizationSeconds: 0, cooldownSeconds: 0, select: 'max', policies: [], tolerance: 0 } as const;

/** A plan with nothing special about it, with these changes. */
export const planWith = (changes: Partial<ServicePlan> = {}): ServicePlan => ({
  service: 'convert',
  mode: 'act',
  tickSeconds: 10,
  queues: [{ name: 'convert', percent: 99, startWithinSeconds: 60, fifo: false }],
  worker: { cpu: 256, memoryMiB: 512, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
  tasks: { min: 0, max: 50 },
  priority: 'normal',
  policy: { type: 'slo' },
  behavior: { scaleOut: still, scaleIn: still },
  calendar: { timeZone: 'UTC', holidays: [] },
  schedule: [],
  uses: {},
  events: [],
  ...changes,
});

export const epoch = (iso: string): number => Date.parse(iso) / 1000;
