import { setTimeout as delay } from 'node:timers/promises';
import { runWorker } from '../../lib/worker/run-worker.ts';

/** As many as the pools of a real downloader would hold. */
const databaseConnections = 20;

// Stands in for a download: I/O bound, so ten run side by side and hardly need the CPU.
await runWorker({
  signals: { connections: () => databaseConnections },
  handler: async (job, { signal }) => {
    const { seconds } = JSON.parse(job.body) as { readonly seconds: number };
    await delay(seconds * 1000, undefined, { signal });
  },
});
