import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Processes of functions: children of this one that run Lambda's runtime. Linux only. */
export const functionPids = (): readonly number[] => {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return children
    .split(' ')
    .filter((pid) => pid !== '')
    .map(Number)
    .filter((pid) => commandOf(pid).includes('lambda/runtime'));
};

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

/** Who submits: started anew after each death, where nobody knows any more what was accepted. */
export interface Submitter {
  /** Accepted so far, without a gap. */
  readonly acknowledged: number;
  readonly alive: boolean;
  kill(): boolean;
  /** No further units; resolves when all up to the last that was begun are accepted. */
  finish(): Promise<void>;
}

export const startSubmitter = (environment: Readonly<Record<string, string>>, units: number): Submitter => {
  const heard = new Set<number>();
  let acknowledged = 0;
  let highest = -1;
  let to = units;
  let child: ChildProcess | undefined;
  let ended = Promise.resolve();

  const start = (): void => {
    const started = spawn(process.execPath, [fileURLToPath(new URL('submitter.ts', import.meta.url))], {
      env: { ...environment, SOAK_FROM: String(acknowledged), SOAK_TO: String(to) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child = started;
    if (started.stdout === null) return;
    createInterface({ input: started.stdout }).on('line', (line) => {
      const unit = Number(line);
      // The last line of a killed process may be cut short, and then names another unit.
      if (!Number.isInteger(unit) || unit < acknowledged) return;
      heard.add(unit);
      highest = Math.max(highest, unit);
      while (heard.delete(acknowledged)) acknowledged += 1;
    });
    ended = new Promise((resolve) => {
      started.once('close', () => {
        child = undefined;
        // What was heard of beyond a gap is said again: its ids are the same.
        heard.clear();
        if (acknowledged < to) start();
        resolve();
      });
    });
  };
  start();
  return {
    get acknowledged() {
      return acknowledged;
    },
    get alive() {
      return child?.pid !== undefined;
    },
    kill: () => child?.kill('SIGKILL') ?? false,
    finish: async () => {
      to = Math.max(acknowledged, highest + 1 + 8);
      child?.kill('SIGKILL');
      while (child !== undefined || acknowledged < to) await ended;
    },
  };
};
