import { spawnSync } from 'node:child_process';

/** SIGKILL for a task and everything that it started, as the end of a container is the end of all in it. */
export const killGroup = (pid: number): void => {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true });
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left, which is what was wanted.
  }
};
