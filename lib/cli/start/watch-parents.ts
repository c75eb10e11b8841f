import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const everyMs = 500;

/**
 * Calls `gone` once when the process that started us has ended: a killed terminal or CI job often ends without a signal
 * for us. Under npm the parent is often a shell that outlives npm, so the shell's own parent is watched as well.
 * Returns how to stop watching.
 */
export const watchParents = (gone: () => void): (() => void) => {
  const parent = process.ppid;
  const grandparent = process.env.npm_lifecycle_event === undefined ? undefined : parentOf(parent);
  const timer = setInterval(() => {
    const orphaned = process.ppid !== parent || (process.platform === 'win32' && !isAlive(parent));
    if (!orphaned && (grandparent === undefined || parentOf(parent) === grandparent)) return;
    clearInterval(timer);
    gone();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};

/** Undefined where it cannot be found out (Windows, no such process). */
const parentOf = (pid: number): number | undefined => {
  try {
    if (process.platform === 'linux') {
      // The second field is the program's name in parentheses, and may hold anything, also ") ".
      const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
      return Number(afterName.split(' ')[1]);
    }
    if (process.platform === 'win32') return undefined;
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
