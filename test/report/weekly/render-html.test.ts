import { describe, expect, test } from 'vitest';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import { decideCommand } from '../../../lib/report/weekly/decide-command.ts';
import { mailBytesMax, renderReportHtml, titleOf } from '../../../lib/report/weekly/render-html.ts';
import { renderReportText } from '../../../lib/report/weekly/render-text.ts';
import { reportForms } from '../../../lib/report/weekly/report-forms.ts';
import { subjectOf } from '../../../lib/report/weekly/subject.ts';
import { makeReport, type WeeklyReport } from '../../../lib/report/weekly/weekly-report.ts';
import { replayed, report, usage } from './weekly-fixtures.ts';

const bytes = (html: string): number => Buffer.byteLength(html);

/** Opened and closed in order, as strict mail programs want it. */
const unbalanced = (html: string): readonly string[] => {
  const stack: string[] = [];
  for (const [, closing, name = '', rest = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*)>/g)) {
    if (['meta', 'br', 'img', 'hr'].includes(name) || rest.endsWith('/')) continue;
    if (closing === '') stack.push(name);
    else if (stack.pop() !== name) return [`</${name}>`];
  }
  return stack;
};

describe('the page', () => {
  const html = renderReportHtml(replayed);

  test('is well formed and fits into what Gmail shows, whole', () => {
    expect(unbalanced(html)).toEqual([]);
    expect(bytes(html)).toBeLessThan(90_000);
    expect(bytes(renderReportHtml(replayed, { bytesMax: mailBytesMax }))).toBe(bytes(html));
  });

  test('needs nothing from anywhere: no script, no style sheet, no picture, no address', () => {
    expect(html).not.toMatch(/<(script|style|link|img|iframe|svg|form|base|object)\b/);
    expect(html).not.toMatch(/\b(https?:|src=|href=|url\(|@import|javascript:|on\w+=")/);
    expect(html).not.toMatch(/class=|position:|display:\s*(flex|grid)|var\(--/);
  });

  test('tells the whole story', () => {
    for (const words of [
      ...['What has too little', 'What to change next', 'Commitments, side by side', 'What became of earlier advice'],
      ...['Where the money went', 'The price of the promise', '(today)', 'AWS target tracking', 'The best fixed fleet'],
      ...['Expected next hour', 'next week', 'Sluice itself', 'predicted USD 40.00 a month, realised USD 38.50'],
      ...['To undo', 'Owner: media', 'Look again after', 'Risk medium, effort low, confidence high'],
      ...['done alone', 'ElastiCache valkey r6g in us-east-1', 'days of history', 'Not read: Cost Explorer'],
    ]) {
      expect(html, words).toContain(words);
    }
    expect(html).not.toContain('elasticache/us-east-1');
  });

  test('has a line of the plan for each recommendation, with its evidence and what applies it', () => {
    for (const { title, evidence, patch } of report.plan.recommendations) {
      const escaped = (words: string): string =>
        words
          .replaceAll('&', '&amp;')
          .replaceAll("'", '&#39;')
          .replaceAll('"', '&quot;')
          .replaceAll('>', '&gt;')
          .replaceAll('<', '&lt;');
      expect(html.split(escaped(title)).length).toBeGreaterThanOrEqual(3);
      for (const { text } of [...evidence, ...patch]) expect(html).toContain(escaped(text));
    }
  });

  test('names the days of the week that it tells, not those of UTC', () => {
    expect(titleOf(report)).toBe('Sluice, Mon 9 Nov to Sun 15 Nov 2026');
    expect(html).toMatch(/>Mon<\/td>.*>Tue<\/td>.*>Sun<\/td>/);
  });
});

test('names that would be markup stay text, in every form', () => {
  const hostile = '<script>alert(1)</script>"\'&';
  const [first] = usage.services;
  if (first === undefined) throw new Error('the example has services');
  const made = makeReport(
    {
      ...usage,
      services: [{ ...first, name: hostile, owner: hostile }],
      unavailable: [{ source: hostile, because: hostile, needs: hostile }],
    },
    bundledPrices,
  );
  const html = renderReportHtml(made, { links: [{ title: hostile, href: `https://x/?"><b>` }] });
  expect(html).not.toContain('<script');
  expect(html).not.toContain('"><b>');
  expect(unbalanced(html)).toEqual([]);
  expect(subjectOf(made)).toMatch(/^[ -~]{10,100}$/);
});

describe('an account too large for a mail', () => {
  const many = (of: WeeklyReport, times: number): WeeklyReport => ({
    ...of,
    services: Array.from({ length: times }, (_, i) =>
      of.services.map((one) => ({ ...one, name: `${one.name}-${i}` })),
    ).flat(),
    plan: {
      ...of.plan,
      recommendations: Array.from({ length: times }, () => of.plan.recommendations).flat(),
      warnings: Array.from({ length: times }, () => of.plan.warnings).flat(),
    },
  });

  test.each([3, 100])('%i-fold: details give way until it fits, totals never do', (times) => {
    const large = many(replayed, times);
    const html = renderReportHtml(large, { bytesMax: mailBytesMax });
    expect(bytes(html)).toBeLessThanOrEqual(mailBytesMax);
    expect(unbalanced(html)).toEqual([]);
    expect(html).toContain('After all of them');
    expect(html).toContain('report.json');
    // The full page says everything.
    expect(bytes(renderReportHtml(large))).toBeGreaterThan(mailBytesMax);
  });
});

test('says the whole command that decides on a line, where there is one', () => {
  expect(renderReportHtml(report)).not.toContain('--accept');
  const made = { ...report, decideWith: 'sluice report --stage prod --regions eu-west-1' };
  const [line] = made.plan.recommendations;
  const command = `sluice report --stage prod --regions eu-west-1 --accept ${line?.id}`;
  expect(renderReportHtml(made)).toContain(command);
  expect(renderReportText(made)).toContain(command);
  expect(decideCommand('sluice report', 'dismiss', "size:it's (us-east-1)")).toBe(
    `sluice report --dismiss 'size:it'\\''s (us-east-1)'`,
  );
});

test('numbers that are missing are said to be', () => {
  const [first] = report.services;
  if (first?.slo === undefined) throw new Error('the example has a promise');
  const { usd: _, ...unpriced } = first;
  const { percent, startWithinSeconds } = first.slo;
  const html = renderReportHtml({
    ...report,
    services: [
      {
        ...unpriced,
        slo: { percent, startWithinSeconds },
        jobsByHour: first.jobsByHour.map((jobs, h) => (h < 48 ? null : jobs)),
      },
    ],
  });
  expect(html).toContain('Jobs are known for 120 of 168 hours');
  expect(html).toContain('No price is known for its size in its Region');
  expect(html).toContain('whether the promise was kept is not known');
});

test('the same week gives the same bytes, in every form', () => {
  const told = () => reportForms(makeReport(usage, bundledPrices, undefined, { ledger: [], ownUsdPerMonth: 3 }));
  expect(told()).toEqual(told());
  expect(reportForms(report).map(({ name }) => name)).toEqual([
    'report.html',
    'report.json',
    'report.csv',
    'report.txt',
  ]);
});

test('advice of this week is no earlier advice', () => {
  const first = makeReport(usage, bundledPrices, undefined, { ledger: [] });
  expect(first.ledger.length).toBeGreaterThan(5);
  expect(renderReportHtml(first)).not.toContain('What became of earlier advice');
});

test('a window of hours, as a local run has it, is told as one', () => {
  const short = makeReport(
    { ...usage, hours: 3, services: [], instances: [], commitments: [], bill: [], orphans: [] },
    bundledPrices,
  );
  expect(titleOf(short)).toMatch(/^Sluice, \w{3} \d+ \w{3} \d{4}$/);
  expect(unbalanced(renderReportHtml(short))).toEqual([]);
});
