import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import { type QueuePort, ReceiptLost, type ReceivedMessage } from '../ports.ts';
import { errorText, type LifeLog } from '../worker-log.ts';
import { callRetrySeconds } from './retry-delay.ts';

/** Makes a message visible again after `seconds`, 0 = at once. Never rejects. */
export type ReleaseMessage = (queueUrl: string, message: ReceivedMessage, seconds: Seconds) => Promise<void>;

/** When this fails for good nothing is lost: the message comes back when its visibility timeout is over. */
const attemptsMax = 4;

export const createRelease =
  (parts: {
    readonly queues: QueuePort;
    readonly clock: Clock;
    readonly uniform: () => number;
    readonly log: LifeLog;
  }): ReleaseMessage =>
  async (queueUrl, message, seconds) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await parts.queues.changeVisibility(queueUrl, message.receiptHandle, seconds);
      } catch (error) {
        if (error instanceof ReceiptLost) return;
        if (attempt === attemptsMax) {
          return parts.log('releaseFailed', { messageId: message.messageId, error: errorText(error) });
        }
        await parts.clock.sleep(callRetrySeconds(attempt, parts.uniform));
      }
    }
  };
