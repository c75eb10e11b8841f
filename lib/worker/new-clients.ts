import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Longer than a long poll of 20 s. Without the limit a connection that died silently would hold the loop for ever. */
export const newSqsClient = (): SQSClient =>
  new SQSClient({ requestHandler: { connectionTimeout: 3000, requestTimeout: 30_000, throwOnRequestTimeout: true } });

/** One attempt: a beat whose outcome is unknown must not be sent again. */
export const newBeaconClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });

/** Marks may be written twice. Briefly: a message waits for its mark before it goes back. */
export const newMarksClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  });
