import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { known, type QueueCounts, type Reading, unknown } from '../model/observation.ts';
import type { EpochSeconds } from '../model/units.ts';
import { describeError } from './time-box.ts';

/** The three counters of one queue. Never rejects: an error is a reading without a value. */
export async function readQueueCounts(
  sqs: SQSClient,
  url: string,
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<Reading<QueueCounts>> {
  try {
    const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...counters] }), {
      abortSignal,
    });
    const [visible, inFlight, delayed] = counters.map((name) => toCount(answer.Attributes?.[name]));
    if (visible === undefined || inFlight === undefined || delayed === undefined) {
      return unknown('missing', `SQS sent no counters for ${url}`);
    }
    return known(now, { visible, inFlight, delayed });
  } catch (error) {
    return unknown(isGone(error) ? 'missing' : 'failed', describeError(error));
  }
}

/** Without names SQS answers with nothing at all. */
const counters = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** SQS sends numbers as text; an empty one must not become 0. */
function toCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Number(text);
}

const isGone = (error: unknown): boolean => error instanceof Error && error.name === 'QueueDoesNotExist';
