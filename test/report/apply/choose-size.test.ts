import { describe, expect, it } from 'vitest';
import { type AppliedEntry, type AppliedSize, appliedText, sizeBarredSeconds } from '../../../lib/model/applied.ts';
import type { ServicePlan, TaskSize } from '../../../lib/model/plan.ts';
import { applyAdvice } from '../../../lib/report/apply/apply-advice.ts';
import { quietHoursOf } from '../../../lib/report/apply/choose-size.ts';
import { withApplied } from '../../../lib/report/apply/with-applied.ts';
import type { Recommendation } from '../../../lib/report/plan/advice.ts';
import type { FargateUsage, Usage } from '../../../lib/report/usage/usage.ts';
import { configuredMark } from '../../../lib/schedule/configured-mark.ts';
import { smallUsage } from '../../deliver/small-usage.ts';
import { planOf } from '../../tick/world.ts';
import { adviceLine } from './advice-line.ts';

/** Goal: at most one size a week, between the bounds, with enough seen, proved, and none that did worse. Method: tables. */
const now = Date.parse('2026-11-23T00:00:00Z') / 1000;
const day = 86_400;
const hours = 336;
const half: TaskSize = { cpu: 512, memoryMiB: 1024 };
const quarter: TaskSize = { cpu: 256, memoryMiB: 512 };
const double: TaskSize = { cpu: 512, memoryMiB: 2048 };
const plan = planOf('convert', { autoSize: { min: quarter, max: { cpu: 1024, memoryMiB: 4096 } } });

const usageWith = (more: Partial<FargateUsage> = {}, hourly: Partial<FargateUsage['hourly']> = {}): Usage => {
  const usage = smallUsage(now);
  const all = (value: number) => new Array<number>(hours).fill(value);
  return {
    ...usage,
    from: now - hours * 3600,
    hours,
    services: usage.services.map((service) => ({
      ...service,
      size: half,
      slo: { percent: 99, startWithinSeconds: 60 },
      serviceSeconds: { mean: 2, p99: 9 },
      ...more,
      hourly: {
        tasks: all(5),
        jobs: all(100),
        late: all(0),
        cpuP99Percent: all(30),
        memoryMaxPercent: all(30),
        ...hourly,
      },
    })),
  };
};
const advice = (size: TaskSize, expected?: Recommendation['expected']): Recommendation =>
  adviceLine(now + 28 * day, {
    id: 'size:convert',
    kind: 'size',
    title: 'convert: smaller',
    change: { to: 'size', size },
    evidence: [{ text: 'The busiest minutes took 30 % of the CPU.' }],
    ...(expected && { expected }),
    risk: 'medium',
  });
const chosen = (size: TaskSize, more: Partial<AppliedSize> = {}): AppliedSize => ({
  advice: 'size:convert',
  at: now - 7 * day,
  by: 'report',
  byItself: true,
  fields: configuredMark(plan, 'size'),
  size,
  before: half,
  from: now - 6 * day,
  quietHours: [3],
  timeZone: 'UTC',
  lateShareBefore: 0,
  ...more,
});
const outcome = (
  entry: AppliedEntry | undefined,
  line: Recommendation | undefined,
  { usage = usageWith(), over = plan }: { readonly usage?: Usage; readonly over?: ServicePlan } = {},
) => {
  const input = { plans: [over], applied: entry === undefined ? {} : { convert: appliedText(entry) } };
  const { entries, actions } = applyAdvice(input, line ? [line] : [], withApplied(usage, input));
  return { entry: entries.convert, actions: actions.map(({ what }) => what), text: actions[0]?.text };
};
const proved = { slowdown: 1.5, isProved: true };

