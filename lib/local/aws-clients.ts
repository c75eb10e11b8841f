import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

export interface AwsClients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly dynamoDb: DynamoDBClient;
  destroy(): void;
}

/** The host's own clients, told everything in code: its process environment may point at a real account. */
export const createAwsClients = (environment: Readonly<Record<string, string>>): AwsClients => {
  const credentials = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
  };
  const settings = (service: string) => ({
    region: environment.AWS_REGION ?? '',
    credentials,
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
  });
  const sqs = new SQSClient(settings('SQS'));
  const s3 = new S3Client(settings('S3'));
  const sns = new SNSClient(settings('SNS'));
  const dynamoDb = new DynamoDBClient(settings('DYNAMODB'));
  const destroy = () => {
    for (const client of [sqs, s3, sns, dynamoDb]) client.destroy();
  };
  return { sqs, s3, sns, dynamoDb, destroy };
};
