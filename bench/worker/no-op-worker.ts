import { runWorker } from '../../lib/worker/run-worker.ts';

/** The runtime as a service would run it, with a handler that does nothing. */
const jobs = Number(process.env.BENCH_JOBS);
let done = 0;
let startedAt = 0;
let idleRssBytes = 0;

await runWorker({
  handler: async () => {
    startedAt ||= performance.now();
    idleRssBytes ||= process.memoryUsage.rss();
    done += 1;
    if (done !== jobs) return;
    const jobsPerSecond = (1000 * done) / (performance.now() - startedAt);
    process.send?.({
      idleRssBytes,
      jobsPerSecond,
      rssBytes: process.memoryUsage.rss(),
      cpuMs: process.cpuUsage().user / 1000,
    });
  },
});
