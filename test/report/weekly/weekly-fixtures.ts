import { readFileSync } from 'node:fs';
import type { LedgerEntry } from '../../../lib/report/ledger/ledger.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import { usageFrom } from '../../../lib/report/usage/read-usage.ts';
import type { Usage } from '../../../lib/report/usage/usage.ts';
import { makeReport, type WeeklyReport } from '../../../lib/report/weekly/weekly-report.ts';

const example = usageFrom(JSON.parse(readFileSync('examples/cost-report/usage.json', 'utf8')));

/** The example without its minutes: playing the week again takes seconds, and how a page looks does not hang on it. */
export const usage: Usage = {
  ...example,
  services: example.services.map(({ arrivalsByMinute: _, ...service }) => service),
};

const ledger: readonly LedgerEntry[] = [
  {
    id: 'arm:convert',
    kind: 'arm',
    resource: 'convert',
    title: 'convert: run on ARM64',
    firstAdvisedAt: usage.from,
    lastAdvisedAt: usage.from + 604_800,
    predictedUsdPerMonth: 40,
    state: 'applied',
    realisedUsdPerMonth: 38.5,
    measuredHours: 300,
  },
];

export const report: WeeklyReport = {
  ...makeReport(usage, bundledPrices, undefined, { ownUsdPerMonth: 3 }),
  ledger,
};

/** With a replay, as it would come out. */
const played = { name: 'slo', taskHours: 700, usd: 80, attainedPercent: 99.5 };
export const replayed: WeeklyReport = {
  ...report,
  services: report.services.map((service) => ({
    ...service,
    replay: {
      slo: played,
      static: { ...played, name: 'static', usd: 100 },
      targetTracking: { ...played, name: 'targetTracking', usd: 120, attainedPercent: 90 },
      promises: [30, 60, 120].map((startWithinSeconds) => ({
        startWithinSeconds,
        usdPerMonth: 350,
        attainedPercent: 99.2,
      })),
      hours: 168,
      fromHour: 1344,
      ran: { usd: 88.7, attainedPercent: 99.7 },
      what: 'week' as const,
      tickSeconds: 10,
    },
  })),
};
