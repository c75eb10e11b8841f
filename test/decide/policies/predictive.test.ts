import { describe, expect, it } from 'vitest';
import { predictive } from '../../../lib/decide/policies/predictive.ts';
import type { PolicyOutput } from '../../../lib/decide/policies/proposal.ts';
import type { PredictivePolicy } from '../../../lib/model/policy.ts';
import type { Json } from '../../../lib/model/state.ts';
import { ask, inputFor, start, type World } from './world.ts';

const step: PredictivePolicy = { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'step' };
const full: PredictivePolicy = { ...step, mode: 'full' };
const hour = 3600;
type Load = (at: number) => NonNullable<World['signals']>;

/** Feeds a sample every 5 minutes, at a fixed count of tasks. */
const live = (policy: PredictivePolicy, hours: number, load: Load, tasks = 4): PolicyOutput => {
  let output: PolicyOutput | undefined;
  let memory: Json | undefined;
  for (let at = start; at <= start + hours * hour; at += 300) {
    output = predictive(policy, inputFor({ signals: load(at), running: tasks, now: at }, tasks, memory));
    memory = output.memory;
  }
  if (output === undefined) throw new Error('no ticks');
  return output;
};
const steady =
  (cpu: number, memory: number): Load =>
  () => ({ cpu, memory });
/** Quiet, but for one busy hour a day at this offset from the start. */
const daily =
  (busyFrom: number): Load =>
  (at) => {
    const hourOfDay = ((at - start) / hour) % 24;
    return hourOfDay >= busyFrom && hourOfDay < busyFrom + 2 ? { cpu: 90, memory: 50 } : { cpu: 30, memory: 50 };
  };

describe('predictive (requirements 2)', () => {
  it.each([
    ['CPU 76 expected: +2', steady(76, 50), 6],
    ['memory 81 expected: +2', steady(50, 81), 6],
    ['CPU 24 and memory 29 expected: −1', steady(24, 29), 3],
    ['CPU 24 and memory 30 expected: nothing', steady(24, 30), 4],
    ['CPU 75 expected: nothing', steady(75, 50), 4],
  ])('step: %s', (_, load, expected) => {
    expect(live(step, 26, load).proposal).toMatchObject({ kind: 'count', desired: expected });
  });
  it('full: the count that the forecast load needs, at 70 % CPU and 80 % memory', () => {
    expect(live(full, 26, steady(140, 50)).proposal).toMatchObject({ kind: 'count', desired: 8, forecast: true });
    expect(live(full, 26, steady(10, 160)).proposal).toMatchObject({ kind: 'count', desired: 8 });
  });
  it('full: active jobs by the slots of a task', () => {
    expect(live(full, 26, () => ({ activeJobs: 19 })).proposal).toMatchObject({ kind: 'count', desired: 10 });
  });
  it('knows the hour: it rises before the daily peak and not after it', () => {
    const before = live(full, 3 * 24 + 8 - 0.25, daily(8)).proposal;
    const after = live(full, 3 * 24 + 12, daily(8)).proposal;
    expect(before).toMatchObject({ desired: 6 });
    expect(live(full, 3 * 24 + 7, daily(8)).proposal).toMatchObject({ desired: 3 });
    expect(after).toMatchObject({ desired: 3 });
  });
  it.each([
    ['less than 24 h', live(step, 23, steady(90, 90))],
    ['noise that no forecast can follow', live(step, 48, (at) => ({ cpu: (at / 300) % 2 < 1 ? 5 : 95, memory: 50 }))],
  ])('abstains: %s', (_, { proposal }) => {
    expect(proposal).toMatchObject({ code: 'predictiveWait', desired: 4, abstains: true });
  });
  it('fewer than 10 samples: abstains even after 24 h', () => {
    let memory: Json | undefined;
    let output: PolicyOutput | undefined;
    for (const at of [0, 1, 2, 25, 26]) {
      output = predictive(step, inputFor({ signals: { cpu: 90, memory: 90 }, now: start + at * hour }, 4, memory));
      memory = output.memory;
    }
    expect(output?.proposal).toMatchObject({ abstains: true });
    expect(output?.proposal.text).toContain('10 are needed');
  });
  it('cannot tell without any signal', () => {
    expect(predictive(step, inputFor({}, 4)).proposal.kind).toBe('unknown');
  });
  it('never keeps a fleet up while it only learns, and never pulls below the reactive policy', () => {
    const reactive = { type: 'backlogPerTask', target: 10 } as const;
    const learning = ask({ type: 'max', of: [reactive, step] }, 5, { visible: 10, signals: { cpu: 50, memory: 50 } });
    expect(learning.proposal).toMatchObject({ desired: 1 });
    const idle = live(step, 26, steady(10, 10)).memory as Json;
    const world: World = { visible: 35, signals: { cpu: 10, memory: 10 }, running: 5, now: start + 26 * hour + 60 };
    for (const type of ['max', 'any', 'all'] as const) {
      const asked = ask({ type, of: [reactive, step] }, 5, world, { 'of.1': idle });
      expect(asked.proposal).toMatchObject({ kind: 'count', desired: 4 });
    }
  });
  it('remembers no more after 30 days than after 8', () => {
    const size = (days: number) => JSON.stringify(live(full, days * 24, daily(8)).memory).length;
    expect(size(30)).toBeLessThan(4000);
    expect(size(30)).toBeLessThan(1.1 * size(8));
  });
});
