import { describe, expect, it } from 'vitest';
import { formatIssue } from '../../../lib/model/bad-input.ts';
import { readUsage } from '../../../lib/report/usage/read-usage.ts';

const hour = (h: number): string => `${new Date(Date.UTC(2026, 7, 17, h)).toISOString().slice(0, 16)}Z`;

/** Four hours of one service and one database. */
const good = () => ({
  version: 1,
  currency: 'USD',
  timeZone: 'Europe/Copenhagen',
  holidays: ['2026-12-24'],
  from: hour(0),
  to: hour(4),
  services: [
    {
      name: 'convert',
      region: 'eu-north-1',
      cpu: 512,
      memoryMiB: 1024,
      hourly: {
        columns: ['at', 'tasks', 'jobs', 'late'],
        rows: [0, 1, 2, 3].map((h) => [hour(h), 2, 100, 1]) as (string | number | null)[][],
      },
    },
  ],
  instances: [
    {
      kind: 'rds',
      id: 'orders',
      region: 'eu-north-1',
      type: 'db.r6g.large',
      engine: 'mysql',
      hourly: {
        columns: ['at', 'running'],
        rows: [0, 1, 2, 3].map((h) => [hour(h), 1]) as (string | number | null)[][],
      },
    },
  ],
});

const held = {
  id: 'sp-1',
  kind: 'computeSavingsPlan',
  years: 1,
  payment: 'none',
  feeUsdPerHour: 0.1,
  until: '2027-01-01T00:00Z',
};

type File = ReturnType<typeof good>;
const rowsOf = (file: File): (string | number | null)[][] => file.services[0]?.hourly.rows ?? [];

const issuesOf = (change: (file: File) => unknown): readonly string[] => {
  const file = good();
  change(file);
  const read = readUsage(file);
  return read.ok ? [] : read.issues.map(formatIssue);
};

