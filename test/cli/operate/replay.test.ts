import { beforeAll, describe, expect, it } from 'vitest';
import { countDrift } from '../../../lib/cli/operate/count-drift.ts';
import { replayLog } from '../../../lib/cli/operate/replay-log.ts';
import type { DecisionRecord } from '../../../lib/model/decision.ts';
import { bindingOf } from '../../tick/world.ts';
import { localLog } from './local-log.ts';

const behavior = {
  scaleOut: { stabilizationSeconds: 0, cooldownSeconds: 30, select: 'max', policies: [], tolerance: 0 },
  scaleIn: {
    stabilizationSeconds: 120,
    cooldownSeconds: 60,
    select: 'max',
    policies: [{ percent: 50, periodSeconds: 60 }],
    tolerance: 0.1,
  },
} as const;
const bindings = [
  bindingOf('convert', { tasks: { min: 1, max: 30 } }),
  bindingOf('scan', {
    behavior,
    flapsPerHour: 6,
    policy: {
      type: 'max',
      of: [
        { type: 'backlogPerTask', target: 4 },
        { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] },
      ],
    },
  }),
];
const ticks = 3000;
let log: readonly DecisionRecord[];
beforeAll(async () => {
  log = await localLog(bindings, ticks, 7);
});
const of = (service: string): readonly DecisionRecord[] => log.filter(({ decision }) => decision.service === service);
const planOf = (service: string) => {
  const binding = bindings.find(({ plan }) => plan.service === service);
  if (binding === undefined) throw new Error(service);
  return binding.plan;
};

describe('replay', () => {
  it('is fed with a log worth replaying', () => {
    const codes = new Set(log.flatMap(({ decision }) => decision.explanation.map(({ code }) => code)));
    expect(log.filter(({ decision }) => decision.kind === 'scale').length).toBeGreaterThan(100);
    for (const code of ['paused', 'heldByHand', 'stopAll', 'serviceUnknown', 'throttled', 'scaleInStabilized'])
      expect(codes).toContain(code);
    // A few records have the state: the first tick of each hour, cold starts and losses. The others do not need it.
    const withState = log.filter(({ before }) => before !== undefined).length;
    expect(withState).toBeGreaterThan(20);
    expect(withState).toBeLessThan(log.length / 20);
  });

  it.each(['convert', 'scan'])('%s: thousands of ticks come out as they are written, bit for bit', (service) => {
    const result = replayLog(of(service), planOf(service));
    expect(result).toMatchObject({ decided: ticks, skipped: 0, gaps: [], otherPlan: 0, differences: [] });
  });

  it('any hour stands for itself: a part of the log is as good', () => {
    const records = of('scan');
    const from = records.findIndex(({ before }, i) => i > 400 && before !== undefined);
    expect(replayLog(records.slice(from, from + 700), planOf('scan'))).toMatchObject({
      decided: 700,
      skipped: 0,
      differences: [],
    });
  });

  it('a hole in the log is told; ticks after it wait for a state, and then nothing differs', () => {
    const records = of('convert');
    const hole = records.findIndex(({ before }, i) => i > 500 && before === undefined);
    const { gaps, skipped, decided, differences } = replayLog(records.toSpliced(hole, 1), planOf('convert'));
    expect(gaps).toEqual([{ from: records[hole - 1]?.observation.now, to: records[hole + 1]?.observation.now }]);
    expect(skipped).toBeGreaterThan(0);
    expect([decided + skipped, differences]).toEqual([ticks - 1, []]);
  });

  it('a record that was tampered with is found, and only that one', () => {
    const records = of('scan');
    const index = records.findIndex(({ decision }, i) => i > 100 && decision.kind === 'keep');
    const record = records[index] as DecisionRecord;
    const [first, ...rest] = record.decision.explanation;
    const forged = {
      ...record.decision,
      explanation: [{ ...first, text: 'Because.' }, ...rest],
    } as typeof record.decision;
    const { differences } = replayLog(records.with(index, { ...record, decision: forged }), planOf('scan'));
    expect(differences).toMatchObject([{ at: record.decision.at, count: false, step: { index: 0 } }]);
  });

  it('another plan: what would differ, on the counts that really were', () => {
    const plan = { ...planOf('scan'), tasks: { min: 0, max: 5 } };
    const { differences, otherPlan, decided } = replayLog(of('scan'), plan);
    expect([otherPlan, decided]).toEqual([ticks, ticks]);
    expect(differences.length).toBeGreaterThan(100);
    expect(differences.every(({ now = 0, step }) => now <= 5 || step?.now?.code !== 'aboveCeiling')).toBe(true);
    // The replay must not take history for somebody else's doing.
    expect(differences.filter(({ step }) => step?.now?.code === 'foreignChange')).toEqual([]);
  });

  it('says how far the counts are apart: nowhere under the same plan, and in task-hours under another', () => {
    const same = replayLog(of('scan'), planOf('scan')).drift;
    expect(same).toMatchObject({ ticks, more: 0, fewer: 0 });
    expect(same.taskHours.wouldBe).toBe(same.taskHours.was);
    const { drift, shadow, differences } = replayLog(of('scan'), { ...planOf('scan'), tasks: { min: 0, max: 5 } });
    const fewer = differences.filter(({ now = 0, logged }) => now < logged).length;
    expect(drift.fewer).toBe(fewer);
    expect(drift.taskHours.wouldBe).toBeLessThan(drift.taskHours.was);
    expect(shadow).toBeUndefined();
  });

  it('a log in shadow: what was there against what would have been', () => {
    const shadowed = of('scan').map((record) => ({ ...record, decision: { ...record.decision, shadow: true } }));
    const { shadow } = replayLog(shadowed, { ...planOf('scan'), mode: 'shadow' });
    const furthest = shadow?.furthest;
    expect(shadow?.ticks).toBe(ticks);
    expect((shadow?.more ?? 0) + (shadow?.fewer ?? 0)).toBeGreaterThan(10);
    expect(Math.abs((furthest?.was ?? 0) - (furthest?.wouldBe ?? 0))).toBeGreaterThan(0);
  });
});

describe('count drift', () => {
  it('adds up the time between ticks, a hole left out', () => {
    const pairs = [
      { at: 0, was: 2, wouldBe: 1 },
      { at: 60, was: 2, wouldBe: 5 },
      { at: 7260, was: 9, wouldBe: 9 },
    ];
    expect(countDrift(pairs)).toEqual({
      ticks: 3,
      taskHours: { was: (2 * 60 + 2 * 120) / 3600, wouldBe: (60 + 5 * 120) / 3600 },
      more: 1,
      fewer: 1,
      furthest: pairs[1],
    });
  });
});
