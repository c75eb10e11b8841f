import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TickEvent } from '../model/tick-event.ts';
import type { EpochSeconds } from '../model/units.ts';

/** Puts the ticks to come into the tick queue, each with the delay that makes it arrive at its instant, never before. */
export class SqsTickSender {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  /**
   * Sends all, or rejects. What was sent before a failure may be sent again: an instant that comes twice is decided once.
   * @param instants epoch seconds, whole, at most 900 s ahead
   */
  async send(
    shard: string,
    instants: readonly EpochSeconds[],
    now: EpochSeconds,
    abortSignal: AbortSignal,
  ): Promise<void> {
    for (let first = 0; first < instants.length; first += batchSize) {
      const entries = instants.slice(first, first + batchSize).map((instant, i) => ({
        Id: String(first + i),
        // Rounded up: a tick before its instant would be a tick too many.
        DelaySeconds: Math.max(0, Math.ceil(instant - now)),
        MessageBody: JSON.stringify(tickEvent(shard, instant)),
      }));
      const { Failed = [] } = await this.#sqs.send(
        new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries }),
        { abortSignal },
      );
      const [failure] = Failed;
      if (failure !== undefined)
        throw new Error(`${Failed.length} ticks were not sent: ${failure.Code} ${failure.Message}`);
    }
  }
}

const batchSize = 10;

const tickEvent = (shard: string, instant: EpochSeconds): TickEvent => ({
  shard,
  scheduledAt: new Date(instant * 1000).toISOString(),
});
