import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/decide/decide.ts';
import type { Observation, Reading } from '../../lib/model/observation.ts';
import type { Policy } from '../../lib/model/policy.ts';
import { initialState } from '../../lib/model/state.ts';
import { observationOf, settingsWith } from './service.ts';

const now = 1_795_255_200;
/** A service without a queue, 4 tasks, on requests per second: 10 a task. */
const policy: Policy = {
  type: 'targetTracking',
  signals: [{ signal: 'requestsPerSecond', perTask: 10 }],
  tolerance: 0,
};
const seen = (reading?: Reading<number>): Observation => ({
  ...observationOf({ now, service: { desired: 4 } }),
  queues: [],
  signals: reading === undefined ? {} : { requestsPerSecond: reading },
});
const decideOn = (reading?: Reading<number>, chosen: Policy = policy) =>
  decide(seen(reading), settingsWith({ queues: [], policy: chosen, tasks: { min: 1, max: 50 } }), initialState(0));
const aged = (seconds: number, value: number, periodSeconds?: number): Reading<number> => ({
  known: true,
  at: now - seconds,
  value,
  ...(periodSeconds === undefined ? {} : { periodSeconds }),
});

describe('a signal is believed for three of its own periods', () => {
  it.each([
    ['a minute', aged(180, 90), 9],
    ['a minute, too old', aged(181, 90), 4],
    ['five minutes', aged(900, 90, 300), 9],
    ['five minutes, too old', aged(901, 90, 300), 4],
    ['ten seconds', aged(30, 90, 10), 9],
    ['ten seconds, too old', aged(31, 90, 10), 4],
    ['from the future, within reason', aged(-5, 90), 9],
    ['from the future', aged(-6, 90), 4],
    ['missing', { known: false, because: 'missing' } as const, 4],
    ['not there at all', undefined, 4],
  ])('%s', (_, reading, desired) => {
    expect(decideOn(reading).desired).toBe(desired);
  });

  it.each([
    ['stale', aged(901, 5, 300), /stale/],
    ['future', aged(-60, 5), /future/],
    ['missing', undefined, /missing/],
    ['failed', { known: false, because: 'failed' } as const, /could not be read/],
  ])('%s is named, and never scales in', (_, reading, words) => {
    const decision = decideOn(reading);
    expect(decision.desired).toBe(4);
    expect(JSON.stringify([decision.explanation, decision.alerts])).toMatch(words);
  });
});

describe('a service without a queue', () => {
  it('scales in to its floor when the load balancer says that nothing comes', () => {
    expect(decideOn(aged(60, 0)).desired).toBe(1);
  });

  it.each([
    { type: 'steps', signal: 'requestsPerSecond', adjustment: 'change', steps: [{ from: 80, by: 2 }] },
    { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 10 },
    {
      type: 'vote',
      out: { atLeast: 1, signals: { requestsPerSecond: 50 } },
      in: { signals: { requestsPerSecond: 5 } },
      history: 1,
    },
    { type: 'max', of: [policy, { type: 'steps', signal: 'cpu', adjustment: 'change', steps: [{ from: 80, by: 1 }] }] },
  ] as const)('$type works there', (chosen) => {
    expect(decideOn(aged(60, 90), chosen as Policy).desired).toBeGreaterThan(4);
  });
});
