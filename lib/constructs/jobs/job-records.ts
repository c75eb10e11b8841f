import type { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ServiceQueue } from '../service-queue.ts';
import type { WorkerService } from '../worker/worker-service.ts';
import { JobBucket } from './job-bucket.ts';
import { JobsTable, stateIndex } from './jobs-table.ts';

export interface JobRecordsProps {
  /** Of table and bucket. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Where job records live: the jobs table, and the bucket for what is too large for it. */
export class JobRecords extends Construct {
  readonly table: JobsTable;
  readonly bucket: JobBucket;

  constructor(scope: Construct, id: string, props: JobRecordsProps = {}) {
    super(scope, id);
    this.table = new JobsTable(this, 'Table', props);
    this.bucket = new JobBucket(this, 'Bucket', props);
  }

  /** The worker keeps a record of each job: environment and rights for it, and to send next jobs. API keys and rate limits stay closed to it. */
  connect(worker: WorkerService, nextQueues: readonly ServiceQueue[] = []): void {
    worker.addEnvironment('SLUICE_JOBS_TABLE', this.table.tableName);
    worker.addEnvironment('SLUICE_JOBS_BUCKET', this.bucket.bucketName);
    if (nextQueues.length > 0) {
      const next = nextQueues.map(({ name, queue }) => ({ name, url: queue.queueUrl }));
      worker.addEnvironment('SLUICE_NEXT_QUEUES', JSON.stringify(next));
    }
    const queues = [...worker.queues, ...nextQueues];
    for (const statement of this.workerStatements(queues)) worker.grantPrincipal.addToPrincipalPolicy(statement);
    for (const { queue } of nextQueues) queue.encryptionMasterKey?.grantEncryptDecrypt(worker);
  }

  private workerStatements(queues: readonly ServiceQueue[]): readonly iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [this.table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...workerKeys] } },
      }),
      objects(this.bucket, ['s3:GetObject'], ['payloads', 'uploads', 'results']),
      objects(this.bucket, ['s3:PutObject'], ['payloads', 'results']),
      new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queue }) => queue.queueArn) }),
    ];
  }

  /** Index ARN, for who lists. */
  get listArn(): string {
    return `${this.table.tableArn}/index/${stateIndex}`;
  }
}

const workerKeys = ['JOB#*', 'SAME#*', 'ONCE#*', 'FLOW#*', 'BACKLOG#*', 'TENANTS'] as const;

export const objects = (
  bucket: JobBucket,
  actions: readonly string[],
  folders: readonly string[],
): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: [...actions],
    resources: folders.map((folder) => bucket.arnForObjects(`${folder}/*`)),
  });
