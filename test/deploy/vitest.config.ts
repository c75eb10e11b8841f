import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The deploy lane: `npm run test:deploy`. Its steps build on each other, so they run in order and stop at the first failure. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/deploy/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    bail: 1,
    disableConsoleIntercept: true,
  },
});
