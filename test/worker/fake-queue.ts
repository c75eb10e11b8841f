import type { Clock } from '../../lib/worker/clock.ts';
import { type OutgoingMessage, type QueuePort, ReceiptLost, type ReceivedMessage } from '../../lib/worker/ports.ts';

/** SQS in memory: visibility timeouts, receive counts, one valid receipt handle a message, a dead-letter queue. */
export interface FakeQueue extends QueuePort {
  put(jobId: string, more?: { readonly url?: string; readonly body?: string; readonly attributes?: Attributes }): void;
  /** Job ids by what a person would see in the console. */
  visible(): readonly string[];
  inFlight(): readonly string[];
  readonly dead: readonly string[];
  /** What the workers sent themselves. */
  readonly sent: readonly (OutgoingMessage & { readonly url: string })[];
  /** Seconds until an in-flight message would come back. */
  hiddenSeconds(jobId: string): number | undefined;
  receiveCount(jobId: string): number | undefined;
  /** The next calls of that name fail with it. */
  failNext(call: 'receive' | 'delete' | 'changeVisibility' | 'send', times: number, error?: Error): void;
  /** Polls of a queue that wait now. */
  readonly openPolls: number;
}

type Attributes = Readonly<Record<string, string>>;

interface Stored {
  readonly url: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly jobId: string;
  readonly sentAt: number;
  firstReceivedAt: number;
  visibleAt: number;
  receiveCount: number;
  handle: string;
}

export const fakeUrl = 'queue://jobs';
export const deadUrl = 'queue://dead';

export const createFakeQueue = (clock: Clock, maxReceiveCount = Number.POSITIVE_INFINITY): FakeQueue => {
  let stored: Stored[] = [];
  const dead: string[] = [];
  const sent: (OutgoingMessage & { url: string })[] = [];
  const failures = new Map<string, { times: number; readonly error: Error }>();
  let openPolls = 0;

  const failIfAsked = (call: string): void => {
    const failure = failures.get(call);
    if (failure === undefined || failure.times === 0) return;
    failure.times -= 1;
    throw failure.error;
  };
  const take = (url: string, max: number, visibilitySeconds: number): ReceivedMessage[] => {
    const now = clock.now();
    const due = stored.filter((message) => message.url === url && message.visibleAt <= now);
    const poison = due.filter((message) => message.receiveCount >= maxReceiveCount);
    dead.push(...poison.map((message) => message.jobId));
    stored = stored.filter((message) => !poison.includes(message));
    return due
      .filter((message) => !poison.includes(message))
      .slice(0, max)
      .map((message) => {
        message.receiveCount += 1;
        if (message.receiveCount === 1) message.firstReceivedAt = now;
        message.visibleAt = now + visibilitySeconds;
        message.handle = `${message.jobId}#${message.receiveCount}`;
        return received(message);
      });
  };

  return {
    dead,
    sent,
    send: async (url, message) => {
      failIfAsked('send');
      sent.push({ ...message, url });
      dead.push(message.attributes.jobId?.StringValue ?? '');
    },
    counts: async (url) => {
      const ours = stored.filter((one) => one.url === url);
      const inFlight = ours.filter((one) => one.visibleAt > clock.now()).length;
      return { visible: ours.length - inFlight, inFlight, delayed: 0 };
    },
    get openPolls() {
      return openPolls;
    },
    put: (jobId, { url = fakeUrl, body = '{}', attributes = {} } = {}) => {
      const now = clock.now();
      stored.push({
        url,
        body,
        attributes,
        jobId,
        sentAt: now,
        firstReceivedAt: 0,
        visibleAt: now,
        receiveCount: 0,
        handle: '',
      });
    },
    visible: () => stored.filter((one) => one.visibleAt <= clock.now()).map((one) => one.jobId),
    inFlight: () => stored.filter((one) => one.visibleAt > clock.now()).map((one) => one.jobId),
    hiddenSeconds: (jobId) => {
      const message = stored.find((one) => one.jobId === jobId);
      return message && message.visibleAt - clock.now();
    },
    receiveCount: (jobId) => stored.find((one) => one.jobId === jobId)?.receiveCount,
    failNext: (call, times, error = new Error('ServiceUnavailable')) => failures.set(call, { times, error }),
    receive: async (url, request, signal) => {
      failIfAsked('receive');
      const giveUpAt = clock.now() + request.waitSeconds;
      openPolls += 1;
      try {
        for (;;) {
          const messages = take(url, request.max, request.visibilitySeconds);
          if (messages.length > 0 || clock.now() >= giveUpAt) return messages;
          await clock.sleep(Math.min(0.05, giveUpAt - clock.now()), signal);
          if (signal.aborted) throw new DOMException('aborted', 'AbortError');
        }
      } finally {
        openPolls -= 1;
      }
    },
    deleteBatch: async (_url, handles) => {
      failIfAsked('delete');
      stored = stored.filter((message) => !handles.includes(message.handle));
      return [];
    },
    changeVisibility: async (_url, handle, seconds) => {
      failIfAsked('changeVisibility');
      const message = stored.find((one) => one.handle === handle && one.visibleAt > clock.now());
      if (message === undefined) throw new ReceiptLost();
      message.visibleAt = clock.now() + seconds;
    },
  };
};

const received = (message: Stored): ReceivedMessage => ({
  messageId: `id-${message.jobId}`,
  receiptHandle: message.handle,
  body: message.body,
  attributes: { jobId: message.jobId, ...message.attributes },
  sentAt: message.sentAt,
  firstReceivedAt: message.firstReceivedAt,
  receiveCount: message.receiveCount,
});
