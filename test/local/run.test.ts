import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handleJob } from '../../examples/quickstart/handle-job.ts';
import { bootEmulators, type Emulators } from '../../lib/local/emulators/boot-emulators.ts';
import { accountsOf } from '../../lib/local/run/accounts.ts';
import { createBooks } from '../../lib/local/run/books.ts';
import { createLoad, type Load } from '../../lib/local/run/create-load.ts';
import { payloadKey, payloadText } from '../../lib/local/run/payloads.ts';
import { waitsOf } from '../../lib/local/run/waits.ts';
import type { WorkloadJob } from '../../lib/simulate/workload.ts';
import { systemClock } from '../../lib/worker/clock.ts';
import { createWorker, type Worker } from '../../lib/worker/create-worker.ts';
import { singleHandler } from '../../lib/worker/handlers/job-handlers.ts';
import { sqsQueue } from '../../lib/worker/queue/sqs-queue.ts';
import type { JobLine } from '../../lib/worker/worker-log.ts';

const jobAt = (at: number, index: number): WorkloadJob => ({
  at,
  service: 'thumbnails',
  queue: 'thumbnails',
  jobId: `job-${index}`,
  serviceSeconds: 0.05,
  payloadBytes: 4096,
});
const line = (jobId: string, more: Partial<JobLine> = {}): JobLine => ({
  sluice: 'job',
  service: 'thumbnails',
  queue: 'thumbnails',
  jobId,
  sentAt: 0,
  startedAt: 1,
  waitSeconds: 1,
  serviceSeconds: 1,
  late: false,
  outcome: 'done',
  receiveCount: 1,
  ...more,
});

describe('the accounts', () => {
  const count = fc.nat(200);
  it('always add up, and nothing is ever negative', () => {
    fc.assert(
      fc.property(count, count, count, count, count, (submitted, done, failed, queued, running) => {
        const accounts = accountsOf({ submitted, done: Math.min(done, submitted), failed, queued, running });
        const { submitted: all, ...places } = accounts;
        expect(Object.values(places).reduce((sum, value) => sum + value, 0)).toBe(all);
        expect(Object.values(places).every((value) => value >= 0)).toBe(true);
      }),
    );
  });

  it('call a job lost when three looks in a row did not find it', () => {
    const jobs = [jobAt(0, 1), jobAt(0, 2)];
    const books = createBooks(jobs);
    const counts = (queued: number, running: number, dead = 0) => ({ thumbnails: { queued, running, dead } });
    books.sent(jobs);
    books.counted(counts(0, 0)); // The counters lag behind the send.
    expect(books.accounts()).toMatchObject({ running: 2, lost: 0 });
    books.counted(counts(1, 1));
    expect(books.accounts()).toMatchObject({ submitted: 2, queued: 1, running: 1, lost: 0 });
    books.counted(counts(0, 1)); // On its way from one counter to the other.
    books.counted(counts(0, 1));
    expect(books.accounts()).toMatchObject({ queued: 0, running: 2, lost: 0 });
    books.counted(counts(0, 1));
    expect(books.accounts()).toMatchObject({ running: 1, lost: 1 });
    books.finished(line('job-1')); // It had only been slow to report.
    expect(books.accounts()).toMatchObject({ done: 1, running: 1, lost: 0 });
    books.counted(counts(0, 0, 1));
    expect(books.accounts()).toMatchObject({ done: 1, failed: 1, running: 0, lost: 0 });
  });

  it('count a job that ran twice once, with its first wait', () => {
    const books = createBooks([jobAt(0, 1)]);
    books.sent([jobAt(0, 1)]);
    books.finished(line('job-1', { waitSeconds: 2 }));
    books.finished(line('job-1', { waitSeconds: 2, receiveCount: 2 }));
    expect(books.accounts().done).toBe(1);
    expect(books.services()[0]?.lines.size).toBe(1);
  });
});

it('waits are nearest-rank quantiles of what jobs really waited', () => {
  const lines = Array.from({ length: 100 }, (_, i) => ({ waitSeconds: 100 - i, late: i < 5 }));
  expect(waitsOf(lines)).toEqual({
    jobs: 100,
    late: 5,
    attainedPercent: 95,
    p50Seconds: 50,
    p95Seconds: 95,
    p99Seconds: 99,
    maxSeconds: 100,
  });
  expect(waitsOf([])).toMatchObject({ jobs: 0, attainedPercent: 100, maxSeconds: 0 });
});

it('payloads are of few sizes, always the same, and compress', async () => {
  expect(payloadKey(4000)).toBe('payloads/4096.txt');
  expect(payloadKey(0)).toBe('payloads/1.txt');
  expect(payloadText(4096)).toHaveLength(4096);
  expect(payloadText(4096)).toBe(payloadText(4096));
});

