import { benchWorker } from './bench-worker.ts';

const timing = await benchWorker();
console.log('worker runtime, no-op jobs against the local SQS in another process');
console.log(
  `bare receive-delete loop  ${timing.bareJobsPerSecond.toFixed(0).padStart(7)} jobs/s (best of 1, 2, 4, 8 loops)`,
);
console.log(
  `runtime                   ${timing.workerJobsPerSecond.toFixed(0).padStart(7)} jobs/s (${(100 * timing.ratio).toFixed(0)} % of it)`,
);
console.log(
  `memory: bare Node ${timing.bareNodeMiB.toFixed(0)} MiB, worker ${timing.workerMiB.toFixed(0)} MiB RSS after the run`,
);
