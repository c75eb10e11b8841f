import { setTimeout as delay } from 'node:timers/promises';
import { runWorker } from '../../lib/worker/run-worker.ts';
import { tellLedger } from './tell-ledger.ts';

// One link of the chain: says that it runs, has its effect, and hands on to the next.
await runWorker({
  handler: async (job, { once }) => {
    const { unit } = JSON.parse(job.body) as { readonly unit: number };
    const stage = job.type ?? '';
    await tellLedger('run', { unit, stage, jobId: job.id, messageId: job.messageId, receiveCount: job.receiveCount });
    await once('effect', async (key) => {
      await tellLedger('effect', { unit, stage, key });
      // So that a kill can fall between the effect and the note of it.
      await delay(5);
    });
    if (stage !== 'extract') return { result: { unit } };
    return { result: { unit }, next: [{ queue: 'load', type: 'load', payload: { unit } }] };
  },
});
