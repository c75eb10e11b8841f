import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TaskUsage } from './task-process.ts';

const run = promisify(execFile);

/**
 * CPU and memory of the living processes of a group, for commands that are not Node and so cannot tell themselves.
 * Undefined: the system has no `ps` (Windows), or nothing is left.
 */
export const measureGroup = async (group: number): Promise<TaskUsage | undefined> => {
  try {
    const { stdout } = await run('ps', ['-A', '-o', 'pgid=,rss=,time=']);
    const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    const mine = rows.filter(([pgid]) => Number(pgid) === group);
    if (mine.length === 0) return undefined;
    return {
      rssMiB: mine.reduce((sum, [, rss]) => sum + Number(rss) / 1024, 0),
      cpuSeconds: mine.reduce((sum, [, , time]) => sum + parseCpuTime(time ?? ''), 0),
    };
  } catch {
    return undefined;
  }
};

/** `[[days-]hours:]minutes:seconds[.fraction]` → seconds. */
export const parseCpuTime = (text: string): number => {
  const [clock = '', days = '0'] = text.split('-').reverse();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
};
