import { defineConfig } from '../../lib/config/define-config.ts';

/** 50 million requests a day (580/s on average), 99.9 %: ten replicas to start with, 5 to 50. */
export default defineConfig({
  stage: 'web-collector',
  services: {
    collect: {
      worker: { entry: 'examples/web-collector/worker.ts', cpu: 512, memoryMiB: 1024, concurrency: 20 },
      slo: { percent: 99.9, startWithinSeconds: 60 },
      tasks: { min: 5, max: 50 },
      priority: 'critical',
      policy: {
        type: 'max',
        of: [
          // What the HPA had: 1,000 waiting requests a task, CPU and memory beside it.
          {
            type: 'targetTracking',
            signals: [
              { signal: 'cpu', target: 70 },
              { signal: 'memory', target: 80 },
              { signal: 'queueDepth', perTask: 1000 },
            ],
            tolerance: 0.1,
          },
          // CPU > 80, memory > 85 or queue > 1,000 doubles; CPU < 30, memory < 40 and queue < 100 halves.
          { type: 'threshold', preset: 'collector' },
        ],
      },
      behavior: {
        scaleOut: {
          stabilizationSeconds: 60,
          policies: [
            { percent: 100, periodSeconds: 60 },
            { tasks: 5, periodSeconds: 60 },
          ],
        },
        scaleIn: { stabilizationSeconds: 300, policies: [{ percent: 10, periodSeconds: 60 }] },
      },
    },
  },
});
