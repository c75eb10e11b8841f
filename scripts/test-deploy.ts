import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from './run-tool.ts';

// The deploy lane: real `cdk deploy`s against moto, and cfn-lint over the templates (docs/deploy.md).
const python = join(root, '.build/deploy-venv/bin/python');
const results = join(root, '.build/deploy-lane.json');

if (existsSync(python)) run();
else {
  console.error('test:deploy needs moto and cfn-lint in .build/deploy-venv. Run: bash .ci/deploy-lane.sh');
  process.exitCode = 2;
}

function run(): void {
  mkdirSync(join(root, '.build'), { recursive: true });
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${results}`];
  const code = runTool('vitest', 'vitest', ['run', '--config', 'test/deploy/vitest.config.ts', ...reporters]);
  const counts: Counts = JSON.parse(readFileSync(results, 'utf8'));
  // A file that does not load has no tests that could fail.
  const failed = Math.max(counts.numFailedTests, code === 0 ? 0 : 1);
  const skipped = counts.numPendingTests > 0 ? `, ${counts.numPendingTests} skipped` : '';
  console.log(`${counts.numPassedTests} passed, ${failed} failed${skipped}`);
  process.exitCode = failed === 0 && counts.numPassedTests > 0 ? 0 : 1;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Those behind the first failure. */
  readonly numPendingTests: number;
}
