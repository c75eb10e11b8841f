import { runTool } from './run-tool.ts';

/** Everything that is wrong without running a test: types of the core, types of the CDK code, lint and format. */
const steps: readonly (readonly [what: string, run: () => number])[] = [
  ['types', () => runTool('typescript', 'tsc', ['-p', 'tsconfig.json'])],
  ['types of the CDK code', () => runTool('typescript', 'tsc', ['-p', 'tsconfig.cdk.json'])],
  ['lint and format', () => runTool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])],
];

const failed = steps.filter(([what, run]) => {
  const code = run();
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${what}`);
  return code !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
