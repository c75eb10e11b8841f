import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import { DynamoJobStore } from '../lib/jobs/dynamo-job-store.ts';
import { sqsJobSender } from '../lib/jobs/job-sender.ts';
import { payloadBucket } from '../lib/jobs/payload-bucket.ts';
import { sweep } from '../lib/jobs/upkeep/sweep.ts';
import { dynamoWorkflowStore } from '../lib/jobs/workflow/workflow-store.ts';
import { readBindings } from '../lib/observe/bindings.ts';

const {
  SLUICE_JOBS_TABLE: table = '',
  SLUICE_JOBS_BUCKET: bucket = '',
  SLUICE_PARAMETER_PATH: path = '',
} = process.env;
const logger = new Logger();
const client = { maxAttempts: 4, requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 } };
const dynamo = new DynamoDBClient(client);
const ssm = new SSMClient(client);
const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
const store = new DynamoJobStore({ dynamo, table, bucket: payloadBucket(new S3Client(client), bucket) });

/** A deploy that changes a binding starts the function anew. */
let urls: ReadonlyMap<string, string> | undefined;
const queueUrls = async (): Promise<ReadonlyMap<string, string>> => {
  const { bindings, issues } = await readBindings(ssm, path);
  for (const issue of issues) logger.error('A binding does not parse; its jobs are not sent again', { issue });
  return new Map(bindings.flatMap(({ queues }) => queues.map(({ name, url }) => [name, url] as const)));
};
const sender = sqsJobSender(sqs, async (queue) => {
  urls ??= await queueUrls();
  return urls.get(queue);
});

export const handler = middy(async (_event: unknown, _context: unknown): Promise<void> => {
  const swept = await sweep({ store, sender, workflows: dynamoWorkflowStore(dynamo, table) }, Date.now() / 1000);
  logger.info('swept', { ...swept });
}).use(injectLambdaContext(logger));
