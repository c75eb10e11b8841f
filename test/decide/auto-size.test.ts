import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resize } from '../../lib/decide/resize.ts';
import type { AppliedSize } from '../../lib/model/applied.ts';
import { known, type Observation, type ServiceCounts, unknown } from '../../lib/model/observation.ts';
import type { Settings, TaskSize } from '../../lib/model/plan.ts';
import { freshLearnt, type LearntState, type SizeTrial } from '../../lib/model/state.ts';
import { settingsWith } from './service.ts';

/**
 * Goal: a chosen size goes in when it is quiet, is watched for a week, and goes back at once when it does worse.
 * Method: tables of one tick, a run of ticks that carries the state along, and laws over random evidence.
 */
const small: TaskSize = { cpu: 256, memoryMiB: 512 };
const large: TaskSize = { cpu: 512, memoryMiB: 1024 };
const from = 1_000_000;
const hour = 3600;
const day = 24 * hour;
const choice: AppliedSize = {
  advice: 'size:convert',
  at: from - day,
  by: 'report',
  byItself: true,
  fields: 'x',
  size: small,
  before: large,
  from,
  quietHours: [3],
  timeZone: 'UTC',
  seconds: { before: 2, expected: 3 },
};
const definitionOf = (size: TaskSize) =>
  ({ name: `d${size.cpu}:1`, origin: 'template', size }) as const satisfies ServiceCounts['taskDefinition'];

interface Look {
  readonly now?: number;
  readonly present?: TaskSize;
  readonly quiet?: boolean;
  readonly deploying?: boolean;
  readonly failedStarts?: number;
  readonly memory?: number;
  readonly jobs?: number;
  readonly seconds?: number;
  readonly learnt?: Partial<LearntState>;
  readonly applied?: NonNullable<Settings['applied']>;
}

const look = ({ now = from, present = large, quiet = true, deploying = false, failedStarts = 0, ...more }: Look) => {
  const { memory, jobs = 0, seconds = 3, learnt = {}, applied = { size: choice } } = more;
  const service: ServiceCounts = {
    desired: 5,
    running: 5,
    pending: 0,
    deploymentInProgress: deploying,
    failedStarts,
    taskDefinition: definitionOf(present),
  };
  const observation: Observation = {
    now,
    queues: [],
    service: known(now, service),
    work: known(now, {
      started: jobs,
      late: 0,
      completed: jobs,
      failed: 0,
      busySlotSeconds: 0,
      serviceSeconds: jobs * seconds,
    }),
    signals: { memory: memory === undefined ? unknown('missing') : known(now, memory) },
  };
  const settings = settingsWith({ size: now >= from ? small : large, applied, quietHour: quiet });
  return resize(settings, '', service, observation, { ...freshLearnt(0), ...learnt }, now);
};
const trial = (more: Partial<SizeTrial> = {}): Partial<LearntState> => ({
  sizeTrial: { of: from, since: from + 60, completed: 0, serviceSeconds: 0, ...more },
});
const past = (seconds: number): number => from + 60 + seconds;

describe('the way to it', () => {
  it.each<[string, Look, string | undefined]>([
    ['before its time nothing happens', { now: from - 1 }, undefined],
    ['in a quiet hour it goes in', {}, 'resize'],
    ['in a busy one it waits', { quiet: false }, 'sizeWaitsForQuiet'],
    ['a deployment goes first', { deploying: true }, 'sizeWaits'],
    ['what is there stays in a busy hour', { present: small, quiet: false }, undefined],
    ['nobody knows what was applied: it stays whatever it is', { applied: { sizeUnknown: true } }, undefined],
    ['… also on the other size', { applied: { sizeUnknown: true }, present: small }, undefined],
  ])('%s', (_, given, code) => {
    const decided = look(given);
    expect(decided.step?.code).toBe(code);
    expect(decided.from !== undefined).toBe(code === 'resize');
    if (code === 'resize') expect(decided.step?.text).toContain('as the weekly report chose');
  });
});

