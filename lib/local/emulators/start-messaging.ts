import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { createQueueMeters, type QueueMeters } from './queue-meters.ts';
import { truthfulSqs } from './truthful-sqs.ts';

/** SQS, S3 and SNS on one port of this machine. */
export interface MessagingEmulator {
  /** `http://127.0.0.1:PORT`; the client must use exactly this spelling, or SQS follows the queue URL instead. */
  readonly endpoint: string;
  queueUrl(queueName: string): string;
  readonly meters: QueueMeters;
  /** Ends within milliseconds, also with long polls open. */
  stop(): Promise<void>;
}

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SqsQueue = NonNullable<ReturnType<SqsStore['getQueueByName']>>;

/**
 * Starts fauxqs in memory on a free port of 127.0.0.1.
 *
 * Not `startFauxqs`: that one listens on all interfaces and has frozen counters and zombie polls
 * (`truthfulSqs` says which). The stores come from a private path of the package, so the version is pinned
 * and `test/local/emulators` holds every trap as a contract.
 */
export const startMessaging = async (region: string): Promise<MessagingEmulator> => {
  const stores = await createStores();
  // With a host the store answers with `sqs.<region>.<host>` URLs, which do not resolve everywhere.
  stores.sqsStore.host = '';
  const meters = createQueueMeters(stores.sqsStore);
  const app = buildApp({ logger: false, stores, defaultRegion: region });
  const closing = new AbortController();
  truthfulSqs(app, stores.sqsStore, closing.signal);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const endpoint = `http://127.0.0.1:${((app.server as Server).address() as AddressInfo).port}`;
  return {
    endpoint,
    meters,
    queueUrl: (queueName) => `${endpoint}/000000000000/${queueName}`,
    stop: async () => {
      closing.abort();
      await app.close();
    },
  };
};

const createStores = async (): Promise<Stores> => {
  const [sqs, sns, s3] = await Promise.all([
    importPrivate<{ SqsStore: new () => SqsStore }>('./sqs/sqsStore.js'),
    importPrivate<{ SnsStore: new () => Stores['snsStore'] }>('./sns/snsStore.js'),
    importPrivate<{ S3Store: new () => Stores['s3Store'] }>('./s3/s3Store.js'),
  ]);
  return { sqsStore: new sqs.SqsStore(), snsStore: new sns.SnsStore(), s3Store: new s3.S3Store() };
};

const importPrivate = <T>(file: string): Promise<T> => import(new URL(file, import.meta.resolve('fauxqs')).href);
