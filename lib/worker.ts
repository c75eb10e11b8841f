/** `sluice/worker`: what the process in the container imports. Nothing of the CDK is behind it. */

export { type ReportSignalsOptions, reportSignals, type SignalReporter } from './worker/beacon/report-signals.ts';
export { CircuitOpen, type Downstream, type DownstreamOptions } from './worker/downstream/downstream.ts';
export type { FileHandler, JobType, JobTypes, ThreadHandler, TypedJob } from './worker/handlers/handlers-by-type.ts';
export { PermanentFailure } from './worker/handlers/permanent-failure.ts';
export { RetryLater } from './worker/handlers/retry-later.ts';
export type { Job, JobContext, JobHandler, JobOutcome, NextJob } from './worker/job.ts';
export { type RunWorkerOptions, runWorker } from './worker/run-worker.ts';
export { type JobTracker, StartRefused, type TrackedJob } from './worker/track/job-tracker.ts';
export { type TrackJobsOptions, trackJobs } from './worker/track/track-jobs.ts';
export type { WorkerLog } from './worker/worker-log.ts';
