import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, HistoryPoint } from '../../../lib/model/history.ts';
import { arrivalsOf } from '../../../lib/simulate/history/arrivals-of.ts';
import { concurrencyOf } from '../../../lib/simulate/history/concurrency-of.ts';
import { stretchesWithout } from '../../../lib/simulate/history/history.ts';
import { historyText, parseHistory } from '../../../lib/simulate/history/history-file.ts';
import { measuredWaits } from '../../../lib/simulate/history/measured-waits.ts';
import { recordedFleet } from '../../../lib/simulate/history/recorded-setting.ts';
import { serviceSecondsOf } from '../../../lib/simulate/history/service-seconds-of.ts';
import { startDelayOf } from '../../../lib/simulate/history/start-delay-of.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import { pastStart, recordedPast } from './recorded-past.ts';

/**
 * Goal: what is worked out from recorded metrics is what really happened.
 * Method: the simulator's own past, of which everything is known, recorded as CloudWatch would; and tables by hand.
 */
const minute = (i: number, values: Partial<HistoryPoint>): HistoryPoint => ({
  at: 60 * i,
  periodSeconds: 60,
  ...values,
});

describe('a recorded past of the simulator', () => {
  it.each([
    { serviceSeconds: 4, seed: 1, concurrency: 1 },
    { serviceSeconds: 45, seed: 2, concurrency: 1 },
    { serviceSeconds: 20, seed: 3, concurrency: 4 },
  ])('tells run time, arrivals, waits and cost: %o', ({ serviceSeconds, seed, concurrency }) => {
    const { jobs, setup, outcome, history } = recordedPast(24, serviceSeconds, seed, concurrency);
    const arrivals = arrivalsOf(history);
    expect(arrivals.jobs).toBeCloseTo(jobs.arrivalSeconds.filter((at) => at < 60 * history.length).length, -1);
    expect(arrivals.balance).toBeCloseTo(1, 2);

    const estimate = serviceSecondsOf(history);
    const truth = jobs.workSeconds / jobs.count;
    expect(estimate?.low).toBeLessThan(truth * 1.03);
    expect(estimate?.high).toBeGreaterThan(truth * 0.97);
    expect((estimate?.value ?? 0) / truth).toBeCloseTo(1, 1);

    const waits = measuredWaits(history, setup.startWithinSeconds);
    const attained = 100 * outcome.attained;
    expect(waits?.attainedPercent.low).toBeLessThanOrEqual(attained + 0.5);
    expect(waits?.attainedPercent.high).toBeGreaterThanOrEqual(attained - 0.5);

    const fleet = recordedFleet(history);
    if (fleet === undefined) throw new Error('running counts were recorded');
    const again = runScaler(jobs, { ...setup, startsKnownAhead: true }, fleet.setting.create());
    expect(fleet.knownShare).toBe(1);
    expect(again.busySlotSeconds / outcome.busySlotSeconds).toBeCloseTo(1, 2);
    expect(fleet.taskSeconds / outcome.billedSeconds).toBeCloseTo(1, 1);
    expect(100 * again.attained).toBeGreaterThan(attained - 3);
  });

  it('tells how many jobs a task runs at a time, from the minutes in which the fleet was full', () => {
    expect(concurrencyOf(recordedPast(24, 20, 3, 4).history)).toBe(4);
    expect(concurrencyOf(recordedPast(24, 45, 2, 1).history)).toBe(1);
    expect(concurrencyOf([minute(0, { visible: 9, inFlight: 3 })])).toBeUndefined();
  });

  it('without counted sends they are deleted plus what the queue grew by', () => {
    const { history } = recordedPast(12, 20);
    const counted = arrivalsOf(history);
    const inferred = arrivalsOf(history.map(({ sent: _, ...point }) => point));
    expect(inferred.how).toBe('inferred');
    expect(inferred.jobs / counted.jobs).toBeCloseTo(1, 2);
  });

  it('survives the file', () => {
    const { history } = recordedPast(2, 20);
    expect(parseHistory(historyText(history), 'past.csv')).toEqual(history);
  });
});

