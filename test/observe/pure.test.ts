import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalsNeeded } from '../../lib/decide/signals-needed.ts';
import { known, type Observation, unknown } from '../../lib/model/observation.ts';
import type { Policy } from '../../lib/model/policy.ts';
import type { ObservedMark } from '../../lib/model/state.ts';
import { arrivalsSince } from '../../lib/observe/arrivals.ts';
import { parseBindings } from '../../lib/observe/bindings.ts';
import { timeBox } from '../../lib/observe/time-box.ts';
import { noWork, workDifference } from '../../lib/observe/work-report.ts';
import { bindingOf } from '../tick/world.ts';

const vote: Policy = {
  type: 'vote',
  out: { atLeast: 2, signals: { cpu: 70, errorPercent: 5 } },
  in: { signals: { cpu: 30 } },
  history: 3,
};

test.each<[Policy, readonly string[]]>([
  [{ type: 'slo' }, []],
  [{ type: 'backlogPerTask', target: 3 }, []],
  [{ type: 'steps', signal: 'own', adjustment: 'change', steps: [] }, ['own']],
  [{ type: 'threshold' }, ['cpu', 'memory', 'queueDepth']],
  [vote, ['cpu', 'errorPercent']],
  [
    {
      type: 'vote',
      atLeast: 1,
      of: [vote, { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'step' }],
    },
    ['cpu', 'errorPercent', 'memory'],
  ],
  [
    {
      type: 'max',
      of: [{ type: 'slo' }, { type: 'targetTracking', signals: [{ signal: 'activeJobs', perTask: 10 }] }],
    },
    ['activeJobs'],
  ],
])('%j needs %j', (policy, names) => {
  expect(signalsNeeded(policy)).toEqual(names);
});

describe('the difference of the workers’ totals', () => {
  const totals = (at: number, started: number) => ({ at, counts: { started, completed: started } });

  test.each([
    ['no item', undefined, totals(5, 5), { known: false, because: 'missing' }, noWork],
    ['the first reading', totals(9, 7), undefined, { known: false, because: 'missing' }, { at: 9 }],
    ['growth', totals(9, 7), totals(5, 5), { known: true, value: { started: 2, completed: 2 } }, { at: 9 }],
    ['growth under a clock that lags', totals(4, 7), totals(5, 5), { known: true }, { at: 4 }],
    ['a replica that lags', totals(4, 3), totals(5, 5), { known: false, because: 'stale' }, { at: 5 }],
    ['an item made anew', totals(9, 1), totals(5, 5), { known: false, because: 'missing' }, { at: 9 }],
    ['the first worker of all', totals(9, 2), noWork, { known: true, value: { started: 2 } }, { at: 9 }],
    ['nothing new', totals(5, 5), totals(5, 5), { known: true, value: { started: 0 } }, { at: 5 }],
  ])('%s', (_, now, before, report, mark) => {
    const difference = workDifference(now, before, 100);
    expect(difference.report).toMatchObject(report);
    expect(difference.mark).toMatchObject(mark);
  });

  test('differences add up to the total, however often it is read', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), (steps) => {
        let [sum, reported, mark] = [0, 0, noWork];
        for (const [i, step] of steps.entries()) {
          sum += step;
          const difference = workDifference(totals(i, sum), mark, i);
          if (difference.report.known) reported += difference.report.value.started;
          mark = difference.mark ?? noWork;
        }
        expect(reported).toBe(sum);
      }),
    );
  });
});

