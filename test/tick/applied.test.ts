import { describe, expect, it } from 'vitest';
import { replayLog } from '../../lib/cli/operate/replay-log.ts';
import { decide } from '../../lib/decide/decide.ts';
import type { AppliedEntry } from '../../lib/model/applied.ts';
import type { AppliedByService } from '../../lib/observe/fresh-applied.ts';
import type { Overrides } from '../../lib/observe/overrides.ts';
import { configuredMark } from '../../lib/schedule/configured-mark.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { planMark } from '../../lib/tick/plan-mark.ts';
import type { TickDependencies } from '../../lib/tick/ports.ts';
import { bindingOf, start, World } from './world.ts';

/**
 * Goal: what is applied reaches the decision, by name; a person's override and a changed config go before it; and
 * nothing that goes wrong with it stops a tick. Method: the real tick, decide and schedule; a Saturday.
 */
const policy = { type: 'backlogPerTask', target: 10 } as const;
const apply = { schedule: true, minMax: true, downTo: 0 };
const convert = bindingOf('convert', { policy, tasks: { min: 5, max: 20 }, apply });
const lower: AppliedEntry = {
  schedule: {
    advice: 'schedule:convert',
    at: start - 86_400,
    by: 'report',
    byItself: true,
    fields: configuredMark(convert.plan, 'schedule'),
    timeZone: 'UTC',
    from: 8,
    until: 18,
    business: 3,
    offHours: 1,
    rest: 0,
  },
};

const ticked = async (
  applied: AppliedByService | Error,
  { overrides = { byService: {} }, binding = convert }: { overrides?: Overrides; binding?: typeof convert } = {},
) => {
  const world = new World([binding]);
  world.overrides = overrides;
  world.desired.set('convert', 5);
  const read: NonNullable<TickDependencies['applied']>['read'] = async () => {
    if (applied instanceof Error) throw applied;
    return applied;
  };
  const deps = world.dependencies({ decide, settingsAt, applied: { read, rejectSize: async () => {} } });
  const outcome = await world.tick(deps);
  world.now += 10;
  const next = await world.tick(deps);
  const [first] = world.journal;
  return { world, outcome, next, decision: first?.decision, record: first };
};

describe('applied advice', () => {
  it('lets an idle fleet go below the configured floor, and says whose doing that is', async () => {
    const { world, decision, record } = await ticked({ convert: lower });
    expect(world.updates[0]).toEqual({ service: 'convert', desired: 0 });
    const step = decision?.explanation.find(({ code }) => code === 'appliedFloor');
    expect(step?.text).toBe('The floor is 0 tasks instead of 5 (schedule:convert, applied by report on 2026-11-20).');
    expect(record?.applied).toEqual(lower);
    expect(record?.plan).toBe(planMark(convert.plan));
  });

  it('is decided the same again from the log and the config alone', async () => {
    const { world } = await ticked({ convert: lower });
    const again = replayLog(world.journal, convert.plan);
    expect(again).toMatchObject({ decided: 2, differences: [], otherPlan: 0 });
    const without = world.journal.map(({ applied: _, ...record }) => record);
    expect(replayLog(without, convert.plan).differences.length).toBeGreaterThan(0);
  });

  it('is nothing without an entry', async () => {
    const { world, record } = await ticked({});
    expect(world.updates).toEqual([]);
    expect(record).not.toHaveProperty('applied');
  });

  it('stands back while somebody has the wheel: a hold has the configured bounds', async () => {
    const overrides: Overrides = { byService: { convert: { kind: 'hold', desired: 0, until: start + 60 } } };
    const { world, decision } = await ticked({ convert: lower }, { overrides });
    expect(world.updates).toEqual([]);
    expect(decision?.desired).toBe(5);
  });

  it('that cannot be read is a problem and no outage: the config holds', async () => {
    const { world, outcome, decision } = await ticked(new Error('down'));
    expect(outcome.problems).toMatchObject([{ what: 'read what was applied' }]);
    expect(world.updates).toEqual([]);
    expect(decision?.desired).toBe(5);
  });

  it('that does not read is told once, and is nothing', async () => {
    const { outcome, next, decision } = await ticked({ convert: 'unknown' });
    expect(outcome.problems).toMatchObject([{ what: 'applied advice', level: 'info' }]);
    expect(next.problems).toEqual([]);
    expect(decision?.desired).toBe(5);
  });

  it('that was made for other bounds falls away, is told once, and the config holds', async () => {
    const binding = bindingOf('convert', { policy, tasks: { min: 4, max: 20 }, apply });
    const { world, outcome, next } = await ticked({ convert: lower }, { binding });
    expect(outcome.problems.map(({ text }) => text)).toEqual([
      'schedule:convert is not in force: the config has other bounds or windows than those that it was made for. The config holds.',
    ]);
    expect(next.problems).toEqual([]);
    expect(world.updates).toEqual([{ service: 'convert', desired: 4 }]);
  });
});