describe('a load on real queues and workers', () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  let emulators: Emulators;
  let sqs: SQSClient;
  let s3: S3Client;
  let urls: { readonly url: string; readonly deadLetterUrl: string };
  let name = 0;

  beforeAll(async () => {
    emulators = await bootEmulators();
    const client = { region: 'us-east-1', endpoint: emulators.messaging.endpoint, credentials };
    sqs = new SQSClient(client);
    s3 = new S3Client(client);
  });
  afterAll(async () => {
    sqs.destroy();
    s3.destroy();
    await emulators.stop();
  });
  beforeEach(async () => {
    name += 1;
    await s3.send(new CreateBucketCommand({ Bucket: `bucket-${name}` }));
    const { QueueUrl: deadLetterUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `dead-${name}` }));
    const { QueueUrl: url = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName: `jobs-${name}`,
        Attributes: {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:dead-${name}`,
            maxReceiveCount: 2,
          }),
        },
      }),
    );
    urls = { url, deadLetterUrl };
  });

  const loadOf = (workload: readonly WorkloadJob[]): Load =>
    createLoad({ clients: { sqs, s3 }, bucket: `bucket-${name}`, queues: { thumbnails: urls }, workload });
  const workerFor = (load: Load, failing: ReadonlySet<string> = new Set()): Worker =>
    createWorker({
      settings: {
        service: 'thumbnails',
        queues: [{ name: 'thumbnails', url: urls.url, startWithinSeconds: 10, fifo: false }],
        concurrency: 4,
        stopTimeoutSeconds: 10,
        signalSeconds: 60,
        beatSeconds: 10,
        retrySeconds: 0,
        retries: 3,
        protectionLingerSeconds: 1,
        protectionExpiryMinutes: 10,
      },
      handlers: singleHandler(
        async (job, context) => {
          if (failing.has(job.id)) throw new Error('broken on purpose');
          await handleJob({ s3, bucket: `bucket-${name}` }, job, context);
        },
        { retries: 3, retrySeconds: 0 },
      ),
      queues: sqsQueue(sqs),
      beacon: undefined,
      agent: undefined,
      clock: systemClock,
      uniform: () => 0.5,
      log: (entry) => load.onWorkerLine(JSON.stringify(entry)),
    });

  it('ends with every job done or failed, and none lost', async () => {
    const workload = Array.from({ length: 60 }, (_, i) => jobAt(i * 0.01, i));
    const load = loadOf(workload);
    const worker = workerFor(load, new Set(['job-7', 'job-8']));
    const running = worker.run();
    await load.start();
    const accounts = await load.settle(20);
    worker.stop('test');
    await running;
    expect(accounts).toMatchObject({ submitted: 60, done: 58, failed: 2, queued: 0, running: 0, lost: 0 });
    expect(accounts.services.thumbnails).toMatchObject({ submitted: 60, done: 58 });
    expect(load.waits().thumbnails).toMatchObject({ jobs: 60, late: 0, attainedPercent: 100 });
    // Looking into the dead-letter queue leaves it as it was.
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urls.deadLetterUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    expect(Attributes?.ApproximateNumberOfMessages).toBe('2');
  });

  it('counts copies of a message once, and finds a job that disappeared', async () => {
    const load = loadOf([jobAt(0, 1), jobAt(0, 2)]);
    await load.start();
    const [stolen] = await sqsQueue(sqs).receive(
      urls.url,
      { max: 1, waitSeconds: 0, visibilitySeconds: 30 },
      new AbortController().signal,
    );
    await sqsQueue(sqs).deleteBatch(urls.url, [stolen?.receiptHandle ?? '']);
    const other = stolen?.attributes.jobId === 'job-1' ? 'job-2' : 'job-1';
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: urls.url,
        MessageBody: JSON.stringify({ payloadKey: payloadKey(4096), seconds: 0.05 }),
        MessageAttributes: { jobId: { DataType: 'String', StringValue: other } },
      }),
    );
    const worker = workerFor(load);
    const running = worker.run();
    const accounts = await load.settle(20);
    worker.stop('test');
    await running;
    expect(accounts).toMatchObject({ submitted: 2, done: 1, failed: 0, queued: 0, running: 0, lost: 1 });
  });

  it('refuses a workload for a queue that the run does not have', async () => {
    const load = loadOf([{ ...jobAt(0, 1), queue: 'other' }]);
    await expect(load.start()).rejects.toThrow('the workload names queue "other"');
    load.stop();
  });
});
