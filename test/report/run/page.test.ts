import { describe, expect, it } from 'vitest';
import { renderRunPage } from '../../../lib/report/run/page.ts';
import type { RunRecord } from '../../../lib/report/run/run-record.ts';
import { summarise } from '../../../lib/report/run/summary.ts';
import { decision, longRun, plan, runRecord, serviceRun } from './run-fixture.ts';

const render = (record: RunRecord): string => renderRunPage(record, summarise(record));
const page = render(runRecord());

describe('the page of a run', () => {
  it('needs nothing from outside and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import|https?:|\son\w+=/);
  });

  it('is well-formed: every element that is opened is closed', () => {
    const open: string[] = [];
    for (const [, end, name = '', selfClosing] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (['meta'].includes(name) || selfClosing) continue;
      if (end) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('has unique ids', () => {
    const ids = [
      ...render(runRecord({ services: [longRun('a', 2), longRun('b', 1)] })).matchAll(/\sid="([^"]*)"/g),
    ].map(([, id]) => id);
    expect(ids.length).toBe(16);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells the story in this order', () => {
    const order = [
      'none lost',
      'The promise: 95 %',
      'Jobs sent per second',
      '>Tasks<',
      'Backlog',
      'Wait of each job',
      '>Decisions<',
      '>Cost<',
      '>Settings of this run<',
    ];
    const places = order.map((text) => page.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  it('shows each decision with its reasons on demand', () => {
    expect(page).toContain(
      '<td>0:02</td><td>0 → 2</td><td><details><summary>34 jobs wait and must start within 10 s: 2 tasks are needed.</summary>',
    );
    expect(page).toContain(
      '<li><code title="slo">propose</code> 34 jobs wait; 2 tasks start them in time. <b>0 → 2</b></li>',
    );
    expect(page).toContain('queue thumbnails: 34 waiting, 8 in flight');
  });

  it('dates the prices', () => expect(page).toContain('us-east-1, 2026-11-01'));

  it('lets no name or reason become markup', () => {
    const evil = '"><script>alert(1)</script>';
    const html = render(
      runRecord({
        settings: {
          title: evil,
          minutes: 2,
          seed: 1,
          startSeconds: 3,
          startP95Seconds: 4.5,
          trace: evil,
          killOneAt: [],
        },
        problems: [evil],
        interrupted: evil,
        services: [
          serviceRun({
            plan: plan({ service: evil, queues: [{ name: evil, percent: 95, startWithinSeconds: 10, fifo: false }] }),
            price: { usdPerTaskHour: 1, region: evil, date: evil },
            decisions: [
              decision(1, 0, 1, {
                summary: evil,
                explanation: [{ stage: 'propose', code: evil, text: evil, from: 0, to: 1 }],
                alerts: [{ code: evil, severity: 'warning', text: evil }],
              }),
            ],
          }),
        ],
      }),
    );
    expect(html).not.toContain('<script');
  });

  it('warns of what makes the run worth less', () => {
    const html = render(
      runRecord({
        problems: ['2 jobs are not accounted for.'],
        cpu: { meanCores: 1, peakCores: 1.5, limitCores: 1.2 },
      }),
    );
    expect(html).toContain('<p class="warning">2 jobs are not accounted for.</p>');
    expect(html).toContain('took up to 1.5 cores');
  });

  it('stays small and keeps every late job when there are very many', () => {
    const starts = Array.from({ length: 20_000 }, (_, i) => ({
      queue: 'thumbnails',
      sentT: i % 100,
      waitSeconds: i % 100 === 0 ? 20 : 1,
    }));
    const html = render(runRecord({ services: [serviceRun({ starts })] }));
    const dots = [...html.matchAll(/class="dots c(\d)" d="(M\d[^"]*)"/g)].map(([, colour, path = '']) => [
      colour,
      path.split('M').length - 1,
    ]);
    expect(dots).toEqual(
      expect.arrayContaining([
        ['1', 1980],
        ['4', 200],
      ]),
    );
    expect(html).toContain('Of those on time, 1,980 of 19,800 are drawn.');
  });
});
