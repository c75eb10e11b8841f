import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { InvocationResult, QueueMapping } from './function-spec.ts';
import { toSqsRecord } from './sqs-record.ts';

/** What one poller of an event-source mapping works with. */
export interface Poller {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly mapping: QueueMapping;
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  readonly onError: (text: string) => void;
  readonly stopping: AbortSignal;
}

/** Receives, invokes, deletes what succeeded; the rest comes back when its visibility timeout ends. Resolves when stopped. */
export const pollQueue = async (poller: Poller): Promise<void> => {
  while (!poller.stopping.aborted) {
    try {
      const batch = await gatherBatch(poller);
      if (batch.length > 0) await process(poller, batch);
    } catch (error) {
      if (poller.stopping.aborted) return;
      poller.onError(
        `event source ${poller.mapping.queueArn}: ${error instanceof Error ? error.message : String(error)}`,
      );
      await delay(1_000, undefined, { signal: poller.stopping }).catch(() => undefined);
    }
  }
};

const gatherBatch = async (poller: Poller): Promise<readonly Message[]> => {
  const { batchSize, batchingWindowSeconds } = poller.mapping;
  const batch = await receive(poller, batchSize, 20);
  const deadlineMs = Date.now() + batchingWindowSeconds * 1000;
  while (batch.length > 0 && batch.length < batchSize && Date.now() < deadlineMs) {
    const waitSeconds = Math.ceil((deadlineMs - Date.now()) / 1000);
    batch.push(...(await receive(poller, batchSize - batch.length, Math.min(20, waitSeconds))));
  }
  return batch;
};

const receive = async (poller: Poller, atMost: number, waitSeconds: number): Promise<Message[]> => {
  const { Messages } = await poller.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: poller.queueUrl,
      MaxNumberOfMessages: Math.min(10, atMost),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
    { abortSignal: poller.stopping },
  );
  return Messages ?? [];
};

const process = async (poller: Poller, batch: readonly Message[]): Promise<void> => {
  const records = batch.map((message) => toSqsRecord(message, poller.mapping.queueArn));
  const result = await poller.invoke(JSON.stringify({ Records: records }));
  if (!result.ok) return;
  const failed = poller.mapping.reportsItemFailures ? failedItems(result.payload, batch) : new Set<string>();
  await remove(
    poller,
    batch.filter((message) => !failed.has(message.MessageId ?? '')),
  );
};

/** An answer that makes no sense counts as a failure of the whole batch, as on Lambda. */
export const failedItems = (
  payload: string,
  batch: readonly { readonly MessageId?: string | undefined }[],
): ReadonlySet<string> => {
  const ids = new Set(batch.map((message) => message.MessageId ?? ''));
  const answer = JSON.parse(payload) as { readonly batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return ids;
  const named = failures.map((failure) => String((failure as { itemIdentifier?: unknown } | null)?.itemIdentifier));
  return named.every((id) => ids.has(id)) ? new Set(named) : ids;
};

const remove = async (poller: Poller, messages: readonly Message[]): Promise<void> => {
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages.slice(start, start + 10).map((message, index) => ({
      Id: String(index),
      ReceiptHandle: message.ReceiptHandle ?? '',
    }));
    await poller.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: poller.queueUrl, Entries }));
  }
};
