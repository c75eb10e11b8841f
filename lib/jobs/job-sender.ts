import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { JobRecord, Payload } from '../model/job-record.ts';
import type { Seconds } from '../model/units.ts';

/** Puts the message of an accepted job into its queue. */
export interface JobSender {
  /** Rejects when the queue did not take it; sending it again does no harm. */
  send(record: JobRecord, delaySeconds?: Seconds): Promise<void>;
}

/** @param urlOf by the queue's name in the config; undefined: there is no such queue */
export const sqsJobSender = (sqs: SQSClient, urlOf: (queue: string) => Promise<string | undefined>): JobSender => ({
  send: async (record, delaySeconds = 0) => {
    const url = await urlOf(record.queue);
    if (url === undefined) throw new Error(`no queue ${record.queue} is bound to this stage`);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: bodyOf(record.payload),
        MessageAttributes: attributesOf(record),
        // A standard queue would take the group for a fair queue's tenant, which is what it is there too.
        ...(url.endsWith('.fifo')
          ? { MessageGroupId: record.groupId ?? record.jobId, MessageDeduplicationId: record.jobId }
          : delaySeconds > 0
            ? { DelaySeconds: Math.min(900, Math.ceil(delaySeconds)) }
            : {}),
      }),
    );
  },
});

/** The payload text, or where it lies (docs/architecture.md, "Message attributes"). */
export const bodyOf = (payload: Payload): string => ('inline' in payload ? payload.inline : JSON.stringify(payload));

export const attributesOf = (record: JobRecord): Record<string, MessageAttributeValue> => ({
  jobId: text(record.jobId),
  tenant: text(record.tenant),
  jobType: text(record.type),
  expiresAt: text(String(Math.ceil(record.expiresAt))),
  ...(record.workflowId === undefined ? {} : { workflowId: text(record.workflowId) }),
  ...('inline' in record.payload ? {} : { payload: text('s3') }),
});

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
