import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountOptions, regionList, scopeTag, tagRules, windowOf } from '../../lib/cli/report/account-options.ts';
import { openUsage } from '../../lib/cli/report/open-usage.ts';
import { writeFiles } from '../../lib/cli/report/output-files.ts';
import { recordings } from '../../lib/cli/report/recordings.ts';
import { BadInput } from '../../lib/model/bad-input.ts';
import { makeReport } from '../../lib/report/weekly/weekly-report.ts';

/**
 * Goal: what is recorded replays to the same report; prices of one's own count; bad options get one clear message.
 * Method: the real command on the example; the options as tables.
 */
const example = 'examples/cost-report/usage.json';
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-report-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** One database of a week. */
const usage = {
  version: 1,
  currency: 'USD',
  timeZone: 'UTC',
  from: '2026-11-02T00:00Z',
  to: '2026-11-09T00:00Z',
  instances: [
    {
      kind: 'rds',
      id: 'orders',
      region: 'us-east-1',
      type: 'db.r5.xlarge',
      engine: 'mysql',
      hourly: {
        columns: ['at', 'running', 'cpuP99Percent'],
        rows: Array.from({ length: 168 }, (_, h) => [
          new Date(Date.UTC(2026, 10, 2, h)).toISOString(),
          1,
          h === 100 ? null : 20 + (h % 7) / 3,
        ]),
      },
    },
  ],
};

const written = (name: string, document: unknown): string => {
  const file = join(directory, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
};

const open = (options: Partial<AccountOptions>) => openUsage({ weeks: '9', ...options }, 0);

describe('sluice report', () => {
  it('a recording replays to the byte, with its prices', async () => {
    const first = await open({ usage: written('usage.json', usage) });
    const [record = '', recordPrices = ''] = writeFiles(
      recordings(first.usage, first.book, {
        record: join(directory, 'sub', 'u.json'),
        recordPrices: join(directory, 'p.json'),
      }),
    );
    const second = await open({ usage: record, prices: recordPrices });
    expect(second.usage).toEqual(first.usage);
    expect({ ...second.book, source: '' }).toEqual({ ...first.book, source: '' });
    expect(makeReport(second.usage, second.book).plan).toEqual(makeReport(first.usage, first.book).plan);
  });

  it('a price file of one entry changes that entry and says where it comes from', async () => {
    const prices = written('dear.json', {
      currency: 'USD',
      date: '2026-11-01',
      source: 'us',
      instances: { 'rds/us-east-1/mysql/db.r5.xlarge': 5 },
    });
    const { usage: read, book } = await open({ usage: written('usage.json', usage), prices });
    const report = makeReport(read, book);
    expect(report.prices).toMatchObject({ date: '2026-11-01', source: expect.stringContaining('us, 2026-11-01') });
    expect(report.plan.usdPerMonthBefore).toBe(5 * 730);
  });

  it.each([
    ['a file and an account', { usage: example, regions: ['us-east-1'] }, '--usage'],
    ['no such price file', { usage: example, prices: 'nowhere.json' }, '--prices'],
  ])('%s is refused', async (_, options, path) => {
    await expect(open(options)).rejects.toThrow(path);
    await expect(open(options)).rejects.toBeInstanceOf(BadInput);
  });

  it('negative prices and vague days are refused with their paths', async () => {
    const prices = written('bad.json', { currency: 'USD', date: 'May', source: 'x', instances: { a: -1 } });
    const refused = open({ usage: written('usage.json', usage), prices });
    await expect(refused).rejects.toThrow(/date[\s\S]*instances/);
  });

  it('the command itself: what was read is on stderr, one document on stdout', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      'bin/sluice.ts',
      'report',
      '--json',
      ...['--usage', written('usage.json', usage), '--out', join(directory, 'out')],
    ]);
    expect(stderr).toContain('Read: ');
    expect(JSON.parse(stdout)).toMatchObject({ currency: 'USD', historyHours: 168 });
  });
});

