import { describe, expect, it } from 'vitest';
import { type RecommendInput, recommend, type Tried } from '../../../lib/report/backtest/recommend.ts';

const tried = (change: Partial<Tried>): Tried => ({
  policy: 'slo',
  percent: 99,
  tasks: { min: 0, max: 1000 },
  kept: true,
  attainedPercent: 99.2,
  taskHours: 100,
  tasksPeak: 20,
  ...change,
});
const input = (change: Partial<RecommendInput>): RecommendInput => ({
  promise: { percent: 99, startWithinSeconds: 60 },
  tried: [tried({})],
  reach: [],
  hours: 73,
  usdPerTaskHour: 0.05,
  max: 1000,
  ...change,
});

const today = (taskHours: number) => ({ taskHours, kept: false, attainedPercent: 97 });

/** Goal: the cheapest setting that keeps the promise, its money right, and every "but" in words. */
describe('recommendation', () => {
  it('the cheapest that keeps it, with room above its peak, by the month', () => {
    const dearer = tried({ policy: 'static', tasks: { min: 30, max: 30 }, taskHours: 300 });
    expect(recommend(input({ tried: [dearer, tried({})], today: today(250) }))).toMatchObject({
      policy: 'slo',
      slo: { percent: 99, startWithinSeconds: 60 },
      tasks: { min: 0, max: 30 },
      usd: 5,
      usdPerMonth: 50,
      saved: { taskHours: 150, usdPerMonth: expect.closeTo(75, 9) },
      because: [expect.stringContaining('slo would have kept'), expect.stringContaining('(60 %) less than today')],
    });
  });

  it('a fixed fleet where that is cheaper: its bounds meet', () => {
    const fixed = tried({ policy: 'static', tasks: { min: 3, max: 3 }, taskHours: 90, tasksPeak: 3 });
    expect(recommend(input({ tried: [tried({}), fixed] }))).toMatchObject({
      policy: 'static',
      tasks: { min: 3, max: 3 },
    });
  });

  it('what keeps the promise goes before what is cheaper, and a harder aim is said', () => {
    const short = tried({ kept: false, attainedPercent: 98.9, taskHours: 80 });
    const harder = tried({ percent: 99.7, taskHours: 110 });
    const result = recommend(input({ tried: [short, harder] }));
    expect(result).toMatchObject({ kept: true, slo: { percent: 99.7 } });
    expect(result.because.join(' ')).toContain('aim at 99.7 %');
  });

  it('where nothing keeps it: the nearest, and the promise that can be kept', () => {
    const result = recommend(
      input({
        tried: [
          tried({ kept: false, attainedPercent: 90 }),
          tried({ kept: false, attainedPercent: 97, percent: 99.9 }),
        ],
        reach: [
          { startWithinSeconds: 60, kept: false, attainedPercent: 90, taskHours: 100, usd: 5 },
          { startWithinSeconds: 120, kept: true, attainedPercent: 99.1, taskHours: 70, usd: 3.5 },
        ],
      }),
    );
    expect(result).toMatchObject({ kept: false, attainedPercent: 97, shortestKeptSeconds: 120 });
    expect(result.because.join(' ')).toMatch(/Nothing that was tried keeps .* What can be kept is 99 % within 2 min/);
  });

  it('says so when today is cheaper, when a rival is, and when patience pays', () => {
    const reach = [{ startWithinSeconds: 300, kept: true, attainedPercent: 99.5, taskHours: 60, usd: 3 }];
    const cheapest = { name: 'keda:tuned', taskHours: 90 };
    const text = recommend(input({ today: today(80), cheapest, reach })).because.join(' ');
    expect(text).toContain('20.0 task-hours more than today, which kept only 97.00 %');
    expect(text).toContain('keda:tuned would have kept it for 90.0 task-hours, 10 % less');
    expect(text).toContain('With 5 min instead of 60 s it would take 40 % less');
  });

  it('never goes above the limit that it was given', () => {
    const result = recommend(input({ tried: [tried({ tasksPeak: 40 })], max: 50 }));
    expect(result.tasks).toEqual({ min: 0, max: 50 });
    expect(result.because.join(' ')).toContain('leaves little room');
  });
});
