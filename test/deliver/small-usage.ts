import type { Usage } from '../../lib/report/usage/usage.ts';

/** Two days of one service that nothing is advised for. */
export const smallUsage = (to: number): Usage => ({
  currency: 'USD',
  timeZone: 'Europe/Copenhagen',
  holidays: [],
  from: to - 48 * 3600,
  hours: 48,
  services: [
    {
      name: 'convert',
      region: 'us-east-1',
      architecture: 'arm64',
      size: { cpu: 512, memoryMiB: 1024 },
      spotShare: 0,
      publicIpv4: false,
      bounds: { min: 0, max: 10 },
      concurrency: 1,
      startSeconds: { median: 35, p95: 75 },
      interruptible: false,
      hourly: { tasks: Array.from({ length: 48 }, () => 2), jobs: Array.from({ length: 48 }, () => 100) },
    },
  ],
  instances: [],
  orphans: [],
  commitments: [],
  bill: [],
  unavailable: [],
});
