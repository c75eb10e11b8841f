import { expect, it } from 'vitest';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import { usageOfRun } from '../../../lib/report/run/run-usage.ts';
import { makeReport } from '../../../lib/report/weekly/weekly-report.ts';
import { jobs, runRecord, serviceRun } from './run-fixture.ts';

const run = serviceRun({
  jobs: jobs({ submitted: 4, done: 4 }),
  starts: [0, 10, 20, 30].map((sentT) => ({ queue: 'thumbnails', sentT, waitSeconds: sentT === 30 ? 11 : 1 })),
  tasks: [
    { startedT: 0, stoppedT: 90 },
    { startedT: 30, stoppedT: 120 },
  ],
});

it('a run becomes usage: task-hours, jobs by hour, and the late ones', () => {
  const usage = usageOfRun(runRecord({ services: [run], endedT: 120 }));
  const service = usage.services[0];
  expect(usage.hours).toBe(1);
  expect(service?.hourly.tasks[0]).toBeCloseTo(180 / 3600, 9);
  expect(service?.hourly.jobs).toEqual([4]);
  expect(service?.hourly.late).toEqual([1]);
});

it('a run is no history: its report tells and advises nothing', () => {
  const report = makeReport(usageOfRun(runRecord({ services: [run], endedT: 120 })), bundledPrices);
  expect(report.services[0]?.slo?.attainedPercent).toBe(75);
  expect(report.plan.recommendations).toEqual([]);
  expect(report.plan.savingUsdPerMonth).toBe(0);
});
