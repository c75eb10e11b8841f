import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Severity } from '../model/decision.ts';

/** What a subscriber gets; `severity`, `stage` and `services` are attributes too, for filter policies. */
interface TopicMessage {
  readonly subject: string;
  readonly text: string;
  readonly severity: Severity;
  readonly services: readonly string[];
  readonly id: string;
}

/** Tells people through an SNS topic. */
export class AlertTopic {
  readonly #sns: SNSClient;
  readonly #topicArn: string;
  readonly #stage: string;

  constructor(sns: SNSClient, topicArn: string, stage: string) {
    this.#sns = sns;
    this.#topicArn = topicArn;
    this.#stage = stage;
  }

  async publish({ subject, text, severity, services, id }: TopicMessage, abortSignal: AbortSignal): Promise<void> {
    await this.#sns.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: subject,
        Message: text,
        MessageAttributes: {
          severity: { DataType: 'String', StringValue: severity },
          stage: { DataType: 'String', StringValue: this.#stage },
          services: { DataType: 'String.Array', StringValue: JSON.stringify(services) },
          id: { DataType: 'String', StringValue: id },
        },
      }),
      { abortSignal },
    );
  }
}
