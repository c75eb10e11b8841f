import { describe, expect, it } from 'vitest';
import type { AppliedEntry, AppliedSchedule } from '../../../lib/model/applied.ts';
import { appliedText } from '../../../lib/model/applied.ts';
import type { ServicePlan } from '../../../lib/model/plan.ts';
import { applyAdvice, barredSeconds } from '../../../lib/report/apply/apply-advice.ts';
import type { Change, Recommendation } from '../../../lib/report/plan/advice.ts';
import type { FargateUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { configuredMark } from '../../../lib/schedule/configured-mark.ts';
import { smallUsage } from '../../deliver/small-usage.ts';
import { planOf } from '../../tick/world.ts';
import { adviceLine } from './advice-line.ts';

/** Goal: the report applies what the config lets it, once, and takes back what did worse. Method: one service, two weeks. */
const now = Date.parse('2026-11-23T00:00:00Z') / 1000;
const day = 86_400;
const apply = { schedule: true, minMax: true, downTo: 0 };
const plan = planOf('convert', { tasks: { min: 5, max: 20 }, apply });
const minimums = { to: 'minimums', from: 8, until: 18, business: 3, offHours: 1, rest: 0, timeZone: 'UTC' } as const;

const line = (change: Change = minimums, more: Partial<Recommendation> = {}): Recommendation =>
  adviceLine(now + 28 * day, {
    id: `${change.to === 'bounds' ? 'minMax' : 'schedule'}:convert`,
    kind: 'schedule',
    title: 'convert: a lower minimum while it is quiet',
    change,
    ...more,
  });

/** Two weeks at 100 jobs an hour; late ones by hour from the end. */
const usageWith = (lateAt: (hoursAgo: number) => number = () => 0, more: Partial<FargateUsage> = {}): Usage => {
  const usage = smallUsage(now);
  const hours = 336;
  return {
    ...usage,
    from: now - hours * 3600,
    hours,
    services: usage.services.map((service) => ({
      ...service,
      slo: { percent: 99, startWithinSeconds: 60 },
      hourly: {
        tasks: new Array<number>(hours).fill(5),
        jobs: new Array<number>(hours).fill(100),
        late: Array.from({ length: hours }, (_, h) => lateAt(hours - h)),
      },
      ...more,
    })),
  };
};
const outcome = (
  entry: AppliedEntry | undefined,
  lines: readonly Recommendation[],
  { usage = usageWith(), over = plan }: { readonly usage?: Usage; readonly over?: ServicePlan } = {},
) => {
  const { entries, actions } = applyAdvice(
    { plans: [over], applied: entry === undefined ? {} : { convert: appliedText(entry) } },
    lines,
    usage,
  );
  return { entry: entries.convert, actions: actions.map(({ what }) => what), texts: actions.map(({ text }) => text) };
};
const appliedAgo = (seconds: number, more: Partial<AppliedSchedule> = {}): AppliedEntry => {
  const { to: _, ...values } = minimums;
  const fields = configuredMark(plan, 'schedule');
  const mark = { advice: 'schedule:convert', at: now - seconds, by: 'report', byItself: true, fields } as const;
  return { schedule: { ...mark, ...values, lateShareBefore: 0, ...more } };
};

describe('new advice', () => {
  it('is applied where the config lets it, with who, when, and the share of late jobs before', () => {
    const { entry, actions, texts } = outcome(undefined, [line()], { usage: usageWith(() => 0.5) });
    expect(entry).toEqual(appliedAgo(0, { lateShareBefore: 0.005 }));
    expect(actions).toEqual(['applied']);
    expect(texts[0]).toContain(
      'Minimums are 3 on working days 08:00 to 18:00, 1 in their other hours and 0 on days off',
    );
  });

  it('other bounds go beside it', () => {
    const { entry, actions } = outcome(appliedAgo(7 * day), [line({ to: 'bounds', max: 12 })]);
    expect(entry?.minMax).toMatchObject({ advice: 'minMax:convert', max: 12 });
    expect(entry?.schedule).toBeDefined();
    expect(actions).toEqual(['applied']);
  });

  it.each<[string, Recommendation, Partial<ServicePlan>]>([
    ['the config does not let it', line(), { apply: { ...apply, schedule: false } }],
    ['there is no opt-in at all', line(), { apply: undefined } as unknown as Partial<ServicePlan>],
    ['it cannot be taken back', line(minimums, { reversible: false }), {}],
    ['the evidence is thin', line(minimums, { confidence: 'low' }), {}],
    [
      'it is a purchase',
      line({ to: 'commitment', kind: 'computeSavingsPlan', years: 1, payment: 'none', feeUsdPerHour: 1 }),
      {},
    ],
    ['it is a database size', line({ to: 'class', type: 'db.r5.large', engine: 'mysql' }), {}],
    ['it is a size, and the config has no automatic one', line({ to: 'size', size: { cpu: 256, memoryMiB: 512 } }), {}],
    ['it is another service', line(minimums, { resource: 'scan' }), {}],
  ])('is not applied when %s', (_, advice, change) => {
    expect(outcome(undefined, [advice], { over: { ...plan, ...change } })).toEqual({
      entry: undefined,
      actions: [],
      texts: [],
    });
  });

  it('that would change nothing within the limits is withheld, and told', () => {
    const over = { ...plan, apply: { ...apply, downTo: 5 } };
    const { entry, actions, texts } = outcome(undefined, [line()], { over });
    expect([entry, actions]).toEqual([undefined, ['withheld']]);
    expect(texts[0]).toContain('no minimum may go below 5 ("tasks.appliedMin")');
  });

  it('that is in force already is not applied again; other values take its place', () => {
    expect(outcome(appliedAgo(7 * day), [line()])).toEqual({ entry: undefined, actions: [], texts: [] });
    const { entry } = outcome(appliedAgo(7 * day), [line({ ...minimums, business: 2 })]);
    expect(entry).toEqual(appliedAgo(0, { business: 2 }));
  });

  it('takes the place of the same advice in another form', () => {
    const { entry } = outcome(appliedAgo(7 * day), [line({ to: 'bounds', min: 1 }, { id: 'schedule:convert' })]);
    expect(entry).toEqual({ minMax: { ...outcome(undefined, []).entry, ...entry?.minMax, min: 1 } });
  });

  it('never replaces what a person applied', () => {
    const { byItself: _, ...byHand } = appliedAgo(day).schedule as AppliedSchedule;
    expect(outcome({ schedule: { ...byHand, by: 'ann', rest: 2 } }, [line()]).entry).toBeUndefined();
  });

  it('that was taken back waits for its time', () => {
    const barred = [{ advice: 'schedule:convert', until: now + 1, because: 'ann took it back' }];
    expect(outcome({ barred }, [line()]).entry).toBeUndefined();
    const over = [{ advice: 'schedule:convert', until: now, because: 'ann took it back' }];
    expect(outcome({ barred: over }, [line()]).entry).toEqual(appliedAgo(0));
  });

  it('an entry that does not read is left to people', () => {
    const { entries } = applyAdvice({ plans: [plan], applied: { convert: 'x' } }, [line()], usageWith());
    expect(entries).toEqual({});
  });
});

describe('the week after', () => {
  /** 3 of 100 jobs late in the hours since. */
  const worse = (since: number) => usageWith((hoursAgo) => (hoursAgo <= since / 3600 ? 3 : 0));

  it('worse than promised and than before: it is taken back, and nothing new is tried that week', () => {
    const { entry, actions, texts } = outcome(appliedAgo(7 * day), [line({ to: 'bounds', max: 9 })], {
      usage: worse(7 * day),
    });
    expect(actions).toEqual(['undone']);
    expect(texts[0]).toContain('3.00 % of the jobs were late since, 0.00 % before');
    expect(entry).toEqual({
      barred: [
        {
          advice: 'schedule:convert',
          until: now + barredSeconds,
          because: '3.00 % of the jobs were late since, 0.00 % before',
        },
      ],
    });
  });

  it.each<[string, AppliedEntry, Usage]>([
    ['kept its promise', appliedAgo(7 * day), usageWith()],
    ['broke it no more than before', appliedAgo(7 * day, { lateShareBefore: 0.03 }), worse(7 * day)],
    ['is not a day old', appliedAgo(day - 3600), worse(day)],
    ['is long ago: something else is wrong', appliedAgo(16 * day), worse(7 * day)],
    [
      'had four late jobs',
      appliedAgo(2 * day),
      usageWith((ago) => (ago <= 4 ? 1 : 0), { slo: { percent: 99.99, startWithinSeconds: 60 } }),
    ],
  ])('it stays when it %s', (_, entry, usage) => {
    expect(outcome(entry, [], { usage })).toEqual({ entry: undefined, actions: [], texts: [] });
  });

  it('what a person applied is theirs to take back', () => {
    const { byItself: _, ...byHand } = appliedAgo(7 * day).schedule as AppliedSchedule;
    expect(outcome({ schedule: { ...byHand, by: 'ann' } }, [], { usage: worse(7 * day) }).actions).toEqual([]);
  });

  it('a config that has changed wins, and the entry is cleared', () => {
    const over = { ...plan, tasks: { min: 4, max: 20 } };
    const { entry, actions } = outcome(appliedAgo(7 * day), [], { over });
    expect([entry, actions]).toEqual([{}, ['dropped']]);
  });

  it('the same week twice is the same', () => {
    const first = outcome(undefined, [line()]);
    expect(outcome(undefined, [line()])).toEqual(first);
    expect(outcome(first.entry, [line()]).entry).toBeUndefined();
  });
});
