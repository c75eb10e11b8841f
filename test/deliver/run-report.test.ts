import { beforeEach, describe, expect, test } from 'vitest';
import type { ReportChannel, ReportMessage } from '../../lib/deliver/channel.ts';
import type { ReportFiles } from '../../lib/deliver/report-files.ts';
import type { ReportItems } from '../../lib/deliver/report-items.ts';
import { type ReportRun, runReport } from '../../lib/deliver/run-report.ts';
import { appliedText } from '../../lib/model/applied.ts';
import { bundledPrices } from '../../lib/report/prices/bundled-prices.ts';
import { planOf } from '../tick/world.ts';
import { smallUsage } from './small-usage.ts';

const monday = Date.parse('2026-11-23T06:00:00Z') / 1000;

/** Objects, marks and inboxes as they are after each run; what is in `down` fails. */
let objects: Map<string, Uint8Array>;
let marks: Set<string>;
let inboxes: Map<string, ReportMessage[]>;
let down: Set<string>;
/** How often the account was asked: its answer is another one each time. */
let asked: number;

beforeEach(() => {
  objects = new Map();
  marks = new Set();
  inboxes = new Map();
  down = new Set();
  asked = 0;
});

const files: ReportFiles = {
  read: async (key) => objects.get(key),
  writeOnce: async (key, body) => {
    if (down.has(key)) throw new Error('SlowDown');
    if (objects.has(key)) return 'kept';
    objects.set(key, body);
    return 'written';
  },
};
const items: ReportItems = {
  sentTo: async (week) => new Set([...marks].filter((mark) => mark.startsWith(week)).map((mark) => mark.slice(9))),
  markSent: async (week, channel) => {
    marks.add(`${week} ${channel}`);
  },
  writeApplied: async () => 'written',
  readLedger: async () => [],
  writeLedger: async () => {},
};
const channel = (name: string): ReportChannel => ({
  name,
  send: async (message) => {
    if (down.has(name)) throw new Error('MessageRejected: Email address is not verified');
    inboxes.set(name, [...(inboxes.get(name) ?? []), message]);
  },
});
const run = (): ReportRun => ({
  stage: 'prod',
  plan: { at: { weekday: 'mon', minute: 420 }, timeZone: 'Europe/Copenhagen', email: [] },
  files,
  items,
  channels: [channel('mail:a@example.com'), channel('mail:b@example.com'), channel('topic')],
  readInput: async ({ to }) => {
    asked += 1;
    const usage = smallUsage(to);
    return {
      usage: { ...usage, services: usage.services.map((one) => ({ ...one, owner: `answer ${asked}` })) },
      book: bundledPrices,
    };
  },
  linkTo: (key) => `https://console.example/${key}`,
  decideWith: 'sluice report --stage prod --regions eu-west-1',
});
const texts = (): Record<string, string> =>
  Object.fromEntries([...objects].map(([key, body]) => [key, Buffer.from(body).toString('base64')]));

