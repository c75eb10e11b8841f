import { defineConfig } from '../../lib/config/define-config.ts';

/**
 * Two services of different character. The ticks are far shorter than in production (10 s is usual), because the local
 * run squeezes a day into two minutes.
 */
export default defineConfig({
  stage: 'quickstart',
  tickSeconds: 2,
  services: {
    // Many short jobs, and a burst at noon.
    thumbnails: {
      queue: { name: 'thumbnails' },
      worker: {
        entry: 'examples/quickstart/worker.ts',
        cpu: 256,
        memoryMiB: 512,
        concurrency: 4,
        stopTimeoutSeconds: 30,
      },
      slo: { percent: 95, startWithinSeconds: 10 },
      tasks: { min: 1, max: 8 },
    },
    // Few long jobs; at night there is none, and then no task either.
    encodes: {
      queue: { name: 'encodes' },
      worker: {
        entry: 'examples/quickstart/worker.ts',
        cpu: 512,
        memoryMiB: 1024,
        concurrency: 2,
        stopTimeoutSeconds: 60,
      },
      slo: { percent: 95, startWithinSeconds: 15 },
      tasks: { min: 0, max: 4 },
    },
  },
});
