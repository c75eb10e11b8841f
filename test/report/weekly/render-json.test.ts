import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { renderReportJson } from '../../../lib/report/weekly/render-json.ts';
import { reportJsonSchema } from '../../../lib/report/weekly/report-json-schema.ts';
import { replayed, report } from './weekly-fixtures.ts';

const validate = new Ajv2020({ strict: false }).compile(JSON.parse(reportJsonSchema()));
const parsed = (of: typeof report) => JSON.parse(renderReportJson(of));

test('docs/report.schema.json is the schema of the code', () => {
  expect(readFileSync('docs/report.schema.json', 'utf8')).toBe(reportJsonSchema());
});

test('the report keeps its schema, replayed or not', () => {
  for (const of of [report, replayed]) {
    validate(parsed(of));
    expect(validate.errors).toBeNull();
  }
});

test('and the schema would notice', () => {
  const { plan, ...rest } = parsed(report);
  expect(validate(rest)).toBe(false);
  expect(validate({ ...rest, plan: { ...plan, savingUsdPerMonth: '1' } })).toBe(false);
  expect(validate({ ...rest, plan, currency: 'EUR' })).toBe(false);
  expect(validate({ ...rest, plan, added: 'later' })).toBe(true);
});

test('figures carry no digits that nobody measured, sums stay exact, and what is endless is null', () => {
  const digits = [...renderReportJson(report).matchAll(/-?\d+\.(\d+)/g)].map(
    ([figure, decimals = '']) => [figure, decimals.length] as const,
  );
  expect(digits.filter(([figure, count]) => Math.abs(Number(figure)) >= 1 && count > 4)).toEqual([]);
  const { plan } = parsed(report) as typeof report;
  const sum = plan.recommendations.reduce((total, { usdPerMonth }) => total + usdPerMonth, plan.minor.usdPerMonth);
  expect(sum).toBeCloseTo(plan.savingUsdPerMonth, 6);
  const [first] = report.services;
  if (first?.slo === undefined) throw new Error('the example has a promise');
  const broken = {
    ...report,
    services: [{ ...first, slo: { ...first.slo, errorBudgetUsedPercent: Number.POSITIVE_INFINITY } }],
  };
  expect(parsed(broken).services[0].slo.errorBudgetUsedPercent).toBeNull();
  expect(validate(parsed(broken))).toBe(true);
});
