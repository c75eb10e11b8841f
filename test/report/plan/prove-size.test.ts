import { expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { bundledPrices } from '../../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage } from '../../../lib/report/usage/usage.ts';
import { usageOf, weeksOf, workedService } from './worked-service.ts';

const weeks = 3;
const tasks = weeksOf(weeks, () => 6);
/** 480 jobs an hour of 30 s on six tasks, a third of which compute: on half the CPU they take 40 s, on at most `max` tasks. */
const computing = (max: number): FargateUsage => ({
  ...workedService(weeks),
  interruptible: false,
  multiArch: false,
  slo: { percent: 99, startWithinSeconds: 60 },
  bounds: { min: 0, max },
  hourly: {
    tasks,
    jobs: tasks.map(() => 480),
    late: tasks.map(() => 0),
    // Two thirds busy, of which a third computes.
    cpuMeanPercent: tasks.map(() => 22.2),
    cpuP99Percent: tasks.map(() => 34),
    memoryMaxPercent: tasks.map(() => 86),
  },
  arrivalsByMinute: Array.from({ length: 24 * 60 }, () => 8),
});
const sizeLine = (max: number) =>
  makePlan(usageOf([computing(max)]), bundledPrices).recommendations.find(({ kind }) => kind === 'size');

it('a smaller size is replayed on the busiest recorded day, and the line says what came out', () => {
  const line = sizeLine(20);
  expect(line?.change).toMatchObject({ to: 'size', size: { cpu: 1024 } });
  expect(line?.evidence.at(-1)?.text).toMatch(/^Its busiest recorded day, replayed: (99|100)\.\d\d % start in time/);
});

it('a size that breaks the promise in the replay is not advised: at most five tasks do not suffice for 5.3 at work', () => {
  expect(sizeLine(5)).toBeUndefined();
});