describe('the weekly report', () => {
  test('is written under the key of its week, and everybody gets it once', async () => {
    const outcome = await runReport(run(), monday, monday);
    expect(outcome).toEqual({
      week: '2026-W47',
      applied: [],
      keys: ['html', 'json', 'csv', 'txt'].map((form) => `reports/prod/2026-W47/report.${form}`),
      sent: ['mail:a@example.com', 'mail:b@example.com', 'topic'],
      failed: [],
    });
    const [message] = inboxes.get('topic') ?? [];
    expect(message?.subject).toMatch(/^[ -~]{10,100}$/);
    expect(message?.text).toContain('https://console.example/reports/prod/2026-W47/report.html');
    expect(message?.html).toContain('href="https://console.example/reports/prod/2026-W47/report.csv"');
    // The page that is kept points nowhere.
    expect(Buffer.from(objects.get('reports/prod/2026-W47/report.html') ?? []).toString()).not.toContain('http');
  });

  test('made again it has the same bytes, asks nobody and mails nobody', async () => {
    await runReport(run(), monday, monday);
    const before = texts();
    const again = await runReport(run(), monday, monday + 86_400);
    expect(again).toMatchObject({ week: '2026-W47', sent: [], failed: [] });
    expect(texts()).toEqual(before);
    expect(asked).toBe(1);
    expect([...inboxes.values()].map((mails) => mails.length)).toEqual([1, 1, 1]);
  });

  test('a crash between two objects ends in the same bytes as no crash', async () => {
    await runReport(run(), monday, monday);
    const whole = texts();
    objects = new Map();
    asked = 0;
    down.add('reports/prod/2026-W47/report.csv');
    await expect(runReport(run(), monday, monday)).rejects.toThrow('SlowDown');
    expect(Object.keys(texts())).toHaveLength(3);
    down.clear();
    await runReport(run(), monday, monday + 60);
    expect(texts()).toEqual(whole);
    expect(asked).toBe(1);
  });

  test('of two that run beside each other, the one that kept its answer first is told by both', async () => {
    const late = run();
    const outcome = await runReport(
      {
        ...late,
        readInput: async (window) => {
          const mine = await late.readInput(window);
          await runReport(run(), monday, monday);
          return mine;
        },
      },
      monday,
      monday,
    );
    expect(outcome.sent).toEqual([]);
    expect(Buffer.from(objects.get('reports/prod/2026-W47/report.json') ?? []).toString()).toContain('answer 2');
  });

  test('a channel that fails takes none from the others, and alone is tried again', async () => {
    down.add('mail:a@example.com');
    const first = await runReport(run(), monday, monday);
    expect(first.sent).toEqual(['mail:b@example.com', 'topic']);
    expect(first.failed).toEqual([{ channel: 'mail:a@example.com', because: expect.stringContaining('not verified') }]);
    down.clear();
    const second = await runReport(run(), monday, monday + 120);
    expect(second).toMatchObject({ sent: ['mail:a@example.com'], failed: [] });
    expect([...inboxes.values()].map((mails) => mails.length)).toEqual([1, 1, 1]);
  });

  test('what it applies is written once, also when the first run broke off behind it', async () => {
    const plan = planOf('convert', { tasks: { min: 2, max: 10 }, apply: { schedule: true, minMax: true, downTo: 0 } });
    const fields = 'of another config';
    const mark = { advice: 'schedule:convert', at: monday - 8 * 86_400, by: 'report', byItself: true, fields } as const;
    const stale = appliedText({ minMax: { ...mark, max: 5 } });
    const writes: unknown[] = [];
    const applying = (): ReportRun => ({
      ...run(),
      items: {
        ...items,
        writeApplied: async (...args) => {
          writes.push(args);
          return 'written';
        },
      },
      readInput: async (window) => ({
        ...(await run().readInput(window)),
        apply: { plans: [plan], applied: { convert: stale } },
      }),
    });
    down.add('topic');
    const first = await runReport(applying(), monday, monday);
    expect(first.applied).toEqual([{ service: 'convert', outcome: 'written' }]);
    expect(writes).toEqual([['convert', stale, {}]]);
    const again = await runReport(applying(), monday, monday + 60);
    expect(again.applied).toEqual([]);
    expect(writes).toHaveLength(1);
    expect(Buffer.from(objects.get('reports/prod/2026-W47/report.txt') ?? []).toString()).toContain(
      '- Fell away: schedule:convert fell away: the config has other bounds or windows',
    );
  });

  test('the next week is another one', async () => {
    await runReport(run(), monday, monday);
    const next = await runReport(run(), monday + 7 * 86_400, monday + 7 * 86_400);
    expect(next).toMatchObject({ week: '2026-W48', sent: ['mail:a@example.com', 'mail:b@example.com', 'topic'] });
    expect(asked).toBe(2);
  });
});
