import { setTimeout as delay } from 'node:timers/promises';
import { PermanentFailure } from '../../lib/worker/handlers/permanent-failure.ts';
import { runWorker } from '../../lib/worker/run-worker.ts';

/** What a client submits (`sluice.config.ts` checks it). The local run's own load says only `seconds`. */
interface Conversion {
  readonly url?: string;
  readonly seconds?: number;
  /** Epoch seconds. Stands in for a source that is not there yet. */
  readonly availableAt?: number;
}

// Stands in for ffmpeg: a job takes the time that its message says.
await runWorker({
  handler: async (job, { signal }) => {
    const { url, seconds = 0.5, availableAt = 0 } = JSON.parse(job.body) as Conversion;
    if (Date.now() / 1000 < availableAt) throw new PermanentFailure(`there is nothing at ${url}`);
    await delay(seconds * 1000, undefined, { signal });
    return url === undefined ? undefined : { result: { mp3: url.replace(/\.\w+$/, '.mp3') } };
  },
});