describe('arrivals', () => {
  const at = (now: number, waiting: number | undefined): Observation => ({
    now,
    queues: [
      {
        name: 'q',
        counts: waiting === undefined ? unknown('failed') : known(now, { visible: waiting, inFlight: 0, delayed: 0 }),
      },
    ],
    service: unknown('missing'),
    work: unknown('missing'),
    signals: {},
  });
  const completedOf = (completed: number | undefined) =>
    completed === undefined ? undefined : { at: 0, counts: { completed } };
  type Step = readonly [now: number, waiting: number | undefined, completed: number | undefined];
  const sumOf = (steps: readonly Step[]) => {
    let mark: ObservedMark = {};
    return steps.reduce((sum, [now, waiting, completed]) => {
      const step = arrivalsSince(mark, at(now, waiting), completedOf(completed));
      mark = step.mark;
      return sum + step.arrivals;
    }, 0);
  };

  test.each([
    [
      'what waits and what was done grow by what arrives',
      [
        [0, 0, 0],
        [10, 8, 2],
        [20, 3, 9],
      ],
      12,
    ],
    [
      'a false zero that comes right again adds nothing',
      [
        [0, 50, 0],
        [10, 0, 0],
        [20, 52, 0],
      ],
      2,
    ],
    [
      'a tick without counters is caught up with',
      [
        [0, 5, 0],
        [10, undefined, 1],
        [20, 9, 2],
      ],
      6,
    ],
    [
      'a tick without totals is caught up with',
      [
        [0, 5, 900],
        [10, 4, undefined],
        [200, 3, undefined],
        [210, 4, 904],
      ],
      3,
    ],
    [
      'after a purge what arrives counts again',
      [
        [0, 500, 0],
        [10, 0, 0],
        [140, 0, 0],
        [150, 7, 0],
      ],
      7,
    ],
    ['the first reading counts nothing', [[0, 500, 100]], 0],
  ] satisfies [string, Step[], number][])('%s', (_, steps, sum) => {
    expect(sumOf(steps)).toBe(sum);
  });

  test('noise of the counters never makes more arrivals than its own size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.integer({ min: -5, max: 5 })), { maxLength: 60 }), (steps) => {
        let arrived = 100;
        const noisy = steps.map(([step, noise], i) => {
          arrived += step;
          return [i * 0.5, arrived + noise, 0] as const;
        });
        const counted = sumOf([[0, 100, 0], ...noisy]);
        expect(counted).toBeGreaterThanOrEqual(arrived - 100 - 5);
        expect(counted).toBeLessThanOrEqual(arrived - 100 + 5);
      }),
    );
  });
});

describe('bindings', () => {
  const path = '/sluice/test/';
  const parts = (service: string, size: number) => {
    const text = JSON.stringify(bindingOf(service));
    return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => ({
      Name: `${path}services/${service}/${i}`,
      Value: text.slice(i * size, (i + 1) * size),
    }));
  };

  test('parts are joined in the order of their numbers, whatever order they come in', () => {
    const { bindings, issues } = parseBindings(path, [...parts('a', 40).toReversed(), ...parts('b', 4000)]);
    expect(bindings).toEqual([bindingOf('a'), bindingOf('b')]);
    expect(issues).toEqual([]);
  });

  test('a part that is missing is one issue, and the other services are there', () => {
    const { bindings, issues } = parseBindings(path, [...parts('a', 40).slice(1), ...parts('b', 4000)]);
    expect(bindings).toEqual([bindingOf('b')]);
    expect(issues[0]?.message).toContain('/sluice/test/services/a');
    expect(issues[0]?.message).toContain('part 0 is missing');
  });
});

describe('a time box', () => {
  const never = () => new Promise<never>(() => {});

  test('ends what does not listen, and says what it was', async () => {
    await expect(timeBox('SQS', 0.01, new AbortController().signal, never)).rejects.toThrow(
      'SQS: no answer within 0.01 s',
    );
  });

  test('ends with the invocation', async () => {
    const outer = new AbortController();
    const boxed = timeBox('SQS', 60, outer.signal, never);
    outer.abort(new Error('Lambda is over'));
    await expect(boxed).rejects.toThrow('Lambda is over');
  });

  test('aborts the call inside', async () => {
    let inner: AbortSignal | undefined;
    await timeBox('SQS', 0.01, new AbortController().signal, (signal) => {
      inner = signal;
      return never();
    }).catch(() => {});
    expect(inner?.aborted).toBe(true);
  });
});
