import { burstyDay, type ServiceLoad } from '../../lib/simulate/workload.ts';

/** What a local run sends: enough to see decisions, and little enough for two cores. */
export const load: readonly ServiceLoad[] = [
  {
    service: 'download',
    queue: 'download',
    jobsPerSecondPeak: 14,
    curve: burstyDay,
    serviceSeconds: { mean: 3, cv: 0.4, min: 1, max: 8 },
    payloadBytes: { mean: 2_000, cv: 0.5, min: 500, max: 10_000 },
  },
];
