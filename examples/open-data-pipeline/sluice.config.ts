import { defineConfig } from '../../lib/config/define-config.ts';

// What the HPA had: scale-out looks back a minute, scale-in five.
const pace = {
  scaleOut: {
    stabilizationSeconds: 60,
    policies: [
      { percent: 100, periodSeconds: 60 },
      { tasks: 2, periodSeconds: 60 },
    ],
  },
  scaleIn: { stabilizationSeconds: 300, policies: [{ percent: 50, periodSeconds: 60 }] },
};
const stage = (name: string, next?: string) => ({
  worker: {
    entry: `examples/open-data-pipeline/${name}.ts`,
    cpu: 512,
    memoryMiB: 1024,
    concurrency: 5,
    ...(next && { sendsTo: [next] }),
  },
  slo: { percent: 95, startWithinSeconds: 120 },
  tasks: { min: 2, max: 50 },
  behavior: pace,
});

/** fetch → process → export over an open-data API: pages of 100, up to 10,000 records; three queues. */
export default defineConfig({
  stage: 'open-data-pipeline',
  timeZone: 'Europe/Copenhagen',
  holidays: { country: 'DK' },
  report: { at: 'mon 07:00' },
  services: {
    // Business hours 5 × 1 vCPU / 1 GiB, off hours 2 × 0.5 / 0.5, weekend 1 × 0.25 / 0.5; the nearest sizes of Fargate.
    fetch: {
      ...stage('fetch', 'process'),
      policy: { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 },
      schedule: [
        {
          name: 'business hours',
          days: 'weekdays',
          from: '08:00',
          to: '18:00',
          tasks: { exact: 5 },
          worker: { cpu: 1024, memoryMiB: 2048 },
        },
        { name: 'weekend', days: 'weekends', tasks: { exact: 1 }, worker: { cpu: 256, memoryMiB: 512 } },
        { name: 'off hours', tasks: { exact: 2 }, worker: { cpu: 512, memoryMiB: 1024 } },
      ],
    },
    process: {
      ...stage('process', 'export'),
      worker: {
        ...stage('process', 'export').worker,
        // The weekly report chooses, 0.25 to 4 vCPU and 0.5 to 8 GB: 20 task definitions.
        size: { auto: true, min: { cpu: 256, memoryMiB: 512 }, max: { cpu: 4096, memoryMiB: 8192 } },
      },
      policy: {
        type: 'max',
        of: [
          {
            type: 'targetTracking',
            signals: [
              { signal: 'cpu', target: 60 },
              { signal: 'memory', target: 70 },
            ],
            tolerance: 0.1,
          },
          { type: 'slo' },
        ],
      },
    },
    export: stage('export'),
  },
});
