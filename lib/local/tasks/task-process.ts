import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { killGroup } from './kill-group.ts';
import { measureGroup } from './measure-group.ts';

export interface TaskUsage {
  readonly cpuSeconds: number;
  readonly rssMiB: number;
}

export interface TaskProcessOptions {
  /** The program and its arguments. `node` means the Node that runs the host. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Path of the bundled preload. */
  readonly preload: string;
  readonly onStart: (pid: number) => void;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly onUsage: (usage: TaskUsage) => void;
  /** Called once. `exitCode` follows the shell: 128 + signal number. */
  readonly onExit: (exitCode: number) => void;
  /** Called instead of `onStart` when there is no such program. */
  readonly onFail: (reason: string) => void;
}

export interface TaskProcess {
  readonly pid: number | undefined;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves when the process is gone and its output has been read (or cannot end because a grandchild holds it). */
  readonly closed: Promise<void>;
}

/**
 * A task as a child process in a session of its own: Ctrl-C at the terminal reaches the host only, which then drains
 * its workers in order.
 */
export const startTaskProcess = (options: TaskProcessOptions): TaskProcess => {
  const [program = '', ...args] = options.command;
  const isNode = program === 'node' || program === process.execPath;
  const child = spawn(isNode ? process.execPath : program, isNode ? preloaded(options.preload, args) : args, {
    cwd: options.directory,
    env: { ...options.environment },
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: isNode ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  const stopMeasuring = isNode ? hearUsage(child, options) : watchUsage(child, options);
  child.once('spawn', () => options.onStart(child.pid ?? 0));
  child.once('error', (error) => {
    if (child.pid === undefined) options.onFail(`CannotStartContainerError: ${error.message}`);
  });
  child.once('exit', (code, signal) => {
    stopMeasuring();
    if (child.pid !== undefined) killGroup(child.pid);
    options.onExit(exitCodeOf(code, signal));
  });
  readLines(child, options);
  return { pid: child.pid, signal: (signal) => sendSignal(child, signal), closed: whenClosed(child) };
};

const preloaded = (preload: string, args: readonly string[]): readonly string[] => [
  '--import',
  pathToFileURL(preload).href,
  '--enable-source-maps',
  ...args,
];

const sendSignal = (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (signal === 'SIGKILL') killGroup(child.pid);
  // Windows has no SIGTERM: kill() would end the process undrained.
  else if (process.platform === 'win32' && child.connected) child.send('stop');
  else child.kill(signal);
};

const hearUsage = (child: ChildProcess, options: TaskProcessOptions): (() => void) => {
  child.on('message', (message) => {
    const usage = (message as { usage?: TaskUsage }).usage;
    if (usage) options.onUsage(usage);
  });
  return () => {};
};

const watchUsage = (child: ChildProcess, options: TaskProcessOptions): (() => void) => {
  const timer = setInterval(async () => {
    const usage = child.pid === undefined ? undefined : await measureGroup(child.pid);
    if (usage) options.onUsage(usage);
  }, 1000);
  timer.unref();
  return () => clearInterval(timer);
};

const readLines = (child: ChildProcess, options: TaskProcessOptions): void => {
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (input) createInterface({ input, crlfDelay: 1000 }).on('line', (line) => options.onLine(stream, line));
  }
};

const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

const outputGraceMs = 500;

const whenClosed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => child.pid === undefined && resolve());
    child.once('exit', () => setTimeout(resolve, outputGraceMs).unref());
  });
