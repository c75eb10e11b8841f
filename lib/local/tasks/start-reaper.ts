import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ReaperMessage } from './reaper.ts';

export interface Reaper {
  watch(pid: number): void;
  forget(pid: number): void;
  close(): Promise<void>;
}

/** Starts the bundled reaper in a session of its own, so that neither Ctrl-C nor a kill of the host's group takes it. */
export const startReaper = async (file: string): Promise<Reaper> => {
  const child = fork(file, { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [], env: {} });
  await once(child, 'spawn');
  const gone = once(child, 'exit');
  child.unref();
  child.channel?.unref();
  const tell = (message: ReaperMessage): void => {
    if (child.connected) child.send(message);
  };
  return {
    watch: (pid) => tell({ watch: pid }),
    forget: (pid) => tell({ forget: pid }),
    close: async () => {
      if (child.connected) child.disconnect();
      child.ref();
      if (child.exitCode === null && child.signalCode === null) await gone;
    },
  };
};
