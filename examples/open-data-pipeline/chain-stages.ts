import type { SluiceStack } from '../../lib/constructs/sluice-stack.ts';

/** Each stage may send to the next one's queue, and knows where it is. */
export const chainStages = (stack: SluiceStack): void => {
  for (const [stage, next] of [
    ['fetch', 'process'],
    ['process', 'export'],
  ] as const) {
    const [queue] = stack.worker(next).queues;
    if (queue === undefined) throw new Error(`${next} has no queue`);
    queue.queue.grantSendMessages(stack.worker(stage));
    stack.worker(stage).addEnvironment('NEXT_QUEUE_URL', queue.queue.queueUrl);
  }
};
