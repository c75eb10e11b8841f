import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Needs Python: npm run test:deploy.
    exclude: ['test/deploy/**'],
    // There to end what hangs, not to judge speed: a synthesis of twenty resources takes 3 s, and 30 on a machine that is busy.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Some suites run real processes, and CI's machine may be busy with other things. A retry is named in the output.
    retry: process.env.CI === undefined ? 0 : 1,
    // Two cores: more forks than that only fight each other.
    maxWorkers: 2,
  },
});