describe('a size that is advised', () => {
  it('is chosen, with what is expected of it, the hours that are quiet, and from noon on', () => {
    const { entry, actions, text } = outcome(undefined, advice(quarter, proved));
    expect(actions).toEqual(['applied']);
    expect(text).toBe(
      'convert: 0.5 vCPU / 1 GB → 0.25 vCPU / 0.5 GB, in the next quiet hour. The busiest minutes took 30 % of the CPU.',
    );
    expect(entry?.size).toMatchObject({
      advice: 'size:convert',
      byItself: true,
      size: quarter,
      before: half,
      from: now + day / 2,
      seconds: { before: 2, expected: 3 },
      lateShareBefore: 0,
    });
    expect(entry?.size?.quietHours).toHaveLength(42);
  });

  const at = (more: Partial<FargateUsage>, hourly = {}) => ({ usage: usageWith(more, hourly) });
  const onQuarter = { size: quarter, sizeSince: now - 6 * day };
  it.each<[string, AppliedEntry | undefined, Recommendation, Parameters<typeof outcome>[2], string]>([
    ['outside the bounds', undefined, advice({ cpu: 2048, memoryMiB: 4096 }), {}, 'outside the bounds'],
    [
      'longer jobs that no replay bears out',
      undefined,
      advice(quarter, { slowdown: 1.5, isProved: false }),
      {},
      'no recorded minutes',
    ],
    [
      'a week is not over',
      { size: chosen(quarter, { at: now - 6 * day }) },
      advice(half),
      at(onQuarter),
      'less than a week ago',
    ],
    [
      'it did worse of late',
      { barred: [{ advice: 'size:convert 256/512', until: now + 1, because: 'x' }] },
      advice(quarter, proved),
      {},
      'did worse of late',
    ],
    ['the tasks do not have the last one yet', { size: chosen(quarter) }, advice(double), {}, 'do not have the size'],
    [
      'little is known of the present one',
      undefined,
      advice(quarter, proved),
      at({ sizeSince: now - 4 * day }),
      'fewer than 120 hours',
    ],
    [
      'a person chose',
      { size: { ...chosen(quarter), by: 'ann', byItself: undefined } as unknown as AppliedSize },
      advice(double),
      at(onQuarter),
      'ann has chosen',
    ],
  ])('is withheld where %s', (_, entry, line, more, because) => {
    const { entry: afterwards, actions, text } = outcome(entry, line, more);
    expect([afterwards, actions]).toEqual([undefined, ['withheld']]);
    expect(text).toContain(because);
  });

  it('waits where another one was given up this week', () => {
    const until = now + sizeBarredSeconds - 6 * day;
    const entry = { barred: [{ advice: 'size:convert 512/2048', until, because: 'x' }] };
    expect(outcome(entry, advice(quarter, proved))).toMatchObject({ entry: undefined, actions: ['undone'] });
    const earlier = { barred: [{ advice: 'size:convert 512/2048', until: until - 2 * day, because: 'x' }] };
    expect(outcome(earlier, advice(quarter, proved)).actions).toEqual(['applied']);
  });

  it('is nothing without the opt-in, and nothing where the size is right', () => {
    const { autoSize: _, ...fixed } = plan;
    expect(outcome(undefined, advice(quarter, proved), { over: fixed }).actions).toEqual([]);
    expect(outcome(undefined, advice(half)).actions).toEqual([]);
    expect(outcome(undefined, undefined).actions).toEqual([]);
  });
});

describe('what has too little', () => {
  it.each<[string, Partial<FargateUsage['hourly']>, TaskSize | undefined]>([
    ['memory at 86 %: the next one that holds it', { memoryMaxPercent: new Array<number>(hours).fill(86) }, double],
    ['memory at 85 %', { memoryMaxPercent: new Array<number>(hours).fill(85) }, undefined],
    ['CPU at 95 %: the next CPU', { cpuP99Percent: new Array<number>(hours).fill(95) }, { cpu: 1024, memoryMiB: 2048 }],
    ['CPU at 90 %', { cpuP99Percent: new Array<number>(hours).fill(90) }, undefined],
  ])('%s', (_, hourly, size) => {
    const { entry } = outcome(undefined, undefined, { usage: usageWith({}, hourly) });
    expect(entry?.size?.size).toEqual(size);
    if (size) expect(entry?.size?.seconds?.expected).toBe(2);
  });

  it('goes before advice to make it smaller, and stops at the bounds', () => {
    const full = { memoryMaxPercent: new Array<number>(hours).fill(95) };
    expect(outcome(undefined, advice(quarter, proved), { usage: usageWith({}, full) }).entry?.size?.size).toEqual(
      double,
    );
    const tight = { ...plan, autoSize: { min: quarter, max: half } };
    expect(outcome(undefined, undefined, { usage: usageWith({}, full), over: tight }).entry).toBeUndefined();
  });
});

