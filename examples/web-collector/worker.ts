import { setTimeout as delay } from 'node:timers/promises';
import { runWorker } from '../../lib/worker/run-worker.ts';

// Stands in for the fetch of a page: a job takes the time that its message says.
await runWorker({
  handler: async (job, { signal }) => {
    const { seconds } = JSON.parse(job.body) as { readonly seconds: number };
    await delay(seconds * 1000, undefined, { signal });
  },
});
