/** `sluice/client`: what a program that submits jobs imports. It needs `fetch`, and no other package. */
export {
  type AcceptedJob,
  JobApiError,
  JobClient,
  type JobClientOptions,
  type JobPageView,
  type JobResult,
  type JobView,
  type SubmitOptions,
  type WaitOptions,
} from './jobs/client/job-client.ts';
