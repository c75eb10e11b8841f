import { describe, expect, it } from 'vitest';
import { evaluateMath, type MathSeries } from '../../../lib/simulate/cloud/cloudwatch/metric-math.ts';
import { initialCloudWatchState, sampleOf, stepCloudWatch } from '../../../lib/simulate/cloud/cloudwatch.ts';
import { callCloudWatch } from '../../../lib/simulate/cloud/cloudwatch-api.ts';

const periods = [0, 60, 120];
const series: Readonly<Record<string, MathSeries>> = {
  a: new Map([
    [0, 1],
    [60, 2],
    [120, 3],
  ]),
  b: new Map([
    [0, 10],
    [120, 30],
  ]),
  z: new Map([
    [0, 0],
    [60, 4],
  ]),
  none: new Map(),
};
const evaluate = (expression: string): readonly (number | null)[] => {
  const result = evaluateMath(expression, (id) => series[id], { periods, periodSeconds: 60 });
  return periods.map((at) => result.get(at) ?? null);
};

describe('metric math', () => {
  it.each([
    ['a', [1, 2, 3]],
    ['a + 1', [2, 3, 4]],
    ['2 * a - 1', [1, 3, 5]],
    ['a + b * 2', [21, null, 63]],
    ['(a + b) * 2', [22, null, 66]],
    ['-a + 1e1', [9, 8, 7]],
    ['12 / 2 / a', [6, 3, 2]],
    ['a / z', [null, 0.5, null]],
    ['a/PERIOD(a)*60', [1, 2, 3]],
    ['FILL(b, 0)', [10, 0, 30]],
    ['FILL(b, REPEAT)', [10, 10, 30]],
    ['FILL(none, 0)', [0, 0, 0]],
    ['FILL(b, a)', [10, 2, 30]],
    ['IF(a > 1, a, 0)', [0, 2, 3]],
    ['IF(a >= 2, b, a)', [1, null, 30]],
    ['IF(a == 2, 5, 6)', [6, 5, 6]],
    ['IF(1 < 2, a, b)', [1, 2, 3]],
    ['MAX([a, b])', [10, 2, 30]],
    ['MIN([a, b, 2])', [1, 2, 2]],
    ['SUM([a, b])', [11, 2, 33]],
    ['AVG([a, b])', [5.5, 2, 16.5]],
    ['a - MIN(a)', [0, 1, 2]],
    ['ABS(a - 2)', [1, 0, 1]],
    ['CEIL(a / 2) + FLOOR(a / 2)', [1, 2, 3]],
    ['100 * FILL(z, 0) / a', [0, 200, 0]],
  ])('%s', (expression, values) => {
    expect(evaluate(expression)).toEqual(values);
  });

  it.each([
    ['RATE(a)', 'RATE is not modelled here'],
    ['SUM(METRICS())', 'METRICS is not modelled here'],
    ["SEARCH('{X} y', 'Sum')", 'is not modelled here'],
    ['FILL(b, LINEAR)', 'LINEAR'],
    ['a && b', '&& b in the expression a && b is not modelled here'],
    ['missing + 1', 'there is no query with the id missing'],
    ['1 + 1', 'is a number, not a time series'],
    ['[a, b]', 'is a list, not a time series'],
    ['MAX(a)', 'is a number, not a time series'],
    ['[a] + 1', 'a list stands where a metric should'],
    ['a +', 'ends too early'],
    ['a b', 'found b after the end'],
    ['(a', 'ends too early'],
    ['IF(a, 1)', 'IF takes a condition and two values'],
    ['FILL(1, 0)', 'FILL takes a metric and a filler'],
  ])('%s is refused', (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
  });
});

describe('GetMetricData with expressions', () => {
  const now = 6_000;
  const put = (name: string, values: readonly number[]) =>
    values.map(
      (value, i) =>
        ({
          type: 'put',
          metric: { namespace: 'App', name, dimensions: {} },
          sample: sampleOf(value, 5_700 + i * 60),
        }) as const,
    );
  const state = [...put('Errors', [1, 2]), ...put('Requests', [10, 40])].reduce(
    (before, event) => stepCloudWatch(before, event, now).state,
    initialCloudWatchState({ region: 'us-east-1', account: '000000000000' }),
  );
  const stat = (name: string) => ({ Metric: { Namespace: 'App', MetricName: name }, Period: 60, Stat: 'Sum' });
  const call = (...queries: readonly object[]) =>
    callCloudWatch(state, 'GetMetricData', { StartTime: 5_700, EndTime: 6_000, MetricDataQueries: queries }, now).output
      .MetricDataResults as readonly { Id: string; Values: number[]; Timestamps: number[] }[];
  const inputs = [
    { Id: 'e', MetricStat: stat('Errors'), ReturnData: false },
    { Id: 'r', MetricStat: stat('Requests'), ReturnData: false },
  ];

  it('gives the expression, newest first, and not the metrics that only feed it', () => {
    const [result, ...others] = call({ Id: 'share', Expression: '100 * e / r', Period: 60 }, ...inputs);
    expect(result).toMatchObject({ Id: 'share', Values: [5, 10], Timestamps: [5_760, 5_700] });
    expect(others).toEqual([]);
  });

  it('an expression may stand on another, and takes the period of what it names', () => {
    expect(
      call({ Id: 'x', Expression: 'y * 2' }, { Id: 'y', Expression: 'e + 0', ReturnData: false }, ...inputs)[0],
    ).toMatchObject({
      Values: [4, 2],
    });
  });

  it.each([
    ['itself', [{ Id: 'x', Expression: 'x + 1' }], 'needs itself'],
    ['two of one id', [...inputs, ...inputs], 'must differ'],
    ['both kinds', [{ Id: 'x', Expression: 'e', MetricStat: stat('Errors') }, ...inputs], 'not both'],
    ['an odd period', [{ Id: 'x', Expression: 'e', Period: 7 }, ...inputs], 'Period 7'],
  ])('%s is refused', (_, queries, message) => {
    expect(() => call(...queries)).toThrow(message);
  });
});
