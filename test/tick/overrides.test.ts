import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/decide/decide.ts';
import type { DecisionRecord } from '../../lib/model/decision.ts';
import type { Overrides } from '../../lib/observe/overrides.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { planMark } from '../../lib/tick/plan-mark.ts';
import { bindingOf, planOf, start, World } from './world.ts';

/** Rules, so that each count is easy to foresee: one task for ten jobs. */
const policy = { type: 'backlogPerTask', target: 10 } as const;
const convert = bindingOf('convert', { policy, tasks: { min: 1, max: 20 } });
const scan = bindingOf('scan', { policy, tasks: { min: 1, max: 20 } });

const worldWith = (overrides: Overrides): World => {
  const world = new World([convert, scan]);
  world.overrides = overrides;
  for (const service of ['convert', 'scan']) {
    world.visible.set(service, 100);
    world.desired.set(service, 2);
  }
  return world;
};
const codesOf = (world: World): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    world.journal.map(({ decision }) => [
      decision.service,
      decision.explanation.find(({ stage }) => stage === 'guard')?.code,
    ]),
  );
const real = { decide, settingsAt };

describe('what people set reaches the decision', () => {
  it('a pause of one service leaves the other alone, and its record says who', async () => {
    const world = worldWith({
      byService: { convert: { kind: 'pause', until: start + 60, by: 'ann', reason: 'move' } },
    });
    await world.tick(world.dependencies(real));
    expect(world.updates).toEqual([{ service: 'scan', desired: 10 }]);
    const record = world.journal.find(({ decision }) => decision.service === 'convert');
    expect(record?.decision).toMatchObject({ kind: 'hold', from: 2, desired: 2 });
    expect(record?.decision.summary).toContain('by ann until 2026-11-21T10:01:00Z ("move")');
    expect(record?.given).toEqual({ override: { kind: 'pause', until: start + 60, by: 'ann', reason: 'move' } });
  });

  it('what is over is ignored, whatever still lies in the table', async () => {
    const world = worldWith({ byService: { convert: { kind: 'pause', until: start } } });
    await world.tick(world.dependencies(real));
    expect(world.updates).toContainEqual({ service: 'convert', desired: 10 });
    expect(world.journal.some(({ given }) => given !== undefined)).toBe(false);
  });

  it('a hold is carried out at once, past a cooldown that would have waited', async () => {
    const slow = {
      stabilizationSeconds: 300,
      cooldownSeconds: 300,
      select: 'max',
      policies: [],
      tolerance: 0,
    } as const;
    const plan = { policy, tasks: { min: 1, max: 20 }, behavior: { scaleOut: slow, scaleIn: slow } };
    const world = new World([bindingOf('convert', plan)]);
    world.desired.set('convert', 9);
    world.overrides = { byService: { convert: { kind: 'hold', desired: 3, until: start + 60 } } };
    await world.tick(world.dependencies(real));
    expect(world.updates).toEqual([{ service: 'convert', desired: 3 }]);
  });

  it('the stop-all switch holds every service and says so in each record', async () => {
    const world = worldWith({ byService: {}, stop: { kind: 'stop', cause: 'switch' } });
    await world.tick(world.dependencies(real));
    expect(world.updates).toEqual([]);
    expect(codesOf(world)).toEqual({ convert: 'stopAll', scan: 'stopAll' });
    expect(world.journal.every(({ decision }) => decision.alerts.some(({ code }) => code === 'stopAll'))).toBe(true);
  });
});

describe('when the overrides cannot be read', () => {
  const failing = { read: () => Promise.reject(new Error('down')) };

  it('the last reading goes on holding, to its end', async () => {
    const world = worldWith({ byService: { convert: { kind: 'pause', until: start + 15 } } });
    const { memory, ...deps } = world.dependencies(real);
    await world.tick({ ...deps, memory });
    world.now += 10;
    const second = await world.tick({ ...deps, memory, overrides: failing });
    expect(second.problems).toMatchObject([{ what: 'read the overrides' }]);
    expect(world.updates.map(({ service }) => service)).not.toContain('convert');
    world.now += 10;
    await world.tick({ ...deps, memory, overrides: failing });
    expect(world.updates).toContainEqual({ service: 'convert', desired: 10 });
  });

  it('a function that never read them moves nothing', async () => {
    const world = worldWith({ byService: {} });
    await world.tick(world.dependencies({ ...real, overrides: failing }));
    expect(world.updates).toEqual([]);
    expect(codesOf(world)).toEqual({ convert: 'overridesUnread', scan: 'overridesUnread' });
  });
});

describe('what replay needs is in the records', () => {
  const journalOf = async (ticks: number, from = start): Promise<readonly DecisionRecord[]> => {
    const world = new World([convert]);
    world.now = from;
    const deps = world.dependencies(real);
    for (let i = 0; i < ticks; i++, world.now += 10) await world.tick(deps);
    return world.journal;
  };

  it('each names the tick it builds on and the plan; only the first has a state', async () => {
    const journal = await journalOf(4);
    expect(journal.map(({ after }) => after)).toEqual([0, start, start + 10, start + 20]);
    expect(journal.map(({ before }) => before !== undefined)).toEqual([true, false, false, false]);
    expect(new Set(journal.map(({ plan }) => plan))).toEqual(new Set([planMark(convert.plan)]));
  });

  it('the first tick of an hour has one too', async () => {
    const journal = await journalOf(4, start + 3600 - 20);
    expect(journal.map(({ before }) => before !== undefined)).toEqual([true, false, true, false]);
    expect(journal[2]?.before?.hot.lastTickAt).toBe(start + 3590);
  });

  it('the mark of a plan is blind to the order of its fields and to holidays, and to nothing else', () => {
    const plan = planOf('a');
    const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as typeof plan;
    expect(planMark(turned)).toBe(planMark(plan));
    expect(planMark({ ...plan, calendar: { timeZone: 'UTC', holidays: ['2026-12-24'] } })).toBe(planMark(plan));
    expect(planMark({ ...plan, calendar: { timeZone: 'Europe/Rome', holidays: [] } })).not.toBe(planMark(plan));
    expect(planMark({ ...plan, tasks: { min: 0, max: 51 } })).not.toBe(planMark(plan));
  });
});
