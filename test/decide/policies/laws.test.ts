import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultQueueFactorRules } from '../../../lib/decide/policies/queue-factor.ts';
import { propose } from '../../../lib/decide/propose.ts';
import type { Observation, Reading, UnknownCause } from '../../../lib/model/observation.ts';
import { known, unknown } from '../../../lib/model/observation.ts';
import type { Policy } from '../../../lib/model/policy.ts';
import type { Json } from '../../../lib/model/state.ts';
import { settingsFor, start } from './world.ts';

const backlogPerTask: Policy = { type: 'backlogPerTask', target: 10 };
const tracking: Policy = {
  type: 'targetTracking',
  signals: [
    { signal: 'cpu', target: 60 },
    { signal: 'activeJobs', perTask: 10 },
    { signal: 'queueDepth', perTask: 20 },
  ],
  tolerance: 0.1,
};
const steps: Policy = {
  type: 'steps',
  signal: 'queueDepth',
  adjustment: 'change',
  steps: [
    { to: 0, by: -1 },
    { from: 100, to: 500, by: 1 },
    { from: 500, by: 5 },
  ],
};
const queueFactor: Policy = { type: 'queueFactor', rules: defaultQueueFactorRules };
const threshold: Policy = { type: 'threshold', preset: 'controller' };
const vote: Policy = {
  type: 'vote',
  out: { atLeast: 2, signals: { cpu: 70, memory: 80, requestsPerSecond: 100, latencyMs: 1000, errorPercent: 5 } },
  in: { signals: { cpu: 30, memory: 40, requestsPerSecond: 20, latencyMs: 200, errorPercent: 1 } },
  history: 3,
};
const dampened: Policy = { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 };
const predictive: Policy = { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'full' };

/** Every policy that the laws hold for. `backlog`: it reads the queue. */
const policies: readonly { readonly name: string; readonly policy: Policy; readonly backlog: boolean }[] = [
  { name: 'backlogPerTask', policy: backlogPerTask, backlog: true },
  { name: 'targetTracking', policy: tracking, backlog: true },
  { name: 'steps', policy: steps, backlog: true },
  {
    name: 'steps percent',
    policy: {
      ...steps,
      adjustment: 'percent',
      steps: [
        { to: 0, by: -30 },
        { from: 100, by: 30 },
      ],
    },
    backlog: true,
  },
  { name: 'queueFactor', policy: queueFactor, backlog: true },
  ...(['controller', 'conservative', 'aggressive', 'collector'] as const).map((preset) => ({
    name: `threshold ${preset}`,
    policy: { type: 'threshold', preset } as const,
    backlog: preset === 'controller' || preset === 'collector',
  })),
  { name: 'vote', policy: vote, backlog: false },
  { name: 'dampened', policy: dampened, backlog: false },
  { name: 'predictive full', policy: predictive, backlog: false },
  { name: 'predictive step', policy: { ...predictive, mode: 'step' }, backlog: false },
  { name: 'max', policy: { type: 'max', of: [backlogPerTask, tracking, predictive] }, backlog: true },
  { name: 'any', policy: { type: 'any', of: [queueFactor, threshold, dampened] }, backlog: true },
  { name: 'all', policy: { type: 'all', of: [backlogPerTask, threshold] }, backlog: true },
  { name: 'vote 2 of 3', policy: { type: 'vote', atLeast: 2, of: [backlogPerTask, steps, tracking] }, backlog: false },
  {
    name: 'nested',
    policy: { type: 'any', of: [{ type: 'max', of: [threshold, tracking] }, backlogPerTask] },
    backlog: true,
  },
];

