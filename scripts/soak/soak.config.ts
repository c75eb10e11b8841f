import { defineConfig } from '../../lib/config/define-config.ts';

// Two services in a chain, each with as many tasks from first to last: this run is about kills, not about scaling.
const worker = {
  entry: 'scripts/soak/worker.ts',
  concurrency: 8,
  stopTimeoutSeconds: 10,
  environment: { SLUICE_RETRY_SECONDS: '1', SLUICE_RETRIES: '6' },
} as const;

export default defineConfig({
  stage: 'soak',
  tickSeconds: 10,
  services: {
    extract: { worker: { ...worker, sendsTo: ['load'] }, tasks: { min: 2, max: 2 } },
    load: { worker, tasks: { min: 2, max: 2 } },
  },
});
