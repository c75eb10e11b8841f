import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalCloud } from '../../lib/local/local-cloud.ts';
import { bootApp, bootMilliseconds } from './boot-app.ts';

/**
 * Goal: an alert as deployed: config → template → bundled function → topic → somebody who reads it, and its end.
 * Method: a service that may have no task, four jobs, and a queue that has subscribed to the topic.
 */
let cloud: LocalCloud;
let stop: (() => Promise<void>) | undefined;
let inbox: string;

beforeAll(async () => {
  ({ cloud, stop } = await bootApp('alerts', { config: 'test/local/fixtures/alerting.config.ts' }));
  const { sns, sqs } = cloud.clients;
  inbox = (await sqs.send(new CreateQueueCommand({ QueueName: 'oncall' }))).QueueUrl ?? '';
  const { alertTopic = '' } = cloud.services[0] ?? {};
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:oncall';
  await sns.send(new SubscribeCommand({ TopicArn: alertTopic, Protocol: 'sqs', Endpoint }));
}, bootMilliseconds);
afterAll(() => stop?.(), bootMilliseconds);

interface Mail {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>;
}
const read: Mail[] = [];
const mails = async (): Promise<readonly Mail[]> => {
  const { Messages = [] } = await cloud.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: inbox, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  read.push(...Messages.map(({ Body = '{}' }) => JSON.parse(Body) as Mail));
  return read;
};
const blocks = (label: string): readonly string[] =>
  read.flatMap(({ Message }) => Message.split('\n\n').filter((block) => block.startsWith(label)));

it('a queue that is too long is told once, with what to do; its end is told once', async () => {
  const QueueUrl = cloud.services[0]?.queues[0]?.url;
  for (let i = 0; i < 4; i += 1) await cloud.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  await expect
    .poll(async () => (await mails()).some(({ Message }) => Message.includes('[queueLong]')), { timeout: 30_000 })
    .toBe(true);
  const [mail] = read.filter(({ Message }) => Message.includes('[queueLong]'));
  expect(mail?.Subject).toMatch(/^Sluice alerting: (WARNING|CRITICAL) idle /);
  expect(mail?.MessageAttributes.stage?.Value).toBe('alerting');
  expect(mail?.Message).toContain('4 jobs of idle wait: more than 3.');
  expect(mail?.Message).toContain('Look: sluice why idle --stage alerting');
  await cloud.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await expect
    .poll(async () => (await mails()) && blocks('OVER').some((block) => block.includes('[queueLong]')), {
      timeout: 30_000,
    })
    .toBe(true);
  const told = read.flatMap(({ Message }) => [...Message.matchAll(/^([A-Z ]+?) {2}idle: .* \[queueLong\]$/gm)]);
  expect(told.map(([, label]) => label)).toEqual(['WARNING', 'OVER']);
}, 90_000);
