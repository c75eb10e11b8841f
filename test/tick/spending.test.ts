import { describe, expect, test } from 'vitest';
import { known } from '../../lib/model/observation.ts';
import { monthAt } from '../../lib/schedule/month.ts';
import { type HourCost, type ReadHourCosts, spendingOf, withSpending } from '../../lib/tick/spending.ts';
import { bindingOf, planOf, settingsOf, start, World } from './world.ts';

const hour = 3600;
const budget = { usdPerMonth: 100, at80: 'warn', at95: 'hold', at100: 'min' } as const;
const monthStart = Date.parse('2026-11-01T00:00:00Z') / 1000;
const observation = (now: number) => ({
  now,
  queues: [],
  service: known(now, { desired: 1, running: 1, pending: 0, deploymentInProgress: false, failedStarts: 0 }),
  work: known(now, { started: 0, late: 0, completed: 0, failed: 0, busySlotSeconds: 0 }),
  signals: {},
});

/** Rollups at a steady price an hour, and the reads that were made of them. */
class Costs {
  readonly reads: { scope: string; from: number }[] = [];
  usdPerHour = 0.1;

  readonly read: ReadHourCosts = async (scope, from, to) => {
    this.reads.push({ scope: scope === 'all' ? 'all' : scope.service, from });
    const hours: HourCost[] = [];
    for (let at = Math.ceil(from / hour) * hour; at < to; at += hour)
      hours.push({ at, usd: (this.usdPerHour * Math.min(hour, to - at)) / hour });
    return hours;
  };
}

describe('months', () => {
  test.each([
    ['UTC', '2026-11-21T10:00:00Z', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    ['Europe/Copenhagen', '2026-10-31T22:59:00Z', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
    ['Asia/Kathmandu', '2026-12-31T18:15:00Z', '2026-12-31T18:15:00Z', '2027-01-31T18:15:00Z'],
    ['Pacific/Apia', '2026-02-01T09:00:00Z', '2026-01-31T11:00:00Z', '2026-02-28T11:00:00Z'],
  ])('%s at %s', (zone, at, from, until) => {
    const month = monthAt(zone, Date.parse(at) / 1000);
    expect(month).toEqual({ from: Date.parse(from) / 1000, until: Date.parse(until) / 1000 });
  });
});

describe('what was spent this month', () => {
  const plan = planOf('convert', { budget });

  test('is the sum of its hours, and goes on to the end at the present rate', async () => {
    const costs = new Costs();
    const spending = await spendingOf(plan, undefined, start, costs.read);
    const { signals } = withSpending(observation(start), plan, spending);
    const hours = (start - monthStart) / hour;
    expect(signals.spentUsd).toEqual(known(start, expect.closeTo(0.1 * hours, 6)));
    expect(signals.forecastUsd).toEqual(known(start, expect.closeTo(0.1 * 720, 6)));
  });

  test('is read at most every 15 minutes, and then only what is new', async () => {
    const costs = new Costs();
    let spending = await spendingOf(plan, undefined, start, costs.read);
    for (let now = start + 10; now < start + 2 * hour; now += 10)
      spending = await spendingOf(plan, spending, now, costs.read);
    expect(costs.reads).toHaveLength(8);
    expect(costs.reads[0]?.from).toBe(monthStart);
    expect(costs.reads.slice(1).every(({ from }) => from >= start - 2 * hour)).toBe(true);
    const { signals } = withSpending(observation(start + 2 * hour), plan, spending);
    expect(signals.spentUsd).toEqual(
      known(start + 2 * hour, expect.closeTo(0.1 * ((start - monthStart) / hour + 2), 4)),
    );
  });

  test('hours that are written late are counted', async () => {
    const costs = new Costs();
    const first = await spendingOf(plan, undefined, start + 60, costs.read);
    const late: ReadHourCosts = async (scope, from, to) =>
      (await costs.read(scope, from, to)).map((one) => (one.at === start - hour ? { ...one, usd: 5 } : one));
    const second = await spendingOf(plan, first, start + 1000, late);
    expect((second.own?.usd ?? 0) - (first.own?.usd ?? 0)).toBeCloseTo(4.9 + (0.1 * 940) / hour, 6);
  });

  test('begins anew with the month, in the zone of the service', async () => {
    const zoned = planOf('convert', { budget, calendar: { timeZone: 'Europe/Copenhagen', holidays: [] } });
    const costs = new Costs();
    const end = Date.parse('2026-11-30T22:59:00Z') / 1000;
    const before = await spendingOf(zoned, undefined, end, costs.read);
    expect(before.own?.usd).toBeGreaterThan(70);
    const after = await spendingOf(zoned, before, end + 120, costs.read);
    expect(after.own?.usd).toBeLessThan(0.1);
  });

  test('is unknown until it could be read', () => {
    expect(withSpending(observation(start), plan, undefined).signals.spentUsd).toMatchObject({ known: false });
    expect(withSpending(observation(start), planOf('convert'), undefined).signals).toEqual({});
  });
});

describe('budgets in the tick', () => {
  const world = (change: object) => {
    const one = new World([bindingOf('a', change), bindingOf('b', change)]);
    one.visible.set('a', 3).set('b', 3);
    return one;
  };

  test('the decision sees the spending, and the state keeps it', async () => {
    const { read } = new Costs();
    const here = world({ budget });
    const deps = here.dependencies({ hourCosts: { read }, settingsAt: settingsOf });
    await here.tick(deps);
    expect(here.journal[0]?.observation.signals.spentUsd).toMatchObject({ known: true });
    expect(deps.memory.kept('a')?.learnt.spending?.own?.usd).toBeGreaterThan(40);
  });

  test('the shared budget is read once for all services of the tick', async () => {
    const costs = new Costs();
    const here = world({ sharedBudget: budget });
    await here.tick(here.dependencies({ hourCosts: { read: costs.read } }));
    expect(costs.reads.map(({ scope }) => scope)).toEqual(['all']);
    expect(here.journal.map((record) => record.observation.signals.sharedSpentUsd?.known)).toEqual([true, true]);
  });

  test('a failing read is reported, and the tick goes on', async () => {
    const here = world({ budget });
    const read = () => Promise.reject(new Error('down'));
    const outcome = await here.tick(here.dependencies({ hourCosts: { read } }));
    expect(outcome).toMatchObject({ kind: 'done', problems: [{ what: 'read the spending' }, {}] });
    expect(here.updates).toHaveLength(2);
    expect(here.journal[0]?.observation.signals.spentUsd).toMatchObject({ known: false });
  });
});
