import { describe, expect, it } from 'vitest';
import { appliedText, parseApplied } from '../../../lib/model/applied.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import { renderReportHtml } from '../../../lib/report/weekly/render-html.ts';
import { renderReportJson } from '../../../lib/report/weekly/render-json.ts';
import { renderReportText } from '../../../lib/report/weekly/render-text.ts';
import { weeklyReportSchema } from '../../../lib/report/weekly/report-json-schema.ts';
import { makeReport } from '../../../lib/report/weekly/weekly-report.ts';
import { appliedPlan } from '../../../lib/schedule/applied-plan.ts';
import { settingsAt } from '../../../lib/schedule/settings-at.ts';
import { planOf } from '../../tick/world.ts';
import { usageOf, workedService } from '../plan/worked-service.ts';

/**
 * Goal: from the plan of a real week to what the tick makes of it, and each form of the report says what was done and how
 * to undo it. Method: the worked service, whose minimum of 4 nothing needs at night.
 */
const usage = usageOf([workedService(9)]);
const plan = planOf('convert', {
  tasks: { min: 4, max: 10 },
  queues: [{ name: 'convert', percent: 99, startWithinSeconds: 300, fifo: false }],
  worker: { cpu: 2048, memoryMiB: 4096, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
  apply: { schedule: true, minMax: true, downTo: 0 },
  autoSize: { min: { cpu: 512, memoryMiB: 1024 }, max: { cpu: 2048, memoryMiB: 8192 } },
});
const reportOf = (applied: Readonly<Record<string, string>>) =>
  makeReport(usage, bundledPrices, undefined, { ledger: [], apply: { plans: [plan], applied } });
const report = reportOf({});
const entry = report.applied.entries.convert ?? {};

describe('a report that applies by itself', () => {
  it('chooses the proved size and lowers the minimum; what needs a deploy or a purchase it leaves alone', () => {
    expect(report.applied.actions.map(({ what, part }) => `${what} ${part}`).toSorted()).toEqual([
      expect.stringMatching(/^applied (minMax|schedule)$/),
      'applied size',
    ]);
    expect(entry.size).toMatchObject({ size: { cpu: 1024, memoryMiB: 2048 }, before: { cpu: 2048, memoryMiB: 4096 } });
    const kinds = report.plan.recommendations.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['size', 'arm', 'spot', 'commit']));
    expect(report.ledger.filter(({ state }) => state === 'applied').map(({ id }) => id)).toEqual([
      'size:convert',
      'schedule:convert',
    ]);
  });

  it('writes what the tick reads: fewer tasks at night, the size after noon', () => {
    const read = parseApplied(appliedText(entry));
    const night = settingsAt(appliedPlan(plan, read), report.to + 23 * 3600);
    expect(night.tasks.min).toBeLessThan(4);
    expect(night.size).toEqual({ cpu: 1024, memoryMiB: 2048 });
    expect(settingsAt(appliedPlan(plan, read), report.to + 3600).size).toEqual({ cpu: 2048, memoryMiB: 4096 });
  });

  it('says so in each form, with the command that takes it back', () => {
    const forms = [renderReportHtml(report), renderReportText(report), renderReportJson(report)];
    for (const form of forms) {
      expect(form).toContain('sluice undo convert --part size');
      expect(form).toMatch(/sluice undo convert --part (minMax|schedule)/);
    }
    expect(weeklyReportSchema.safeParse(JSON.parse(renderReportJson(report))).success).toBe(true);
  });

  it('forgets nothing when it cannot be read what was applied', () => {
    const states = (ledger: typeof report.ledger) =>
      ledger.filter(({ appliedBy }) => appliedBy).map(({ state }) => state);
    const blind = makeReport(usage, bundledPrices, undefined, { ledger: report.ledger });
    expect(states(blind.ledger)).toEqual(['applied', 'applied']);
    const undone = makeReport(usage, bundledPrices, undefined, {
      ledger: report.ledger,
      apply: { plans: [{ ...plan, apply: undefined, autoSize: undefined } as unknown as typeof plan], applied: {} },
    });
    expect(states(undone.ledger)).toEqual(['undone', 'undone']);
  });

  it('made by hand it tells what is in force, and does nothing', () => {
    const text = appliedText({ ...entry, barred: [] });
    const looked = makeReport(usage, bundledPrices, undefined, {
      ledger: [],
      apply: { plans: [plan], applied: { convert: text }, looksOnly: true },
    });
    expect(looked.applied).toMatchObject({ entries: {}, actions: [] });
    expect(looked.applied.inForce.map(({ part }) => part)).toContain('size');
  });

  it('is the same to the byte when it is made again', () => {
    expect(renderReportJson(reportOf({}))).toBe(renderReportJson(report));
  });

  it('has nothing to say where nothing is applied and nothing may be', () => {
    const silent = makeReport(usage, bundledPrices);
    expect(silent.applied).toEqual({ entries: {}, actions: [], inForce: [] });
    expect(renderReportText(silent)).not.toContain('APPLIES');
    expect(renderReportHtml(silent)).not.toContain('applies by itself');
  });
});
