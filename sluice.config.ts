import { defineConfig } from './lib/config/define-config.ts';

/** What `npx cdk deploy` builds and `sluice validate`, `sluice schedule` read. All fields: docs/configuration.md. */
export default defineConfig({
  timeZone: 'Europe/Copenhagen',
  holidays: { country: 'DK', dates: ['2026-12-24', '2026-12-31'] },

  services: {
    // Short jobs that people wait for: 99 of 100 start within a minute, with as few tasks as that takes.
    convert: {
      worker: {
        // Your image runs in AWS; `entry` is what a local run starts instead (npm start -- --config sluice.config.ts).
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/convert:1',
        entry: 'examples/quickstart/worker.ts',
        cpu: 512,
        memoryMiB: 1024,
        concurrency: 4,
      },
      slo: { percent: 99, startWithinSeconds: 60 },
      tasks: { min: 0, max: 50 },
      schedule: [{ name: 'business hours', days: 'weekdays', from: '08:00', to: '18:00', tasks: { min: 5 } }],
    },

    // Long jobs that nobody waits for: they may queue for half an hour, and wait for convert when something is scarce.
    archive: {
      worker: {
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/archive:1',
        entry: 'examples/quickstart/worker.ts',
        cpu: 1024,
        memoryMiB: 2048,
      },
      slo: { percent: 95, startWithinSeconds: 1800 },
      tasks: { min: 0, max: 10 },
      priority: 'low',
    },
  },
});
