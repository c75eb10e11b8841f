import { burstyDay, type ServiceLoad, steadyDay } from '../../lib/simulate/workload.ts';

const kib = 1024;

/**
 * What a local run sends to the two queues. At the peaks thumbnails keep 6.3 of their 8 tasks busy (36 jobs/s × 0.7 s
 * in tasks of 4 slots), encodes 2.8 of 4 (0.7 jobs/s × 8 s in tasks of 2). All workers together took half
 * a core at the peak, the start of Node included.
 */
export const load: readonly ServiceLoad[] = [
  {
    service: 'thumbnails',
    queue: 'thumbnails',
    jobsPerSecondPeak: 36,
    curve: burstyDay,
    serviceSeconds: { mean: 0.7, cv: 0.25, min: 0.4, max: 1.2 },
    payloadBytes: { mean: 128 * kib, cv: 0.5, min: 64 * kib, max: 256 * kib },
  },
  {
    service: 'encodes',
    queue: 'encodes',
    jobsPerSecondPeak: 0.7,
    curve: steadyDay,
    serviceSeconds: { mean: 8, cv: 0.12, min: 6, max: 10 },
    payloadBytes: { mean: 4096 * kib, cv: 0.5, min: 2048 * kib, max: 8192 * kib },
  },
];
