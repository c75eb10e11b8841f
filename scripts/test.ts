import { runTool } from './run-tool.ts';

process.exitCode = runTool('vitest', 'vitest', ['run', ...process.argv.slice(2)]);
