import { killGroup } from './kill-group.ts';

/**
 * A process of its own that outlives the host by one moment: when the host dies, even by SIGKILL, it kills every task
 * that still runs. It covers what no preload can: commands that are not Node, workers in an endless loop, grandchildren.
 */
export type ReaperMessage = { readonly watch: number } | { readonly forget: number };

const watched = new Set<number>();
process.on('message', (message: ReaperMessage) => {
  if ('watch' in message) watched.add(message.watch);
  else watched.delete(message.forget);
});
process.on('disconnect', () => {
  for (const pid of watched) killGroup(pid);
  process.exit(0);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
