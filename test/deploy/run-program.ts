import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { projectRoot } from './lane-environment.ts';

export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** @default the project's folder */
  readonly cwd?: string;
  /** It is killed then. */
  readonly limitSeconds?: number;
}

/** Runs a program to its end. */
export const runProgram = async (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { cwd = projectRoot, limitSeconds = 240 }: RunOptions = {},
): Promise<ProgramRun> => {
  const child = spawn(command, args, {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
};

/** Like `runProgram`, but what does not end well is an error that shows the last lines of its output. */
export const runWell = async (...args: Parameters<typeof runProgram>): Promise<ProgramRun> => {
  const run = await runProgram(...args);
  if (run.code === 0) return run;
  const shown = `${run.stdout}\n${run.stderr}`.trim().split('\n').slice(-40).join('\n');
  throw new Error(`${args[0]} ${args[1].join(' ')} ended with ${run.code}:\n${shown}`);
};