describe('a size that is given up', () => {
  const worse = () =>
    usageWith(
      { size: quarter, sizeSince: now - 6 * day },
      { late: Array.from({ length: hours }, (_, h) => (h >= hours - 160 ? 3 : 0)) },
    );

  it('by the week after: the one before holds at once, and it is barred for four weeks', () => {
    const { entry, actions, text } = outcome({ size: chosen(quarter) }, advice(double), { usage: worse() });
    expect(actions).toEqual(['undone']);
    expect(text).toContain('size:convert was given up: 2.86 % of the jobs were late since');
    expect(entry).toEqual({
      barred: [{ advice: 'size:convert 256/512', until: now + sizeBarredSeconds, because: expect.any(String) }],
    });
  });

  it('goes back to the one before it, which need not be that of the config', () => {
    const { entry } = outcome({ size: chosen(quarter, { before: double }) }, undefined, { usage: worse() });
    expect(entry?.size).toMatchObject({ size: double, from: now });
    expect(entry?.size).not.toHaveProperty('seconds');
    expect(entry?.size?.quietHours).toHaveLength(168);
  });

  it('by the tick in between: the report tells it', () => {
    const until = now - 2 * day + sizeBarredSeconds;
    const entry = {
      barred: [{ advice: 'size:convert 256/512', until, because: 'its tasks use 93 % of their memory' }],
    };
    const { actions, text } = outcome(entry, undefined);
    expect([actions, text]).toEqual([
      ['undone'],
      'size:convert 256/512 was given up: its tasks use 93 % of their memory. It is left alone for four weeks.',
    ]);
  });
});

describe('quiet hours', () => {
  it('are the 42 of the local week with the fewest jobs', () => {
    // Jobs on working days from 06:00 to 24:00 in Copenhagen, an hour ahead of UTC.
    const from = Date.parse('2026-11-02T00:00:00Z') / 1000;
    const jobs = Array.from({ length: 504 }, (_, h) => {
      const local = h + 1;
      return Math.floor(local / 24) % 7 < 5 ? (local % 24 >= 6 ? 100 : 10 + (local % 24)) : 50;
    });
    const quiet = quietHoursOf(jobs, from, 'Europe/Copenhagen');
    const nights = [0, 1, 2, 3, 4].flatMap((weekday) => [0, 1, 2, 3, 4, 5].map((hour) => weekday * 24 + hour));
    expect(quiet).toHaveLength(42);
    expect(quiet.filter((hour) => hour < 120)).toEqual(nights);
  });

  it('are all where nobody counted', () => {
    expect(quietHoursOf(undefined, 0, 'UTC')).toHaveLength(168);
  });
});

describe('what the plan sees', () => {
  it('of sizes: those between the bounds that did not do worse of late', () => {
    const applied = {
      convert: appliedText({ barred: [{ advice: 'size:convert 256/512', until: now + 1, because: '' }] }),
    };
    const over = { ...plan, autoSize: { min: quarter, max: half } };
    expect(withApplied(usageWith(), { plans: [over], applied }).services[0]?.sizes).toEqual([
      { cpu: 256, memoryMiB: 1024 },
      half,
    ]);
  });

  it('of minimums: the applied ones from their hour on', () => {
    const over = planOf('convert', { tasks: { min: 5, max: 9 }, apply: { schedule: true, minMax: true, downTo: 0 } });
    const fields = configuredMark(over, 'minMax');
    const minMax = { advice: 'a', at: now - 7200, by: 'report', byItself: true, fields, min: 2 } as const;
    const usage = withApplied(usageWith({ bounds: over.tasks }), {
      plans: [over],
      applied: { convert: appliedText({ minMax }) },
    });
    expect(usage.services[0]?.hourly.min?.slice(-4)).toEqual([5, 5, 2, 2]);
  });
});
