import type { SqsQueue } from './start-messaging.ts';

/** True when a ReceiveMessage at this moment would return something. FIFO queues keep their messages by group. */
export const hasReceivableMessage = (queue: SqsQueue): boolean => {
  if (!queue.isFifo()) return queue.messages.length > 0;
  for (const [group, messages] of queue.fifoMessages) {
    if (messages.length > 0 && !queue.fifoLockedGroups.has(group)) return true;
  }
  return false;
};
