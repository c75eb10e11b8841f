import { defineConfig } from '../../lib/config/define-config.ts';

/** A request/response service with a cache: no queue, so no promise of a start; five signals vote. */
export default defineConfig({
  stage: 'llm-governance',
  services: {
    govern: {
      queue: false,
      worker: { entry: 'examples/llm-governance/worker.ts', cpu: 512, memoryMiB: 1024 },
      tasks: { min: 3, max: 50 },
      policy: {
        type: 'max',
        of: [
          // What the HPA had.
          {
            type: 'targetTracking',
            signals: [
              { signal: 'cpu', target: 70 },
              { signal: 'memory', target: 80 },
              { signal: 'requestsPerSecond', perTask: 100 },
            ],
            tolerance: 0.1,
          },
          // Out when two of cpu 70, memory 80, 100 rps, 1,000 ms, 5 % errors; in when all are low. +1, +2 or +3; −1.
          { type: 'vote' },
        ],
      },
      behavior: {
        scaleOut: {
          stabilizationSeconds: 60,
          policies: [
            { percent: 100, periodSeconds: 60 },
            { tasks: 2, periodSeconds: 60 },
          ],
        },
        scaleIn: { stabilizationSeconds: 300, policies: [{ tasks: 1, periodSeconds: 60 }] },
      },
    },
  },
});
