import { type ServiceLoad, steadyDay } from '../../lib/simulate/workload.ts';

/** What a local run sends: enough to see decisions, and little enough for two cores. */
export const load: readonly ServiceLoad[] = [
  {
    service: 'fetch',
    queue: 'fetch',
    jobsPerSecondPeak: 3,
    curve: steadyDay,
    serviceSeconds: { mean: 0.5, cv: 0.4, min: 0.1, max: 2 },
    payloadBytes: { mean: 2_000, cv: 0.5, min: 500, max: 10_000 },
  },
];