describe('a usage file', () => {
  it('becomes usage, null for what is not known', () => {
    const file = good();
    rowsOf(file)[2] = [hour(2), null, null, null];
    const read = readUsage(file);
    expect(read.ok && read.usage.services[0]?.hourly.tasks).toEqual([2, 2, null, 2]);
    expect(read.ok && read.usage.hours).toBe(4);
  });

  it('may state its hours with an offset', () => {
    const file = good();
    rowsOf(file)[0] = ['2026-08-17T02:00+02:00', 2, 100, 1];
    expect(readUsage(file).ok).toBe(true);
  });

  it.each<[string, (file: File) => unknown, RegExp[]]>([
    [
      'an hour is missing',
      (file) => rowsOf(file).splice(1, 1),
      [
        /^services\[0\]\.hourly\.rows\[1\]\[0\]: .*02:00Z"; expected "2026-08-17T01:00Z": 1 hour\(s\) are missing.* null is "not known"/,
      ],
    ],
    [
      'the last hour is missing',
      (file) => rowsOf(file).pop(),
      [/^services\[0\]\.hourly\.rows: found 3 rows; expected 4.*The next is 2026-08-17T03:00Z/],
    ],
    [
      'a row comes twice',
      (file) => rowsOf(file).splice(1, 0, rowsOf(file)[0] ?? []),
      [/rows\[1\]\[0\]: found "2026-08-17T00:00Z" a second time.*Remove one/],
    ],
    [
      'a negative number',
      (file) => (rowsOf(file)[1] = [hour(1), -2, 1, 0]),
      [/rows\[1\]\[1\]: found -2; expected "tasks" as a number of 0 or more/],
    ],
    [
      'a number in quotes',
      (file) => (rowsOf(file)[1] = [hour(1), '2', 1, 0]),
      [/rows\[1\]\[1\]: found "2".*Write 2 without quotes/],
    ],
    ['a short row', (file) => (rowsOf(file)[1] = [hour(1), 2]), [/rows\[1\]: found 2 values; expected 4/]],
    [
      'local time, which a clock change makes twice',
      (file) => (rowsOf(file)[0] = ['2026-10-25T02:00', 2, 1, 0]),
      [/rows\[0\]\[0\]: found "2026-10-25T02:00"; expected a time with its zone.*comes twice/],
    ],
    [
      'half an hour',
      (file) => (rowsOf(file)[0] = ['2026-08-17T00:30Z', 2, 1, 0]),
      [/rows\[0\]\[0\]: .*expected the start of an hour/],
    ],
    ['more late than jobs', (file) => (rowsOf(file)[3] = [hour(3), 2, 1, 5]), [/rows\[3\]: found 5 late of 1 jobs/]],
    [
      'another currency',
      (file) => Object.assign(file, { currency: 'EUR' }),
      [/^currency: found "EUR"; expected "USD"/],
    ],
    [
      'two currencies',
      (file) => Object.assign(file, { bill: [{ service: 'Amazon ECS', usd: 1, currency: 'EUR' }] }),
      [/^bill\[0\]\.currency: found "EUR"; expected "USD"/],
    ],
    [
      'a zone that is none',
      (file) => Object.assign(file, { timeZone: 'Copenhagen' }),
      [/^timeZone: found "Copenhagen".*Did you mean "Europe\/Copenhagen"/],
    ],
    [
      'a kind that is none',
      (file) => Object.assign(file.instances[0] ?? {}, { kind: 'rdz' }),
      [/^instances\[0\]\.kind: found "rdz".*Did you mean "rds"/],
    ],
    [
      'a type that is none',
      (file) => Object.assign(file.instances[0] ?? {}, { type: 'r6g.large' }),
      [/^instances\[0\]\.type: found "r6g.large"; expected an rds type, like "db.r6g.large"/],
    ],
    [
      'a size that Fargate has not',
      (file) => Object.assign(file.services[0] ?? {}, { memoryMiB: 700 }),
      [/^services\[0\]\.memoryMiB: found 512 CPU units with 700 MiB/],
    ],
    [
      'an unknown column',
      (file) => file.services[0]?.hourly.columns.splice(1, 1, 'task'),
      [/columns\[1\]: found "task".*Did you mean "tasks"/],
    ],
    [
      'a column twice',
      (file) => file.services[0]?.hourly.columns.splice(2, 1, 'tasks'),
      [/columns: found "tasks" a second time/],
    ],
    [
      'rows in another order',
      (file) => rowsOf(file).reverse(),
      [/rows\[0\]\[0\]: .*which comes later\. Sort the rows/],
    ],
    [
      'rows that overlap',
      (file) => rowsOf(file).splice(3, 0, ...rowsOf(file).slice(1, 3)),
      [/rows\[3\]\[0\]: found "2026-08-17T01:00Z" a second time; rows\[1\] has it.*Remove the rows that overlap/],
    ],
    [
      'rows before the window',
      (file) => rowsOf(file).unshift(['2026-08-16T23:00Z', 2, 1, 0]),
      [/rows\[0\]\[0\]: .*Cut the rows before "from"/],
    ],
    [
      'more tasks than ECS runs',
      (file) => (rowsOf(file)[1] = [hour(1), 1e308, 1, 0]),
      [/rows\[1\]\[1\]: found 1e\+308; expected "tasks" as a number from 0 to 5000/],
    ],
    [
      'a number beyond all numbers',
      (file) => (rowsOf(file)[1] = [hour(1), Number.POSITIVE_INFINITY, 1, 0]),
      [/rows\[1\]\[1\]: found Infinity; expected a time, a number or null/],
    ],
    [
      'no column for what it costs',
      (file) => {
        file.services[0]?.hourly.columns.splice(1, 1);
        for (const row of rowsOf(file)) row.splice(1, 1);
      },
      [/columns: found no column "tasks".*Add "tasks"/],
    ],
    [
      'more on demand than there is',
      (file) => {
        file.services[0]?.hourly.columns.push('onDemand');
        for (const row of rowsOf(file)) row.push(3);
      },
      [/rows\[0\]: found 3 on demand of 2 tasks/],
    ],
    [
      'a share of the hour above one',
      (file) => (file.instances[0]?.hourly.rows ?? []).splice(2, 1, [hour(2), 2]),
      [/rows\[2\]\[1\]: found 2; expected "running" as a number from 0 to 1.*nodes/],
    ],
    [
      'a minimum above the maximum',
      (file) => Object.assign(file.services[0] ?? {}, { tasks: { min: 9, max: 3 } }),
      [/^services\[0\]\.tasks\.min: found 9, above the maximum of 3/],
    ],
    [
      'a promise as a fraction',
      (file) => Object.assign(file.services[0] ?? {}, { slo: { percent: 0.99, startWithinSeconds: 60 } }),
      [/slo\.percent: found 0.99; expected a number from 1 to 100/],
    ],
    [
      'mean and 99th percentile exchanged',
      (file) => Object.assign(file.services[0] ?? {}, { serviceSeconds: { mean: 40, p99: 12 } }),
      [/serviceSeconds\.p99: found 12 s, below the mean of 40 s/],
    ],
    [
      'a size from after the window',
      (file) => Object.assign(file.services[0] ?? {}, { sizeSince: '2027-01-01T00:00Z' }),
      [/sizeSince: .*after the end of the file/],
    ],
    [
      'a commitment twice',
      (file) => Object.assign(file, { commitments: [held, held] }),
      [/^commitments\[1\]\.id: found "sp-1" a second time/],
    ],
    [
      'a reservation of nobody knows what',
      (file) => Object.assign(file, { commitments: [{ ...held, kind: 'reservation' }] }),
      [/^commitments\[0\]\.covers: found nothing; expected what it covers, like "rds/],
    ],
    [
      'another version',
      (file) => Object.assign(file, { version: 2 }),
      [/^version: found 2; expected 1\. Have it written/],
    ],
    [
      'a currency where none belongs',
      (file) => Object.assign(file.services[0] ?? {}, { currency: 'EUR' }),
      [/services\[0\]\.currency: .*expected one currency for all/],
    ],
    [
      'a zone without clock changes',
      (file) => Object.assign(file, { timeZone: 'CEST' }),
      [/^timeZone: found "CEST".*continent and city/],
    ],
    ['no zone', (file) => Object.assign(file, { timeZone: '' }), [/^timeZone: found "".*continent and city/]],
    ['a century', (file) => Object.assign(file, { to: '2126-08-17T00:00Z' }), [/^to: .*100 years after.*ten years/]],
    ['no end', (file) => Object.assign(file, { to: file.from }), [/^to: .*not after "from"/]],
    [
      'two services of one name',
      (file) => file.services.push(...good().services),
      [/^services\[1\]\.name: found "convert" a second time/],
    ],
    [
      'an unknown key',
      (file) => Object.assign(file, { service: [] }),
      [/^service: found the unknown key "service".*Did you mean "services"/],
    ],
  ])('%s', (_, change, expected) => {
    const issues = issuesOf(change);
    expect(issues).toHaveLength(expected.length);
    expected.forEach((pattern, i) => {
      expect(issues[i]).toMatch(pattern);
    });
  });

  it.each(['Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns'])('of %s has hours of UTC', (timeZone) => {
    expect(issuesOf((file) => Object.assign(file, { timeZone }))).toEqual([]);
    // The same instants by the wall clock of a zone with half hours.
    expect(issuesOf((file) => (rowsOf(file)[1] = ['2026-08-17T06:30+05:30', 2, 100, 1]))).toEqual([]);
  });

  it('counts an orphan that is older than the file for the file', () => {
    const orphan = { id: 'v', what: 'x', region: 'us-east-1', usdPerHour: 1, idleHours: 9999, removeCommand: 'rm' };
    const read = readUsage({ ...good(), orphans: [orphan] });
    expect(read.ok && read.usage.orphans[0]?.idleHours).toBe(4);
  });

  it('is no object at all', () => {
    expect(readUsage([]).ok).toBe(false);
    expect(readUsage(null).ok).toBe(false);
  });

  it('tells the faults of several tables at once', () => {
    expect(
      issuesOf((file) => {
        rowsOf(file).pop();
        file.instances[0]?.hourly.rows.pop();
      }),
    ).toHaveLength(2);
  });
});
