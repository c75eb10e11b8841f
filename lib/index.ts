/** `sluice`: the package's door. Constructs for a CDK app, and the config that they are built from. */
export { type Config, defineConfig } from './config/define-config.ts';
export { toServicePlan } from './config/parse-config.ts';
export {
  type ExistingQueueProps,
  ExistingService,
  type ExistingServiceProps,
} from './constructs/adopt/existing-service.ts';
export { AlertTopic, type AlertTopicProps } from './constructs/alert-topic.ts';
export { Dashboard, type DashboardProps } from './constructs/dashboard/dashboard.ts';
export { JobQueue, type JobQueueProps } from './constructs/job-queue.ts';
export { JobApi, type JobApiProps } from './constructs/jobs/job-api.ts';
export { JobRecords, type JobRecordsProps } from './constructs/jobs/job-records.ts';
export {
  QueueProcessingFargateService,
  type QueueProcessingFargateServiceProps,
} from './constructs/patterns/queue-processing-fargate-service.ts';
export { CostReport, type CostReportProps } from './constructs/report/cost-report.ts';
export type { ScaledService, SizedTask } from './constructs/scaled-service.ts';
export { Scaler, type ScalerProps } from './constructs/scaler.ts';
export type { ServiceQueue } from './constructs/service-queue.ts';
export { Sluice, type SluiceProps } from './constructs/sluice.ts';
export { createApp, runApp } from './constructs/sluice-app.ts';
export { type SluiceFromConfigProps, sluiceStack } from './constructs/sluice-from-config.ts';
export { type ServiceSpec, SluiceStack, type SluiceStackProps } from './constructs/sluice-stack.ts';
export { StateTable, type StateTableProps } from './constructs/state-table.ts';
export { type GivenListener, WebService, type WebServiceProps } from './constructs/web/web-service.ts';
export type { ContainerHealthCheckProps } from './constructs/worker/container-health-check.ts';
export { WorkerCluster, type WorkerClusterProps } from './constructs/worker/worker-cluster.ts';
export { WorkerNetwork } from './constructs/worker/worker-network.ts';
export { WorkerService, type WorkerServiceProps } from './constructs/worker/worker-service.ts';
export type { WorkerSource } from './constructs/worker/worker-source.ts';
export { BadInput, type InputIssue } from './model/bad-input.ts';
export type { ServicePlan } from './model/plan.ts';