describe('what it writes', () => {
  const run = async (file: string, out: string) => {
    const args = ['bin/sluice.ts', 'report', '--usage', file, '--out', out];
    try {
      return { code: 0, ...(await promisify(execFile)(process.execPath, args)) };
    } catch (error) {
      return error as { readonly code: number; readonly stdout: string; readonly stderr: string };
    }
  };

  it('HTML, JSON, CSV and text; a second time the same bytes', async () => {
    const file = written('usage.json', usage);
    const bytes = async (out: string): Promise<Record<string, string>> => {
      expect((await run(file, out)).code).toBe(0);
      return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
    };
    const first = await bytes(join(directory, 'first'));
    expect(Object.keys(first).toSorted()).toEqual(['report.csv', 'report.html', 'report.json', 'report.txt']);
    expect(await bytes(join(directory, 'second'))).toEqual(first);
  });

  it('nothing of a broken file: exit code 2 with path, found, expected and mend', async () => {
    const out = join(directory, 'none');
    const { code, stderr, stdout } = await run(written('broken.json', { ...usage, currency: 'EUR' }), out);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('broken.json currency: found "EUR"; expected "USD"');
    expect(existsSync(out)).toBe(false);
  });

  const [database] = usage.instances;
  const rows = database?.hourly.rows ?? [];
  const withRows = (changed: readonly unknown[]) => ({
    ...usage,
    instances: [{ ...database, hourly: { ...database?.hourly, rows: changed } }],
  });
  it.each([
    [
      'hours that are missing',
      withRows(rows.toSpliced(5, 2)),
      /instances\[0\]\.hourly\.rows\[5\].*2 hour\(s\) are missing.*null/s,
    ],
    ['an hour twice', withRows(rows.toSpliced(5, 0, rows[4] ?? [])), /rows\[5\].*a second time.*Remove one/s],
    ['a negative number', withRows(rows.with(3, [rows[3]?.[0] ?? null, 1, -4])), /rows\[3\]\[2\].*-4.*0 or more/s],
    [
      'an unknown type',
      { ...usage, instances: [{ ...database, type: 'r5.xlarge' }] },
      /type.*r5\.xlarge.*db\.r6g\.large/s,
    ],
    [
      'mixed currencies',
      { ...usage, bill: [{ service: 'Amazon EC2', usd: 1, currency: 'EUR' }] },
      /bill\[0\]\.currency.*EUR/s,
    ],
    ['a zone that is none', { ...usage, timeZone: 'Europe/Kopenhagen' }, /timeZone.*Europe\/Copenhagen/s],
    [
      'a local time on the day that clocks change',
      { ...usage, from: '2026-10-25T02:00' },
      /from.*2026-10-25T02:00.*Add Z/s,
    ],
    ['the same database twice', { ...usage, instances: [database, database] }, /instances\[1\]\.id.*a second time/s],
    ['a field that does not exist', { ...usage, sevices: [] }, /sevices.*services/s],
  ])('%s', async (_, broken, message) => {
    const refused = open({ usage: written('broken.json', broken) });
    await expect(refused).rejects.toBeInstanceOf(BadInput);
    await expect(refused).rejects.toThrow(message);
  });

  it.each([
    ['a file in the place of the folder', 'usage.json', /--out: found a file in the place of a folder: .*usage\.json/],
    ['a file in the way to it', 'usage.json/a/b', /--out: found a file in the place of a folder: .*usage\.json;/],
    // It exists, and takes no folder: whoever runs the tests may well be allowed to write everywhere else.
    ['a folder that takes nothing', '/proc/sluice', /proc.*cannot be written/],
  ])('%s: exit code 2, and nothing is left', async (_, out, message) => {
    const file = written('usage.json', { ...usage, instances: [] });
    const before = readdirSync(directory);
    const { code, stderr } = await run(file, resolve(directory, out));
    expect([code, stderr.split('\n').filter((line) => line.startsWith('Read:')).length]).toEqual([
      2,
      out.startsWith('/proc') ? 1 : 0,
    ]);
    expect(stderr).toMatch(message);
    expect(readdirSync(directory)).toEqual(before);
  });

  it('no JSON, no file and a folder each have their message', async () => {
    const file = join(directory, 'text.json');
    writeFileSync(file, '{ "version": 1,, }');
    await expect(open({ usage: file })).rejects.toThrow(/text\.json:1:\d+/);
    for (const text of ['', 'at,tasks\n2026-11-02T00:00Z,1\n', '<html>', 'version: 1']) {
      writeFileSync(file, text);
      await expect(open({ usage: file })).rejects.toThrow(/text\.json:1:1: .*This is no JSON/);
    }
    writeFileSync(file, '{ "version": NaN }');
    await expect(open({ usage: file })).rejects.toThrow(/1:14: found "NaN".*write null/);
    await expect(open({ usage: join(directory, 'nowhere.json') })).rejects.toThrow(/no such file.*Check the path/s);
    await expect(open({ usage: directory })).rejects.toThrow(/cannot be read \(EISDIR\)/);
  });
});

it('a file that ends in days to come is told, and said to', async () => {
  const file = written('usage.json', usage);
  const at = Date.parse(usage.to) / 1000;
  expect((await openUsage({ weeks: '9', usage: file }, at)).notes).toEqual([]);
  expect((await openUsage({ weeks: '9', usage: file }, at - 3 * 86_400)).notes.join()).toMatch(
    /2026-11-09.*yet to come/,
  );
});

describe('options', () => {
  const now = Date.parse('2026-11-21T10:05:00Z') / 1000;

  it.each([
    [{ weeks: '1' }, '2026-11-14T09:00:00.000Z', 168],
    [{ weeks: '9', from: '2026-11-20' }, '2026-11-20T00:00:00.000Z', 33],
    [{ weeks: '9', from: '2026-11-20T10:30:00+02:00' }, '2026-11-20T09:00:00.000Z', 24],
  ])('%j', (options, from, hours) => {
    expect(windowOf(options, now)).toEqual({ from: Date.parse(from) / 1000, hours });
  });

  it.each([
    { weeks: '0' },
    { weeks: '65' },
    { weeks: 'x' },
    { weeks: '1', from: 'monday' },
    { weeks: '1', from: '2027-01-01' },
    { weeks: '1', from: '2019-01-01' },
  ])('%j is refused', (options) => {
    expect(() => windowOf(options, now)).toThrow(BadInput);
  });

  it('Regions and tags', () => {
    expect(regionList('eu-north-1, us-east-1,eu-north-1')).toEqual(['eu-north-1', 'us-east-1']);
    expect(() => regionList('europe')).toThrow(BadInput);
    expect(() => regionList('')).toThrow(BadInput);
    expect(scopeTag('team=media=x')).toEqual({ key: 'team', value: 'media=x' });
    expect(() => scopeTag('=x')).toThrow(BadInput);
    expect(tagRules({ weeks: '1', ownerTag: 'who' })).toEqual({ ownerKeys: ['who'] });
  });
});
