import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalCloud } from '../../lib/local/local-cloud.ts';
import { bootApp, bootMilliseconds } from './boot-app.ts';

/**
 * Goal: the report as deployed: template → bundled function → table, bucket and topic. What this machine does not have
 * (SES, RDS, the price list …) is a line of the report or a failure of one channel, and stops nothing else.
 * Method: two days of hours in the table; the function of the local cloud, invoked as Scheduler does.
 */
const monday = '2026-11-23T06:00:00Z';

let cloud: LocalCloud;
let stop: (() => Promise<void>) | undefined;
let inbox: string;
const key = (file: string): string => `reports/report-test/2026-W47/${file}`;

beforeAll(async () => {
  ({ cloud, stop } = await bootApp('report', { app: new URL('./fixtures/report/app.ts', import.meta.url) }));
  const { sns, sqs, dynamoDb } = cloud.clients;
  await sns.send(new CreateTopicCommand({ Name: 'reports' }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:reports',
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:inbox',
    }),
  );
  inbox = (await sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }))).QueueUrl ?? '';
  const end = Date.parse('2026-11-22T23:00:00Z');
  for (let h = 1; h <= 48; h++) {
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName: cloud.resources.tableName('State'),
        Key: {
          pk: { S: 'SVC#convert' },
          sk: { S: `HOUR#${new Date(end - h * 3_600_000).toISOString().slice(0, 13)}` },
        },
        UpdateExpression: 'ADD #a0 :jobs, #size :seconds, #observed :observed',
        ExpressionAttributeNames: { '#a0': 'a0', '#size': 't512/1024', '#observed': 'observed' },
        ExpressionAttributeValues: { ':jobs': { N: '60' }, ':seconds': { N: '7200' }, ':observed': { N: '3600' } },
      }),
    );
  }
}, bootMilliseconds);
afterAll(() => stop?.(), bootMilliseconds);

const invoke = async () => {
  const name = cloud.resources.functionName('ReportFunctionHandler');
  return cloud.lambda.invoke(name, JSON.stringify({ scheduledAt: monday }));
};
const objects = async (): Promise<Record<string, string>> => {
  const Bucket = cloud.resources.bucketName('ReportBucket');
  const { Contents = [] } = await cloud.clients.s3.send(new ListObjectsV2Command({ Bucket }));
  const entries = Contents.map(async ({ Key = '' }) => {
    const { Body } = await cloud.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
    return [Key, Buffer.from((await Body?.transformToByteArray()) ?? []).toString('base64')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};
const mails = async () => (await cloud.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: inbox }))).Messages ?? [];

describe('the weekly report on the local cloud', () => {
  it('is written and sent, though there is no mail here; asked again it is the same and is not sent again', async () => {
    const first = await invoke();
    // Scheduler would try again: one reader did not get it.
    expect(JSON.stringify(first)).toContain('mail:team@example.com');
    const written = await objects();
    expect(Object.keys(written).toSorted()).toEqual(
      ['input.json.gz', 'report.csv', 'report.html', 'report.json', 'report.txt'].map(key),
    );
    const report = JSON.parse(Buffer.from(written[key('report.json')] ?? '', 'base64').toString());
    expect(report.historyHours).toBe(48);
    expect(report.services).toMatchObject([{ name: 'convert', usd: expect.closeTo(2 * 48 * 0.02 * 1.2, 0) }]);
    expect(report.unavailable.map(({ source }: { source: string }) => source)).toEqual(
      expect.arrayContaining([expect.stringContaining('RDS'), expect.stringContaining('Price list')]),
    );
    const [note, ...others] = await mails();
    expect(others).toEqual([]);
    const { Subject, Message } = JSON.parse(note?.Body ?? '{}');
    expect(Subject).toMatch(/^Sluice, week to 2026-11-22: USD /);
    expect(Message).toContain(`prefix=${encodeURIComponent(key('report.html'))}`);

    const second = await invoke();
    expect(JSON.stringify(second)).toContain('mail:team@example.com');
    expect(await objects()).toEqual(written);
    expect(await mails()).toEqual([]);
  }, 60_000);
});
