import { describe, expect, test } from 'vitest';
import { judge } from '../../../lib/simulate/cloud/cloudwatch/alarm.ts';
import { readAlarmSpec } from '../../../lib/simulate/cloud/cloudwatch/read-alarm.ts';
import type { AlarmState, CloudWatchState } from '../../../lib/simulate/cloud/cloudwatch/types.ts';
import {
  initialCloudWatchState,
  nextCloudWatchWakeAt,
  sampleOf,
  stepCloudWatch,
} from '../../../lib/simulate/cloud/cloudwatch.ts';
import { callCloudWatch } from '../../../lib/simulate/cloud/cloudwatch-api.ts';

const account = { region: 'eu-west-1', account: '123456789012' };
const metric = { namespace: 'N', name: 'm', dimensions: { Q: 'a' } };
const minute = 60 * 30_000_000;

const put = (state: CloudWatchState, at: number, value: number, now = at): CloudWatchState =>
  stepCloudWatch(state, { type: 'put', metric, sample: sampleOf(value, at) }, now).state;

const read = (state: CloudWatchState, more: object = {}, now = minute + 600): readonly [unknown, unknown] => {
  const Metric = { Namespace: 'N', MetricName: 'm', Dimensions: [{ Name: 'Q', Value: 'a' }] };
  const { Period = 60, Stat = 'Sum', Unit, ...range } = more as { Period?: number; Stat?: string; Unit?: string };
  const query = { Id: 'a', MetricStat: { Metric, Period, Stat, Unit } };
  const input = { StartTime: minute, EndTime: minute + 180, MetricDataQueries: [query], ...range };
  const results = callCloudWatch(state, 'GetMetricData', input, now).output.MetricDataResults;
  const [result] = results as readonly { readonly Timestamps: unknown; readonly Values: unknown }[];
  return [result?.Timestamps, result?.Values];
};

describe('GetMetricData', () => {
  const data = [0, 10, 60, 120, 180].reduce((state, s) => put(state, minute + s, 1), initialCloudWatchState(account));

  test('StartTime is inclusive, EndTime exclusive, newest first, times are period starts', () => {
    expect(read(data)).toEqual([
      [minute + 120, minute + 60, minute],
      [1, 1, 2],
    ]);
    expect(read(data, { ScanBy: 'TimestampAscending' })[1]).toEqual([2, 1, 1]);
  });

  test('missing points are absent, and another dimension is another series', () => {
    const gap = put(put(initialCloudWatchState(account), minute, 1), minute + 120, 3);
    expect(read(gap)).toEqual([
      [minute + 120, minute],
      [3, 1],
    ]);
  });

  test('what is not yet published is not there', () => {
    const late = put(initialCloudWatchState({ ...account, publicationDelaySeconds: 90 }), minute, 5);
    expect(read(late, {}, minute + 89)[1]).toEqual([]);
    expect(read(late, {}, minute + 90)[1]).toEqual([5]);
  });

  test.each([
    ['p0', 1],
    ['p50', 2],
    ['p75', 3],
    ['p99.9', 4],
    ['Average', 2.5],
    ['SampleCount', 4],
    ['Minimum', 1],
    ['Maximum', 4],
  ])('%s', (Stat, value) => {
    const four = [4, 1, 3, 2].reduce((state, v) => put(state, minute, v), initialCloudWatchState(account));
    expect(read(four, { Stat })[1]).toEqual([value]);
  });

  test('a wrong unit gives nothing, no unit gives all', () => {
    expect(read(data, { Unit: 'Seconds' })[1]).toEqual([]);
    expect(read(data, { Unit: 'None' })[1]).toEqual([1, 1, 2]);
  });

  test('periods below a minute need a high-resolution metric and are gone after 3 hours', () => {
    expect(read(data, { Period: 10 })[1]).toEqual([]);
    const fine = stepCloudWatch(
      data,
      { type: 'put', metric, sample: sampleOf(7, minute + 20), highResolution: true },
      minute,
    ).state;
    expect(read(fine, { Period: 10, EndTime: minute + 60 })[1]).toEqual([7, 1, 1]);
    expect(read(fine, { Period: 10, EndTime: minute + 60 }, minute + 3 * 3600 + 1)[1]).toEqual([]);
  });

  test('minutes older than 15 days, and 5 minutes older than 63 days, give no data and no error', () => {
    const day = 86_400;
    expect(read(data, {}, minute + 16 * day)[1]).toEqual([]);
    expect(read(data, { Period: 300, StartTime: minute - 300 }, minute + 16 * day)[1]).toEqual([5]);
    expect(read(data, { Period: 300 }, minute + 64 * day)[1]).toEqual([]);
  });

  test.each([
    ['an upper-case id', { MetricDataQueries: [{ Id: 'A', MetricStat: {} }] }, 'lowercase'],
    ['501 queries', { MetricDataQueries: Array(501).fill({ Id: 'a' }) }, '500'],
    [
      'a period of 90 s',
      { MetricDataQueries: [{ Id: 'a', MetricStat: { Stat: 'Sum', Period: 90, Metric: {} } }] },
      'multiple of 60',
    ],
    [
      'trimmed means',
      { MetricDataQueries: [{ Id: 'a', MetricStat: { Stat: 'tm90', Period: 60, Metric: {} } }] },
      'tm90',
    ],
  ])('%s is refused', (_, input, message) => {
    const range = { StartTime: minute, EndTime: minute + 60 };
    expect(() => callCloudWatch(data, 'GetMetricData', { ...range, ...input }, minute)).toThrow(message);
  });
});

