import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueLoad } from '../../jobs/upkeep/audit.ts';
import type { ServiceBinding } from '../../model/binding.ts';

/**
 * What every queue of a stage holds, at its fullest over several looks: SQS counts approximately, and a message on its
 * way is in no counter for a moment.
 */
export const queueLoads = async (
  sqs: SQSClient,
  bindings: readonly ServiceBinding[],
  looks: number,
  pause: () => Promise<unknown>,
): Promise<Readonly<Record<string, QueueLoad>>> => {
  const fullest = new Map<string, QueueLoad>();
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await pause();
    for (const { name, url, deadLetterUrl } of bindings.flatMap(({ queues }) => queues)) {
      const messages = await lengthOf(sqs, url);
      const deadLetters = deadLetterUrl === undefined ? 0 : await lengthOf(sqs, deadLetterUrl);
      const before = fullest.get(name);
      if (before === undefined || before.messages + before.deadLetters < messages + deadLetters) {
        fullest.set(name, { messages, deadLetters });
      }
    }
  }
  return Object.fromEntries(fullest);
};

const lengthOf = async (sqs: SQSClient, QueueUrl: string): Promise<number> => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counters] }),
  );
  return counters.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
};

const counters = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;
