import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/decide/decide.ts';
import { type Draft, shareLimits } from '../../lib/decide/share-limits.ts';
import type { ServiceCounts } from '../../lib/model/observation.ts';
import type { Settings } from '../../lib/model/plan.ts';
import { initialState, type ServiceState } from '../../lib/model/state.ts';
import { observationOf, settingsWith } from './service.ts';

const t0 = 1_763_712_000;
const database = { limits: { db: 200 }, uses: { db: 20 } };

/** One service with a queue that wants a task per 10 jobs. */
const draft = (
  service: string,
  visible: number,
  seen: Partial<ServiceCounts> | 'unknown',
  change: Partial<Settings> = {},
  state: ServiceState = initialState(t0),
): Draft => {
  const settings = settingsWith({ service, ...database, ...change });
  const observation = observationOf({ now: t0, queue: { visible }, service: seen });
  return { settings, observation, state, decision: decide(observation, settings, state) };
};
const granted = (...args: Parameters<typeof shareLimits>): Record<string, number> =>
  Object.fromEntries([...shareLimits(...args)].map(([service, grant]) => [service, grant.granted]));

describe('services that share a limit', () => {
  it('get what they want while it fits, and are not told', () => {
    expect(granted([draft('a', 50, { desired: 1 }), draft('b', 50, { desired: 1 })])).toEqual({});
  });

  it('share it by priority when it does not', () => {
    const drafts = [draft('a', 80, { desired: 1 }), draft('b', 80, { desired: 1 }, { priority: 'critical' })];
    expect(granted(drafts)).toEqual({ a: 2 });
  });

  it('count the one that holds with what it has', () => {
    const paused = { override: { kind: 'pause', until: t0 + 60 } } as const;
    expect(granted([draft('a', 80, { desired: 1 }), draft('b', 0, { desired: 7 }, paused)])).toEqual({ a: 3 });
  });

  it('count the one that only shadows with what runs, not with what it would do', () => {
    expect(granted([draft('a', 80, { desired: 1 }), draft('b', 90, { desired: 1 }, { mode: 'shadow' })])).toEqual({});
  });

  it('count the one that cannot be seen with the larger of what it had and what it was asked to have', () => {
    const state = initialState(t0);
    const asked = { ...state, hot: { ...state.hot, asked: 3, askedFrom: 6, lastTickAt: t0 - 10 } };
    expect(granted([draft('a', 80, { desired: 1 }), draft('b', 0, 'unknown', {}, asked)])).toEqual({ a: 4 });
  });

  it('count what was asked for and is not visible yet', () => {
    const state = initialState(t0);
    const asked = { ...state, hot: { ...state.hot, asked: 6, askedFrom: 1, scaledOutAt: t0 - 5, lastTickAt: t0 - 10 } };
    const drafts = [
      draft('a', 80, { desired: 1 }),
      draft('b', 60, { desired: 1, running: 1, pending: 5 }, { priority: 'high' }, asked),
    ];
    expect(granted(drafts)).toEqual({ a: 4 });
  });

  it('count tasks that still work off a job', () => {
    const drafts = [draft('a', 80, { desired: 1 }), draft('b', 20, { desired: 2, running: 6 })];
    expect(granted(drafts)).toEqual({ a: 4 });
  });

  it('take nothing from one in the middle of a deployment', () => {
    const drafts = [
      draft('a', 80, { desired: 8, deploymentInProgress: true }),
      draft('b', 80, { desired: 1 }, { priority: 'critical' }),
    ];
    expect(granted(drafts)).toEqual({ b: 2 });
  });

  it('leave room for those that are not due', () => {
    const settings = settingsWith({ service: 'c', ...database });
    expect(granted([draft('a', 80, { desired: 1 })], [{ settings, desired: 7 }])).toEqual({ a: 3 });
  });

  it('the decision with a grant tells who holds the limit, and remembers what really was asked', () => {
    const a = draft('a', 80, { desired: 1 });
    const grant = shareLimits([a, draft('b', 80, { desired: 8 }, { priority: 'critical' })]).get('a');
    const decision = decide(a.observation, { ...a.settings, ...(grant && { grant }) }, initialState(t0));
    expect(decision.desired).toBe(2);
    expect(decision.explanation.at(-1)).toMatchObject({ stage: 'allocate', code: 'limitShared', from: 8, to: 2 });
    expect(decision.explanation.at(-1)?.text).toMatch(/"db" leaves 2 tasks for a; it would have been 8.*held by b 8/);
    expect(decision.alerts.map(({ code }) => code)).toContain('limitShort');
    expect(decision.state.hot.asked).toBe(2);
    expect(decision.state.learnt.guard?.actions.at(-1)).toEqual([t0, 1]);
  });
});