describe('PutMetricData', () => {
  const call = (datum: object): CloudWatchState =>
    callCloudWatch(
      initialCloudWatchState(account),
      'PutMetricData',
      {
        Namespace: 'N',
        MetricData: [{ MetricName: 'm', Dimensions: [{ Name: 'Q', Value: 'a' }], Timestamp: minute, ...datum }],
      },
      minute,
    ).state;

  test('Values with Counts and statistic sets', () => {
    expect(read(call({ Values: [1, 5], Counts: [3, 1] }), { Stat: 'Average' })[1]).toEqual([2]);
    expect(read(call({ Values: [1, 5], Counts: [3, 1] }), { Stat: 'p75' })[1]).toEqual([1]);
    const StatisticValues = { SampleCount: 2, Sum: 6, Minimum: 1, Maximum: 5 };
    expect(read(call({ StatisticValues }), { Stat: 'Average' })[1]).toEqual([3]);
    expect(read(call({ StatisticValues }), { Stat: 'p50' })[1]).toEqual([]);
  });

  test.each([
    ['NaN', { Value: Number.NaN }, 'must be a number'],
    ['three hours ahead', { Value: 1, Timestamp: minute + 3 * 3600 }, 'two hours ahead'],
    ['151 values', { Values: Array(151).fill(1) }, '150'],
  ])('%s is refused', (_, datum, message) => {
    expect(() => call(datum)).toThrow(message);
  });
});

const alarmSpec = (more: object = {}) =>
  readAlarmSpec({
    AlarmName: 'a',
    Namespace: 'N',
    MetricName: 'm',
    Dimensions: [{ Name: 'Q', Value: 'a' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    AlarmActions: ['arn:alarm'],
    OKActions: ['arn:ok'],
    ...more,
  });

describe('alarms', () => {
  // The tables of AWS' page on missing data: five periods, X breaches, 0 does not, - is missing.
  const table: readonly (readonly [number, string, AlarmState, AlarmState | 'retain', AlarmState, AlarmState])[] = [
    [3, '0-X-X', 'OK', 'OK', 'OK', 'OK'],
    [3, '0----', 'OK', 'OK', 'OK', 'OK'],
    [3, '-----', 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
    [3, '0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [3, '--X--', 'ALARM', 'retain', 'ALARM', 'OK'],
    [2, '0-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '00X0X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0-X--', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '----0', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '---X-', 'ALARM', 'retain', 'ALARM', 'OK'],
  ];
  test.each(table)('%i of 3 over %s', (m, periods, missing, ignore, breaching, notBreaching) => {
    const points = [...periods]
      .filter((mark) => mark !== '-')
      .map((mark) => mark === 'X')
      .slice(-3);
    const found = ['missing', 'ignore', 'breaching', 'notBreaching'].map((TreatMissingData) =>
      judge(alarmSpec({ DatapointsToAlarm: m, TreatMissingData }), points, 'OK'),
    );
    const expected = [missing, ignore === 'retain' ? 'OK' : ignore, breaching, notBreaching];
    expect(found).toEqual(expected);
  });

  test('a heartbeat that stops ends in ALARM after the range has run empty, with its actions; coming back is OK', () => {
    const spec = alarmSpec({ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' });
    let state = stepCloudWatch(initialCloudWatchState(account), { type: 'putAlarm', spec }, minute).state;
    const seen: unknown[] = [];
    for (let i = 1; i <= 20; i += 1) {
      if (i <= 3 || i >= 12) state = put(state, minute + i * 60 - 30, 1);
      expect(nextCloudWatchWakeAt(state, minute + i * 60)).toBe(minute + i * 60);
      const step = stepCloudWatch(state, { type: 'timePassed' }, minute + i * 60);
      state = step.state;
      seen.push(...step.effects.map(({ alarm, actions }) => [i, alarm.state, actions]));
    }
    expect(seen).toEqual([
      [1, 'OK', ['arn:ok']],
      // The last beat lies in period 2; N + 2 = 5 periods later it has left the range.
      [8, 'ALARM', ['arn:alarm']],
      [12, 'OK', ['arn:ok']],
    ]);
  });

  test('a new alarm is INSUFFICIENT_DATA; putting it again keeps the state; disabled actions stay silent', () => {
    const spec = alarmSpec({ ActionsEnabled: false, EvaluationPeriods: 1 });
    let state = stepCloudWatch(initialCloudWatchState(account), { type: 'putAlarm', spec }, minute).state;
    expect(state.alarms.get('a')?.state).toBe('INSUFFICIENT_DATA');
    const step = stepCloudWatch(put(state, minute + 5, 2), { type: 'timePassed' }, minute + 60);
    expect(step.effects).toMatchObject([{ before: 'INSUFFICIENT_DATA', alarm: { state: 'ALARM' }, actions: [] }]);
    state = stepCloudWatch(step.state, { type: 'putAlarm', spec }, minute + 61).state;
    expect(state.alarms.get('a')?.state).toBe('ALARM');
  });

  test('what an alarm cannot be here is refused by name', () => {
    const call = (more: object): unknown =>
      callCloudWatch(initialCloudWatchState(account), 'PutMetricAlarm', { AlarmName: 'x', ...more }, minute);
    expect(() => call({ Metrics: [] })).toThrow('Metrics is not modelled');
    expect(() => alarmSpec({ ComparisonOperator: 'GreaterThanUpperThreshold' })).toThrow('GreaterThanUpperThreshold');
    expect(() => alarmSpec({ DatapointsToAlarm: 4 })).toThrow('DatapointsToAlarm');
  });
});