interface Load {
  readonly visible: number;
  readonly inFlight: number;
  readonly signals: Readonly<Record<string, number>>;
}
const names = ['cpu', 'memory', 'requestsPerSecond', 'latencyMs', 'errorPercent'];
const load: fc.Arbitrary<Load> = fc.record({
  visible: fc.integer({ min: 0, max: 5000 }),
  inFlight: fc.integer({ min: 0, max: 500 }),
  signals: fc.record({
    cpu: fc.double({ min: 0, max: 100, noNaN: true }),
    memory: fc.double({ min: 0, max: 100, noNaN: true }),
    requestsPerSecond: fc.double({ min: 0, max: 10_000, noNaN: true }),
    latencyMs: fc.double({ min: 0, max: 5000, noNaN: true }),
    errorPercent: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
});
const tasks = fc.integer({ min: 0, max: 200 });

/** `dark` names readings that are unknown: `queue`, or a signal. */
const observe = (given: Load, now: number, dark: Readonly<Record<string, UnknownCause>> = {}): Observation => {
  const signals: Record<string, Reading<number>> = {};
  for (const name of names) {
    const cause = dark[name];
    signals[name] = cause ? unknown(cause) : known(now, given.signals[name] ?? 0);
  }
  const counts = { visible: given.visible, inFlight: given.inFlight, delayed: 0 };
  return {
    now,
    queues: [{ name: 'jobs', counts: dark.queue ? unknown(dark.queue) : known(now, counts) }],
    service: unknown('missing'),
    work: unknown('missing'),
    signals,
  };
};

const noSlo = (): never => {
  throw new Error('no slo policy in these tests');
};
/** Lives through the loads a minute apart, at a fixed count; answers with the last tick. */
const live = (
  policy: Policy,
  current: number,
  observations: readonly Observation[],
  from: Readonly<Record<string, Json>> = {},
) => {
  let memory = from;
  let last = propose({
    observation: observe(calm, start - 60),
    settings: settingsFor(policy),
    current,
    policies: memory,
    slo: noSlo,
  });
  for (const observation of observations) {
    last = propose({ observation, settings: settingsFor(policy), current, policies: memory, slo: noSlo });
    memory = last.policies;
  }
  return last;
};
const calm: Load = { visible: 0, inFlight: 0, signals: {} };
const at = (index: number): number => start + index * 60;
const countIn = ({ proposal }: ReturnType<typeof live>, current: number): number =>
  proposal.kind === 'count' ? proposal.desired : current;

describe.each(policies)('laws of $name', ({ policy }) => {
  it('a whole, finite count of 0 or more, whatever the signals say', () => {
    const wild = fc.constantFrom(-5, 0, 1e-12, 1e12, 1e308, Number.MAX_SAFE_INTEGER, Infinity, Number.NaN);
    fc.assert(
      fc.property(tasks, load, wild, wild, (current, given, a, b) => {
        const strange: Load = {
          visible: a,
          inFlight: b,
          signals: { ...given.signals, cpu: a, memory: b, latencyMs: a, requestsPerSecond: b },
        };
        const count = countIn(
          live(
            policy,
            current,
            [0, 1, 2].map((index) => observe(strange, at(index))),
          ),
          current,
        );
        expect(Number.isInteger(count) && count >= 0 && count <= 100_000).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('never scales in on unknown data', () => {
    const causes = fc.constantFrom<UnknownCause>('stale', 'future', 'failed');
    const dark = fc.record({
      queue: causes,
      cpu: causes,
      memory: causes,
      requestsPerSecond: causes,
      latencyMs: causes,
      errorPercent: causes,
    });
    fc.assert(
      fc.property(tasks, load, dark, (current, given, all) => {
        const blind = live(
          policy,
          current,
          [0, 1, 2, 3].map((index) => observe(given, at(index), index === 3 ? all : {})),
        );
        expect(countIn(blind, current)).toBeGreaterThanOrEqual(current);
        for (const [name, cause] of Object.entries(all)) {
          const lit = live(
            policy,
            current,
            [0, 1, 2, 3].map((index) => observe(given, at(index))),
          );
          const half = live(
            policy,
            current,
            [0, 1, 2, 3].map((index) => observe(given, at(index), index === 3 ? { [name]: cause } : {})),
          );
          // It may go on only if it does not look at that signal at all: then nothing has changed.
          if (countIn(half, current) < current) expect(half.proposal).toEqual(lit.proposal);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does not leave its fixed point: what it wants to keep, it keeps', () => {
    fc.assert(
      fc.property(tasks, load, (current, given) => {
        const observations = [0, 1, 2].map((index) => observe(given, at(index)));
        const first = live(policy, current, observations);
        if (countIn(first, current) !== current) return;
        expect(countIn(live(policy, current, [observe(given, at(3))], first.policies), current)).toBe(current);
      }),
      { numRuns: 60 },
    );
  });

  it('the last explanation ends in the proposal, and each has a sentence', () => {
    fc.assert(
      fc.property(tasks, load, fc.boolean(), (current, given, dark) => {
        const result = live(policy, current, [observe(given, at(0), dark ? { cpu: 'stale', queue: 'failed' } : {})]);
        expect(result.steps.at(-1)).toMatchObject({
          from: current,
          to: countIn(result, current),
          text: result.proposal.text,
        });
        for (const { code, text } of result.steps) {
          expect(code).toMatch(/^[a-z][A-Za-z]+$/);
          expect(text).toMatch(/^[\s\S]+\.$/);
          expect(text).not.toMatch(/NaN|undefined|Infinity/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('survives a memory that is not its own', () => {
    for (const memory of [null, 'x', 7, [], {}, { at: 'x' }, { at: 1, samples: [[1]] }] as const) {
      const policiesMemory = { '': memory, 'of.0': memory, 'of.1': memory, 'of.2': memory };
      const given: Load = { visible: 50, inFlight: 5, signals: { cpu: 50, memory: 50 } };
      const result = live(policy, 5, [observe(given, at(0))], policiesMemory);
      expect(Number.isInteger(countIn(result, 5))).toBe(true);
    }
  });
});

describe.each(policies.filter(({ backlog }) => backlog))('law of $name, which reads the queue', ({ policy }) => {
  it('more backlog never asks for fewer tasks', () => {
    fc.assert(
      fc.property(tasks, load, fc.integer({ min: 0, max: 1000 }), (current, given, more) => {
        const few = countIn(live(policy, current, [observe(given, at(0))]), current);
        const many = countIn(
          live(policy, current, [observe({ ...given, visible: given.visible + more }, at(0))]),
          current,
        );
        expect(many).toBeGreaterThanOrEqual(few);
      }),
      { numRuns: 100 },
    );
  });
});

/*
 * The vote of policies takes the smallest of those that want out (requirements 2), so one more vote, a small one, can lower
 * the count. What more backlog cannot do is turn the direction.
 */
describe('law of vote 2 of 3, which reads the queue', () => {
  it('more backlog never turns the direction towards fewer', () => {
    const policy: Policy = { type: 'vote', atLeast: 2, of: [backlogPerTask, steps, tracking] };
    fc.assert(
      fc.property(tasks, load, fc.integer({ min: 0, max: 1000 }), (current, given, more) => {
        const direction = (visible: number) =>
          Math.sign(countIn(live(policy, current, [observe({ ...given, visible }, at(0))]), current) - current);
        expect(direction(given.visible + more)).toBeGreaterThanOrEqual(direction(given.visible));
      }),
      { numRuns: 300 },
    );
  });
});

describe('absolute policies reach their fixed point in one step', () => {
  it.each([
    ['backlogPerTask', backlogPerTask],
    [
      'targetTracking of totals',
      { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 20 }] } as Policy,
    ],
  ])('%s', (_, policy) => {
    fc.assert(
      fc.property(tasks, load, (current, given) => {
        const reached = countIn(live(policy, current, [observe(given, at(0))]), current);
        expect(countIn(live(policy, reached, [observe(given, at(1))]), reached)).toBe(reached);
      }),
    );
  });
});
