import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HourIncrement, hourName, incrementsOf, mergeIncrements } from '../../lib/act/usage-increment.ts';
import { fargatePrice, usdOfTasks } from '../../lib/report/fargate-price.ts';

const size = { cpu: 512, memoryMiB: 1024 };
const price = fargatePrice('us-east-1', 'x86');
const at = (text: string) => Date.parse(text) / 1000;
const base = { arrivals: 0, tasks: 2, scaled: 'no', size, price } as const;

test('a span over an hour is cut there', () => {
  const span = { ...base, from: at('2026-11-21T10:59:50Z'), to: at('2026-11-21T11:00:10Z'), scaled: 'out' as const };
  expect(incrementsOf({ ...span, arrivals: 10 })).toMatchObject([
    { hour: '2026-11-21T10', arrivals: { 59: 5 }, taskSeconds: { '512/1024': 20 }, observedSeconds: 10, scaleOuts: 0 },
    { hour: '2026-11-21T11', arrivals: { 0: 5 }, taskSeconds: { '512/1024': 20 }, observedSeconds: 10, scaleOuts: 1 },
  ]);
});

test('the first tick counts its arrivals and no task-seconds', () => {
  const now = at('2026-11-21T10:05:00Z');
  expect(incrementsOf({ ...base, from: now, to: now, arrivals: 3 })).toMatchObject([
    { arrivals: { 5: 3 }, taskSeconds: {}, observedSeconds: 0 },
  ]);
});

test('an unknown task count is not observed, rather than zero', () => {
  const { tasks: _, ...unknown } = base;
  const [increment] = incrementsOf({ ...unknown, from: 3600, to: 3610 });
  expect(increment).toMatchObject({ taskSeconds: {}, observedSeconds: 0, usd: 0 });
});

test('after a silence only the last quarter of an hour is taken for observed', () => {
  const all = incrementsOf({ ...base, from: 0, to: 90_000 });
  expect(all.reduce((sum, one) => sum + one.observedSeconds, 0)).toBe(900);
});

test('a task-hour of half a vCPU and 1 GiB costs what the price list says', () => {
  expect(price && usdOfTasks(size, 3600, price)).toBeCloseTo(0.04048 / 2 + 0.004445, 10);
});

test.each(['', 'mars-north-1', 'constructor', 'eu-central-1'])('no price of arm64 in %j: none is guessed', (region) => {
  expect(fargatePrice(region, 'arm64')).toBeUndefined();
});

test('cutting a time into ticks or hours changes no sum', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 8000 }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(cuts, fc.integer({ min: 0, max: 5000 }), (times, arrivals) => {
      const sorted = times.toSorted((a, b) => a - b).map((second) => 3000 + second);
      const all = sorted.slice(1).flatMap((to, i) => incrementsOf({ ...base, from: sorted[i] ?? to, to, arrivals }));
      const sum = all.reduce((a, b) => mergeIncrements(a, { ...b, hour: a.hour }), nothing);
      const observed = sorted.slice(1).reduce((total, to, i) => total + Math.min(900, to - (sorted[i] ?? to)), 0);
      const minutes = Object.values(sum.arrivals);
      expect(minutes.reduce((a, b) => a + b, 0)).toBe(arrivals * (sorted.length - 1));
      expect(minutes.every(Number.isInteger)).toBe(true);
      expect(sum.observedSeconds).toBeCloseTo(observed, 6);
      expect(sum.taskSeconds['512/1024'] ?? 0).toBeCloseTo(2 * observed, 6);
      for (const { hour } of all) expect(hour).toBe(hourName(at(`${hour}:00:00Z`)));
    }),
  );
});

const nothing: HourIncrement = {
  hour: '',
  arrivals: {},
  taskSeconds: {},
  usd: 0,
  observedSeconds: 0,
  scaleOuts: 0,
  scaleIns: 0,
};
