import type { DeliveryMarks, ReceivedMessage } from '../ports.ts';
import type { EarlierDeliveries } from './failure-verdict.ts';

export interface DeliveryHistory extends EarlierDeliveries {
  /** No earlier delivery came as far as the handler, for all that is known. */
  readonly firstStart: boolean;
}

const none: DeliveryHistory = { failed: 0, unfinished: 0, firstStart: true };

/**
 * Without a memory each earlier delivery counts as a failed try: a job that kills its worker then gets as many tries
 * as one that throws. The same when the memory cannot be read: too many tries do less harm than too few.
 */
export const earlierDeliveries = async (
  marks: DeliveryMarks | undefined,
  queue: string,
  message: ReceivedMessage,
  onError: (error: unknown) => void,
): Promise<DeliveryHistory> => {
  const earlier = message.receiveCount - 1;
  if (earlier <= 0) return none;
  const unknown = { failed: earlier, unfinished: 0, firstStart: false };
  if (marks === undefined) return unknown;
  try {
    const { failed, released } = await marks.read(queue, message.messageId);
    const unfinished = Math.max(0, earlier - failed - released);
    return { failed, unfinished, firstStart: failed + unfinished === 0 };
  } catch (error) {
    onError(error);
    return unknown;
  }
};