describe('the trial', () => {
  const enough = { completed: 300, serviceSeconds: 300 * 3 };
  it.each<[string, Look, string | undefined]>([
    ['memory at the guard', { memory: 90, learnt: trial() }, '90 % of their memory'],
    ['memory below it', { memory: 89.9, learnt: trial() }, undefined],
    ['memory not known', { learnt: trial() }, undefined],
    ['memory while old tasks still run', { memory: 95, deploying: true, learnt: trial({ since: 0 }) }, undefined],
    ['three tasks that do not start, in the deployment', { failedStarts: 3, deploying: true }, '3 tasks in a row'],
    ['two', { failedStarts: 2, deploying: true }, undefined],
    [
      'twice as long within the hour',
      { now: past(hour - 1), learnt: trial({ completed: 300, serviceSeconds: 2000 }) },
      undefined,
    ],
    [
      'more than twice as long after an hour',
      { now: past(hour), learnt: trial({ completed: 300, serviceSeconds: 1801 }) },
      'a job takes 6.00 s on it (300 jobs) where 3.00 s were expected',
    ],
    [
      'half as long again after an hour',
      { now: past(hour), learnt: trial({ completed: 300, serviceSeconds: 1350 }) },
      undefined,
    ],
    [
      '… and after a day',
      { now: past(day), learnt: trial({ completed: 300, serviceSeconds: 1350 }) },
      'a job takes 4.50 s',
    ],
    [
      'a quarter is within the margin',
      { now: past(day), learnt: trial({ completed: 300, serviceSeconds: 1125 }) },
      undefined,
    ],
    ['too few jobs', { now: past(day), learnt: trial({ completed: 199, serviceSeconds: 9999 }) }, undefined],
    [
      'nothing was expected',
      {
        now: past(day),
        learnt: trial({ ...enough, serviceSeconds: 9999 }),
        applied: { size: { ...choice, seconds: undefined } as unknown as AppliedSize },
      },
      undefined,
    ],
    ['after a week it is over', { now: past(7 * day + 1), memory: 99, learnt: trial(enough) }, undefined],
    ['on another size nothing is judged', { present: large, memory: 99, quiet: false, learnt: trial() }, undefined],
  ])('%s', (_, given, because) => {
    const decided = look({ present: small, now: past(60), ...given });
    expect(decided.trial?.verdict?.because).toEqual(
      because === undefined ? undefined : expect.stringContaining(because),
    );
    expect(decided.alerts.map(({ code }) => code)).toEqual(because === undefined ? [] : ['sizeRolledBack']);
    if (because !== undefined && !given.deploying)
      expect(decided).toMatchObject({ size: large, from: small, step: { code: 'resize' } });
  });

  it('goes back at once, whatever the hour', () => {
    const decided = look({ present: small, quiet: false, memory: 99, now: past(60), learnt: trial() });
    expect(decided).toMatchObject({ size: large, step: { code: 'resize' } });
    expect(decided.step?.text).toContain('since it did worse');
    expect(decided.alerts[0]?.text).toBe(
      'convert: the task size goes back from 0.25 vCPU / 0.5 GiB to 0.5 vCPU / 1 GiB, for its tasks use 99 % of their memory. It is not tried again for four weeks.',
    );
  });

  it('ends when a failed deployment put the size before back', () => {
    const resized = { at: from, window: `auto ${from} 256/512`, to: '256/512', from: 'd512:1', seen: true };
    const decided = look({ present: large, now: past(600), learnt: { resized, ...trial({ since: 0 }) } });
    expect(decided.trial?.verdict?.because).toContain('put back');
    expect(decided.alerts.map(({ code }) => code)).toEqual(['sizeRolledBack']);
    expect(decided.from).toBeUndefined();
    const next = look({ present: large, now: past(610), learnt: { sizeTrial: decided.trial as SizeTrial } });
    expect(next.from).toBeUndefined();
  });

  it('begins anew with the next choice, and ends with none', () => {
    const next = { ...choice, from: from + 7 * day };
    const bad = trial({ verdict: { at: 1, because: 'x' } });
    expect(look({ now: next.from, learnt: bad, applied: { size: next } }).trial).toMatchObject({
      of: next.from,
      completed: 0,
    });
    expect(look({ learnt: bad, applied: {} }).trial).toBeUndefined();
  });

  it('counts the jobs of ticks at which all tasks have the new size, and no others', () => {
    let learnt: Partial<LearntState> = {};
    const tick = (given: Look) => {
      const decided = look({ ...given, learnt, jobs: 10, seconds: 3 });
      learnt = {
        ...(decided.resized && { resized: decided.resized }),
        ...(decided.trial && { sizeTrial: decided.trial }),
      };
      return decided;
    };
    expect(tick({}).from).toEqual(large);
    for (const now of [from + 10, from + 20]) tick({ now, present: small, deploying: true });
    expect(learnt.sizeTrial).toMatchObject({ since: 0, completed: 0 });
    for (const now of [from + 30, from + 40, from + 50]) tick({ now, present: small });
    expect(learnt.sizeTrial).toEqual({ of: from, since: from + 30, completed: 20, serviceSeconds: 60 });
  });
});

describe('laws', () => {
  const evidence = fc.record({
    now: fc.integer({ min: from - day, max: from + 9 * day }),
    present: fc.constantFrom(small, large),
    quiet: fc.boolean(),
    deploying: fc.boolean(),
    failedStarts: fc.nat({ max: 5 }),
    memory: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
    jobs: fc.nat({ max: 500 }),
    seconds: fc.double({ min: 0.1, max: 20, noNaN: true }),
  });
  const seen = fc.record({
    since: fc.constantFrom(0, from, from + day),
    completed: fc.nat({ max: 2000 }),
    serviceSeconds: fc.double({ min: 0, max: 9999, noNaN: true }),
  });
  type Evidence = Omit<Look, 'learnt' | 'applied'>;

  it('the size is one of the two; no task is replaced in a busy hour but to go back; a verdict stays', () => {
    fc.assert(
      fc.property(evidence, seen, fc.boolean(), (given, stretch, isOver) => {
        const verdict = isOver ? { verdict: { at: from, because: 'x' } } : {};
        const decided = look({ ...(given as Evidence), learnt: trial({ ...stretch, ...verdict }) });
        expect([small, large]).toContainEqual(decided.size);
        if (decided.from !== undefined && !given.quiet) {
          expect(decided.size).toEqual(large);
          expect(decided.trial?.verdict).toBeDefined();
        }
        if (isOver && given.now >= from) expect(decided.trial?.verdict).toEqual({ at: from, because: 'x' });
        if (decided.from !== undefined) expect(given.deploying).toBe(false);
      }),
    );
  });

  it('more memory, longer jobs and more failed starts never save a size that less of them condemns', () => {
    fc.assert(
      fc.property(evidence, seen, fc.nat({ max: 20 }), (given, stretch, more) => {
        const at = { ...(given as Evidence), present: small };
        const condemned = (worse: number): boolean =>
          look({
            ...at,
            ...(given.memory === undefined ? {} : { memory: Math.min(100, given.memory + worse) }),
            failedStarts: given.failedStarts + worse,
            learnt: trial({ ...stretch, serviceSeconds: stretch.serviceSeconds * (1 + worse) }),
          }).trial?.verdict !== undefined;
        if (condemned(0)) expect(condemned(more)).toBe(true);
      }),
    );
  });
});
