import { describe, expect, it } from 'vitest';
import { createSession, type Session } from '../../lib/cli/decide/session.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';

const init = {
  type: 'init',
  startEpoch: 1_763_712_000,
  tickS: 10,
  sloS: 60,
  goal: 0.99,
  concurrency: 1,
  min: 0,
  max: 50,
};
const quiet = { completedSinceLast: 0, startedSinceLast: 0, lateSinceLast: 0, busySlotSecondsSinceLast: 0 };
const tick = (t: number, visible: number, desired: number, more: object = {}) => ({
  type: 'tick',
  t,
  queue: { visible, inFlight: 0, delayed: 0 },
  service: { desired, running: desired, pending: 0 },
  ...quiet,
  ...more,
});
const say = (session: Session, message: object | string): unknown => {
  const answer = session.answer(typeof message === 'string' ? message : JSON.stringify(message));
  return typeof answer === 'string' ? JSON.parse(answer) : answer;
};
const begun = (options: Parameters<typeof createSession>[0] = { explain: false }, first: object = init): Session => {
  const session = createSession(options);
  expect(say(session, first)).toEqual({ ready: true });
  return session;
};
const plansOf = (services: object): readonly ServicePlan[] => {
  const parsed = parseConfig({ services });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.plans;
};
const worker = { image: 'x:1', cpu: 512, memoryMiB: 1024 };

describe('the decide filter', () => {
  it('answers init, ticks and nothing to end', () => {
    const session = begun();
    expect(say(session, tick(0, 200, 1))).toEqual({ desired: expect.any(Number) });
    expect(say(session, { type: 'end', t: 10 })).toBeNull();
  });

  it('skips empty lines', () => {
    expect(begun().answer('   ')).toBeUndefined();
  });

  it.each([
    ['not JSON', '{"type":', /not JSON/],
    ['no object', '[1]', /must be an object/],
    ['unknown type', { type: 'tock' }, /type must be/],
    ['time without a number', { type: 'tick', t: 'x' }, /t must be a number/],
    ['no time', { type: 'tick' }, /t is missing/],
    ['a negative count', tick(20, -1, 1), /must not be negative/],
    ['a time without a zone', { ...tick(20, 1, 1), now: '2026-11-21T08:00:00' }, /ISO 8601 with a zone/],
  ])('answers %s with an error and changes nothing', (_what, line, message) => {
    const session = begun();
    const twin = begun();
    say(session, tick(0, 100, 1));
    say(twin, tick(0, 100, 1));
    expect(say(session, line as object | string)).toEqual({ error: expect.stringMatching(message) });
    expect(say(session, tick(30, 50, 5))).toEqual(say(twin, tick(30, 50, 5)));
  });

  it('answers a tick before init, and time that runs back, with an error', () => {
    expect(say(createSession({ explain: false }), tick(0, 1, 1))).toEqual({
      error: expect.stringContaining('before init'),
    });
    const session = begun();
    say(session, tick(50, 1, 1));
    expect(say(session, tick(40, 1, 1))).toEqual({ error: expect.stringContaining('ran back') });
  });

  it.each([
    [{ goal: 1.5 }, /goal/],
    [{ min: 5, max: 2 }, /min/],
    [{ sloS: -1 }, /sloS/],
    [{ concurrency: 0 }, /concurrency/],
  ])('refuses init with %j', (change, message) => {
    expect(say(createSession({ explain: false }), { ...init, ...change })).toEqual({
      error: expect.stringMatching(message),
    });
  });

  it('leaves the count alone when the queue or the service is hidden', () => {
    const session = begun();
    const { queue: _q, ...noQueue } = tick(0, 1, 3);
    const { service: _s, ...noService } = tick(10, 1, 3);
    expect(say(session, noQueue)).toEqual({ desired: null });
    expect(say(session, noService)).toEqual({ desired: null });
  });

  it('explains: the last step is the answer', () => {
    const answer = say(begun({ explain: true }), tick(0, 200, 1)) as {
      desired: number;
      explain: { to: number; text: string }[];
    };
    expect(answer.explain.at(-1)?.to).toBe(answer.desired);
    expect(answer.explain[0]?.text).not.toBe('');
  });

  it('is deterministic', () => {
    const ticks = Array.from({ length: 200 }, (_, i) => tick(10 * i, (i * 37) % 90, 3));
    const [one, two] = [begun(), begun()];
    expect(ticks.map((t) => say(one, t))).toEqual(ticks.map((t) => say(two, t)));
  });
});

describe('the decide filter with a config', () => {
  const tracking = { queue: { name: 'convert' }, worker, tasks: { min: 1, max: 30 } };

  it('takes policy and bounds from the config and the count from the tick', () => {
    const plans = plansOf({
      convert: { ...tracking, policy: { type: 'targetTracking', signals: [{ signal: 'cpu', target: 50 }] } },
    });
    const session = begun({ plans, service: 'convert', explain: false }, { type: 'init', startEpoch: 0, tickS: 10 });
    expect(say(session, tick(10, 5, 4, { signals: { cpu: { value: 100, at: 10 } } }))).toEqual({ desired: 8 });
  });

  it.each([
    ['missing', {}],
    ['stale', { cpu: { value: 100, at: 800 } }],
    ['from the future', { cpu: { value: 100, at: 1020 } }],
  ])('does not act on a signal that is %s', (_what, signals) => {
    const plans = plansOf({
      convert: { ...tracking, policy: { type: 'targetTracking', signals: [{ signal: 'cpu', target: 50 }] } },
    });
    const session = begun({ plans, service: 'convert', explain: false }, { type: 'init', startEpoch: 0, tickS: 10 });
    expect(say(session, tick(1000, 5, 4, { signals }))).toEqual({ desired: null });
  });

  it('reads the judge’s own cpu as a share and queue fields as signals', () => {
    const plans = plansOf({
      convert: {
        ...tracking,
        policy: {
          type: 'max',
          of: [
            { type: 'targetTracking', signals: [{ signal: 'cpu', target: 50 }] },
            { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 10 }] },
          ],
        },
      },
    });
    const session = begun({ plans, service: 'convert', explain: false }, { type: 'init', startEpoch: 0, tickS: 10 });
    expect(say(session, tick(10, 0, 4, { cpu: 0.75 }))).toEqual({ desired: 6 });
    expect(say(session, tick(300, 200, 6, { cpu: 0.5 }))).toEqual({ desired: 12 });
  });

  it('follows the schedule by `now`', () => {
    const plans = plansOf({
      convert: {
        ...tracking,
        schedule: [{ name: 'day', days: 'every', from: '08:00', to: '18:00', tasks: { exact: 5 } }],
      },
    });
    const session = begun({ plans, service: 'convert', explain: true }, { type: 'init', startEpoch: 0, tickS: 10 });
    expect(say(session, { ...tick(0, 0, 5), now: '2026-11-20T12:00:00Z' })).toMatchObject({ desired: 5 });
  });

  it('decides for all services when none is named', () => {
    const plans = plansOf({ a: { ...tracking, queue: { name: 'a' } }, b: { ...tracking, queue: { name: 'b' } } });
    const session = begun({ plans, explain: false }, { type: 'init', startEpoch: 0, tickS: 10 });
    const answer = say(session, {
      type: 'tick',
      t: 10,
      services: { a: tick(10, 100, 1), b: { ...tick(10, 0, 2), queue: undefined } },
    });
    expect(answer).toEqual({ desired: { a: expect.any(Number), b: null } });
  });
});
