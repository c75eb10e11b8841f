import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Needs Python: npm run test:deploy.
    exclude: ['test/deploy/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Some suites run real processes, and CI's machine may be busy with other things. A retry is named in the output.
    retry: process.env.CI === undefined ? 0 : 1,
    // Two cores: more forks than that only fight each other.
    maxWorkers: 2,
  },
});
