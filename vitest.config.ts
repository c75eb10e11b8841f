import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Needs Python: npm run test:deploy.
    exclude: ['test/deploy/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more forks than that only fight each other.
    maxWorkers: 2,
  },
});
