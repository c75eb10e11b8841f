import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consoleLink } from '../../lib/deliver/console-link.ts';
import { mailChannel } from '../../lib/deliver/mail-channel.ts';
import { s3ReportFiles } from '../../lib/deliver/report-files.ts';
import { dynamoReportItems } from '../../lib/deliver/report-items.ts';
import { topicChannel } from '../../lib/deliver/topic-channel.ts';
import type { LedgerEntry } from '../../lib/report/ledger/ledger.ts';
import { type LocalTable, localCredentials, startLocalTable } from '../act/local-table.ts';

/** S3's conditional write, and SES and SNS that take what the real ones take: what the emulators at hand lack. */
const objects = new Map<string, Buffer>();
const mails: Record<string, unknown>[] = [];
const notes: URLSearchParams[] = [];

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
const xml = (code: string): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;

let server: Server;
let table: LocalTable;
let options: { endpoint: string; region: string; credentials: typeof localCredentials; maxAttempts: number };
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const key = request.url?.split('?')[0] ?? '';
    const body = await bodyOf(request);
    if (key === '/v2/email/outbound-emails') {
      const mail = JSON.parse(body.toString()) as Record<string, unknown>;
      const verified = mail.FromEmailAddress === 'sluice@example.com';
      if (verified) mails.push(mail);
      response
        .writeHead(verified ? 200 : 400, { 'content-type': 'application/json', 'x-amzn-errortype': 'MessageRejected' })
        .end(verified ? '{"MessageId":"1"}' : '{"message":"Email address is not verified."}');
    } else if (request.method === 'POST') {
      notes.push(new URLSearchParams(body.toString()));
      response
        .writeHead(200)
        .end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
    } else if (request.method === 'PUT') {
      if (request.headers['if-none-match'] === '*' && objects.has(key)) {
        response.writeHead(412).end(xml('PreconditionFailed'));
      } else {
        objects.set(key, body);
        response.writeHead(200, { etag: '"1"' }).end();
      }
    } else {
      const found = objects.get(key);
      if (found === undefined) response.writeHead(404).end(xml('NoSuchKey'));
      else response.writeHead(200).end(found);
    }
  });
  server.listen(0, '127.0.0.1');
  [table] = await Promise.all([startLocalTable(), once(server, 'listening')]);
  const { port } = server.address() as AddressInfo;
  options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: localCredentials,
    maxAttempts: 1,
  };
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await table.close();
});

describe('objects', () => {
  test('are written once: a second, different one leaves the first as it is', async () => {
    const files = s3ReportFiles(
      new S3Client({ ...options, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
      'reports',
    );
    expect(await files.read('a/report.txt')).toBeUndefined();
    expect(await files.writeOnce('a/report.txt', Buffer.from('first'), 'text/plain')).toBe('written');
    expect(await files.writeOnce('a/report.txt', Buffer.from('second'), 'text/plain')).toBe('kept');
    expect(Buffer.from((await files.read('a/report.txt')) ?? []).toString()).toBe('first');
  });
});

describe('items of the state table', () => {
  test('remember who has got which week', async () => {
    const items = dynamoReportItems(table.client, table.name);
    expect(await items.sentTo('2026-W47')).toEqual(new Set());
    await items.markSent('2026-W47', 'topic', 1_790_000_000);
    await items.markSent('2026-W47', 'mail:a@example.com', 1_790_000_000);
    await items.markSent('2026-W47', 'topic', 1_790_000_000);
    expect(await items.sentTo('2026-W47')).toEqual(new Set(['topic', 'mail:a@example.com']));
    expect(await items.sentTo('2026-W48')).toEqual(new Set());
    expect(await items.readLedger()).toEqual([]);
    const entry: LedgerEntry = {
      id: 'arm:convert',
      kind: 'arm',
      resource: 'convert',
      title: 'convert: run on ARM64',
      firstAdvisedAt: 1,
      lastAdvisedAt: 1,
      predictedUsdPerMonth: 1,
      state: 'open',
    };
    await items.writeLedger([entry], 200);
    await items.writeLedger([], 100);
    await items.writeLedger([], 200);
    expect(await items.readLedger()).toEqual([entry]);
  });
});

describe('channels', () => {
  const message = { subject: 'Sluice: USD 1.00', html: '<p>é</p>', text: 'é' };

  test('a mail has both parts and one reader', async () => {
    const channel = mailChannel(new SESv2Client(options), 'sluice@example.com', 'team@example.com');
    await channel.send(message);
    expect(channel.name).toBe('mail:team@example.com');
    expect(mails).toEqual([
      {
        FromEmailAddress: 'sluice@example.com',
        Destination: { ToAddresses: ['team@example.com'] },
        Content: {
          Simple: {
            Subject: { Data: 'Sluice: USD 1.00', Charset: 'UTF-8' },
            Body: { Html: { Data: '<p>é</p>', Charset: 'UTF-8' }, Text: { Data: 'é', Charset: 'UTF-8' } },
          },
        },
      },
    ]);
  });

  test('a sender that is not verified is a failure that says so', async () => {
    const channel = mailChannel(new SESv2Client(options), 'nobody@example.com', 'team@example.com');
    await expect(channel.send(message)).rejects.toThrow('Email address is not verified');
  });

  test('a topic gets the text, cut where SNS would refuse it', async () => {
    const channel = topicChannel(new SNSClient(options), 'arn:aws:sns:us-east-1:123456789012:reports');
    await channel.send({ ...message, text: 'é'.repeat(200_000) });
    const [note] = notes;
    expect(note?.get('Subject')).toBe('Sluice: USD 1.00');
    expect(Buffer.byteLength(note?.get('Message') ?? '')).toBeLessThanOrEqual(262_144);
    expect(note?.get('Message')).toMatch(/cut here; the bucket has all of it\)$/);
  });
});

test.each([
  [
    'eu-west-1',
    'https://eu-west-1.console.aws.amazon.com/s3/object/b?region=eu-west-1&prefix=reports%2Fs%2Fw%2Freport.html',
  ],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/b?region=us-gov-west-1&prefix=reports%2Fs%2Fw%2Freport.html',
  ],
  [
    'cn-north-1',
    'https://cn-north-1.console.amazonaws.cn/s3/object/b?region=cn-north-1&prefix=reports%2Fs%2Fw%2Freport.html',
  ],
])('the console of %s', (region, link) => {
  expect(consoleLink(region, 'b', 'reports/s/w/report.html')).toBe(link);
});
