import { burstyDay, type ServiceLoad } from '../../lib/simulate/workload.ts';

/** What a local run sends: enough to see decisions, and little enough for two cores. */
export const load: readonly ServiceLoad[] = [
  {
    service: 'convert',
    queue: 'convert',
    jobsPerSecondPeak: 3,
    curve: burstyDay,
    serviceSeconds: { mean: 2, cv: 0.4, min: 0.5, max: 6 },
    payloadBytes: { mean: 2_000, cv: 0.5, min: 500, max: 10_000 },
  },
];
