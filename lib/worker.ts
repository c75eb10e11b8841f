/** `sluice/worker`: what the process in the container imports. Nothing of the CDK is behind it. */
export { PermanentFailure } from './worker/handlers/permanent-failure.ts';
export type { Job, JobContext, JobHandler, JobOutcome, NextJob } from './worker/job.ts';
export { type RunWorkerOptions, runWorker } from './worker/run-worker.ts';
export type { WorkerLog } from './worker/worker-log.ts';
