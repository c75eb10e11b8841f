import { describe, expect, test } from 'vitest';
import { nextInstant, parseExpression } from '../../../lib/simulate/cloud/scheduler/expression.ts';
import {
  initialSchedulerState,
  nextSchedulerWakeAt,
  type SchedulerEffect,
  type SchedulerSettings,
  type SchedulerState,
  type ScheduleSpec,
  stepScheduler,
} from '../../../lib/simulate/cloud/scheduler.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;
const iso = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 16);

describe('expressions', () => {
  test.each([
    ['cron(0 8 ? * MON *)', 'UTC', '2026-11-21T10:00:00Z', '2026-11-23T08:00'],
    ['cron(0 8 ? * MON *)', 'Europe/Copenhagen', '2026-11-21T10:00:00Z', '2026-11-23T07:00'],
    ['cron(*/15 * * * ? *)', 'UTC', '2026-11-21T10:00:00Z', '2026-11-21T10:15'],
    ['cron(30 6 1 JAN,JUL ? *)', 'UTC', '2026-11-21T10:00:00Z', '2027-01-01T06:30'],
    ['cron(0 0 29 2 ? *)', 'UTC', '2026-11-21T10:00:00Z', '2028-02-29T00:00'],
    ['cron(0 12 ? * FRI-MON *)', 'UTC', '2026-11-23T12:00:00Z', '2026-11-27T12:00'],
    ['cron(0 12 * * ? 2025)', 'UTC', '2026-11-23T12:00:00Z', undefined],
    ['at(2026-12-24T18:00:00)', 'Europe/Copenhagen', '2026-11-21T10:00:00Z', '2026-12-24T17:00'],
    ['at(2026-11-20T18:00:00)', 'UTC', '2026-11-21T10:00:00Z', undefined],
  ])('%s in %s after %s is %s', (text, zone, after, expected) => {
    expect(iso(nextInstant(parseExpression(text, zone), 0, at(after)))).toBe(expected);
  });

  test('a cron time in the spring gap is left out that day', () => {
    const expression = parseExpression('cron(30 2 * * ? *)', 'Europe/Copenhagen');
    expect(iso(nextInstant(expression, 0, at('2026-03-28T12:00:00Z')))).toBe('2026-03-30T00:30');
  });

  test('a cron time in the autumn overlap comes once, the first time', () => {
    const expression = parseExpression('cron(30 2 * * ? *)', 'Europe/Copenhagen');
    const first = nextInstant(expression, 0, at('2026-10-24T12:00:00Z'));
    expect(iso(first)).toBe('2026-10-25T00:30');
    expect(iso(nextInstant(expression, 0, first ?? 0))).toBe('2026-10-26T01:30');
  });

  test('rate(1 days) is always 24 hours and drifts against wall time', () => {
    const expression = parseExpression('rate(1 days)', 'Europe/Copenhagen');
    expect(iso(nextInstant(expression, at('2026-03-28T12:00:00Z'), at('2026-03-28T13:00:00Z')))).toBe(
      '2026-03-29T12:00',
    );
  });

  test.each([
    ['rate(30 seconds)', 'minutes, hours or days'],
    ['rate(0 minutes)', 'minutes, hours or days'],
    ['cron(0 8 * * * *)', 'must be ?'],
    ['cron(0 8 ? * MON)', 'six fields'],
    ['cron(0 24 ? * MON *)', '0 to 23'],
    ['cron(0 8 L * ? *)', 'not modelled'],
    ['every minute', 'rate(…), cron(…) or at(…)'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
  });

  test('an unknown time zone is refused', () => {
    expect(() => parseExpression('rate(1 minute)', 'Europe/Atlantis')).toThrow('Europe/Atlantis');
  });
});

const spec: ScheduleSpec = {
  name: 'tick',
  expression: 'rate(1 minute)',
  enabled: true,
  targetArn: 'arn:fn',
  input: '{"at":"<aws.scheduler.scheduled-time>","try":<aws.scheduler.attempt-number>}',
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 3600,
};
const start = at('2026-11-21T10:00:30Z');

const create = (more: Partial<ScheduleSpec> = {}, settings: Partial<SchedulerSettings> = {}) =>
  stepScheduler(
    initialSchedulerState(1, settings),
    { type: 'createSchedule', spec: { ...spec, ...more }, arn: 'arn:s' },
    start,
  );

/** Follows the wake times until `end`; every invocation succeeds unless told otherwise. */
const play = (from: SchedulerState, end: number, outcome: 'succeeded' | 'failed' = 'succeeded') => {
  const fired: (readonly [number, SchedulerEffect])[] = [];
  let state = from;
  for (;;) {
    const now = nextSchedulerWakeAt(state);
    if (now === undefined || now > end) return fired;
    const step = stepScheduler(state, { type: 'timePassed' }, now);
    state = step.state;
    for (const effect of step.effects) {
      fired.push([now - start, effect]);
      state = stepScheduler(state, { type: outcome, executionId: effect.executionId }, now).state;
    }
  }
};

describe('schedules', () => {
  test('a rate fires at once at its creation, then each period', () => {
    const { state, effects } = create();
    expect(effects).toMatchObject([
      { input: '{"at":"2026-11-21T10:00:30Z","try":1}', targetArn: 'arn:fn', attempt: 1 },
    ]);
    expect(play(state, start + 200).map(([after]) => after)).toEqual([60, 120, 180]);
  });

  test('a cron waits for its time; a disabled schedule never fires', () => {
    expect(create({ expression: 'cron(1 * * * ? *)' }).effects).toEqual([]);
    const disabled = create({ enabled: false });
    expect([disabled.effects, play(disabled.state, start + 3600)]).toEqual([[], []]);
  });

  test('a failed delivery is tried again, as often as the retry policy says', () => {
    const { state, effects } = create({ expression: 'rate(1 hour)' });
    const executionId = effects[0]?.executionId ?? '';
    const failed = stepScheduler(state, { type: 'failed', executionId }, start).state;
    const fired = play(failed, start + 3000, 'failed');
    expect(fired.map(([after, { attempt }]) => [after, attempt])).toEqual([
      [2, 2],
      [6, 3],
    ]);
    expect(fired[0]?.[1].input).toContain('"try":2');
  });

  test('at least once: with duplicates on, an instant comes twice under two execution ids', () => {
    const { effects } = create({}, { duplicatePercent: 100 });
    expect(effects).toHaveLength(2);
    expect(new Set(effects.map(({ executionId }) => executionId)).size).toBe(2);
    expect(new Set(effects.map(({ scheduledTime }) => scheduledTime)).size).toBe(1);
  });

  test('jitter makes the gaps irregular, by at most its length', () => {
    const { state } = create({}, { jitterSeconds: 60 });
    const late = play(state, start + 3600).map(([after, e]) => after + start - at(e.scheduledTime));
    expect(Math.max(...late)).toBeLessThanOrEqual(60);
    expect(new Set(late.map(Math.round)).size).toBeGreaterThan(10);
  });

  test('minutes that were slept through come once', () => {
    const { state } = create();
    const step = stepScheduler(state, { type: 'timePassed' }, start + 605);
    expect(step.effects.map(({ scheduledTime }) => scheduledTime)).toEqual(['2026-11-21T10:10:30Z']);
  });
});