describe('start delay', () => {
  it('by the tasks that are missing: each start takes a minute and a half here', () => {
    const history = Array.from({ length: 400 }, (_, i) => {
      const step = Math.floor(i / 10);
      const desired = 1 + (step % 2);
      const missing = step % 2 === 1 ? Math.max(0, Math.min(1, 1.5 - (i % 10))) : 0;
      return minute(i, { desired, running: desired - missing });
    });
    expect(startDelayOf(history)).toBeCloseTo(90, 6);
  });

  it('is not told by few starts, nor by coarse periods', () => {
    expect(
      startDelayOf([minute(0, { desired: 1, running: 1 }), minute(1, { desired: 3, running: 1 })]),
    ).toBeUndefined();
  });
});

describe('stretches without a word', () => {
  const idle = (from: number, count: number, visible = 0): History =>
    Array.from({ length: count }, (_, i) => minute(from + i, { sent: 0, visible }));
  it.each<[string, History, readonly boolean[]]>([
    ['none', idle(0, 5), []],
    ['six idle hours before: SQS had stopped, nothing came', [...idle(0, 360), ...idle(900, 3)], [true]],
    ['a moment before there was a backlog: nobody knows', [...idle(0, 360, 4), ...idle(900, 3)], [false]],
    ['idle for an hour only: nobody knows', [...idle(0, 60), ...idle(900, 3)], [false]],
    [
      'rows of the service alone do not speak of the queue',
      [...idle(0, 360), minute(500, { running: 2 }), ...idle(900, 3)],
      [true],
    ],
  ])('%s', (_, history, silent) => {
    expect(stretchesWithout(history).map((stretch) => stretch.silent)).toEqual(silent);
  });
});

describe('coarse periods', () => {
  it('are cut into the finest width, and no job is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(60, 300, 3600), fc.nat(500)), { minLength: 1 }), (rows) => {
        let at = pastStart;
        const history = rows.map(([periodSeconds, sent]) => {
          const point = { at, periodSeconds, sent };
          at += periodSeconds;
          return point;
        });
        const { buckets, jobs } = arrivalsOf(history);
        const width = Math.min(...rows.map(([seconds]) => seconds));
        expect(jobs).toBe(rows.reduce((sum, [, sent]) => sum + sent, 0));
        expect(buckets.reduce((sum, bucket) => sum + bucket.jobs, 0)).toBeCloseTo(jobs, 6);
        expect(buckets.every((bucket, i) => bucket.widthSeconds === width && bucket.second === i * width)).toBe(true);
      }),
    );
  });
});

describe('the file', () => {
  const head = 'time,period_s,sent,deleted,visible,in_flight,oldest_s,desired,running';
  it('takes any columns in any order, epoch seconds, and empty cells', () => {
    expect(parseHistory('time,running,sent\n1767571200,2,5\n1767571260,,7\n', 'past.csv')).toEqual([
      { at: 1_767_571_200, periodSeconds: 60, running: 2, sent: 5 },
      { at: 1_767_571_260, periodSeconds: 60, sent: 7 },
    ]);
  });
  it.each<[string, string]>([
    ['when,sent\n', 'past.csv:1: found "when,sent"'],
    ['time,sent,colour\n', 'columns that nobody knows: colour'],
    ['time,visible\n', 'sent, or deleted and visible, among them'],
    [`${head}\n2026-01-05,60,1\n`, 'past.csv:2: found "2026-01-05,60,1"; expected a time'],
    [`${head}\n2026-01-05T00:00:00Z,60,-1\n`, 'numbers of 0 or more, found "-1"'],
    [`${head}\n2026-01-05T00:01:00Z,60,1\n2026-01-05T00:01:30Z,60,1\n`, 'past.csv:3'],
    [`${head}\n2026-01-05T00:01:00Z,60,0\n2026-01-05T00:02:00Z,60,0\n`, 'no job in them'],
  ])('%j is bad input', (text, message) => {
    expect(() => parseHistory(text, 'past.csv')).toThrow(message);
  });
});
