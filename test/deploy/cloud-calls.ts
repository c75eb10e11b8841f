import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { credentials, region } from './lane-environment.ts';

/** The few calls by which the lane plays producer, and sees what a tick changed. */
export class CloudCalls {
  readonly #sqs: SQSClient;
  readonly #ecs: ECSClient;
  readonly #dynamo: DynamoDBClient;

  constructor(endpoint: string) {
    const client = { endpoint, region, credentials };
    this.#sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
    this.#ecs = new ECSClient(client);
    this.#dynamo = new DynamoDBClient(client);
  }

  async sendJobs(queueUrl: string, count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 10) {
      const size = Math.min(10, count - sent);
      const Entries = Array.from({ length: size }, (_, i) => ({ Id: String(i), MessageBody: `{"job":${sent + i}}` }));
      const { Failed } = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      if (Failed?.length) throw new Error(`SQS refused ${Failed.length} of ${size} jobs: ${Failed[0]?.Message}`);
    }
  }

  async delayedMessages(queueUrl: string): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessagesDelayed' as const];
    const answer = await this.#sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames }));
    return Number(answer.Attributes?.ApproximateNumberOfMessagesDelayed);
  }

  /** The next message, as Lambda hands it to a function. Waits for it for at most 20 s. */
  async nextRecord(queueUrl: string): Promise<{ readonly messageId: string; readonly body: string }> {
    const answer = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 }));
    const [message] = answer.Messages ?? [];
    if (message?.Body === undefined) throw new Error(`nothing came out of ${queueUrl} within 20 s`);
    return { messageId: message.MessageId ?? '', body: message.Body };
  }

  async desiredCount(cluster: string, service: string): Promise<number> {
    const { services } = await this.#ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const desired = services?.[0]?.desiredCount;
    if (desired === undefined) throw new Error(`ECS knows no service ${service}`);
    return desired;
  }

  /** How often the state of a shard was committed. */
  async stateVersion(table: string, shard: string): Promise<number> {
    const Key = { pk: { S: `SHARD#${shard}` }, sk: { S: 'HOT' } };
    const { Item } = await this.#dynamo.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Number(Item?.version?.N ?? 0);
  }

  async itemsUnder(table: string, prefix: string): Promise<number> {
    const { Items } = await this.#dynamo.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
    return (Items ?? []).filter(({ pk }) => pk?.S?.startsWith(prefix)).length;
  }
}
