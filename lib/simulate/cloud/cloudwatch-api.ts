import type { EpochSeconds } from '../../model/units.ts';
import { CloudError, refuseUnmodelled } from './cloud-error.ts';
import { evaluateMath, type MathSeries } from './cloudwatch/metric-math.ts';
import { readAlarmSpec } from './cloudwatch/read-alarm.ts';
import { readMetricDatum, readMetricId } from './cloudwatch/read-metric.ts';
import { aggregate, isStatistic } from './cloudwatch/statistics.ts';
import type { Alarm, CloudWatchState, Series } from './cloudwatch/types.ts';
import { type CloudWatchStep, seriesKey, stepCloudWatch } from './cloudwatch.ts';

type Fields = Readonly<Record<string, unknown>>;
export interface CloudWatchAnswer extends CloudWatchStep {
  readonly output: Fields;
}

/**
 * One call of the CloudWatch API, by the operation's name, with input and output as on the wire (PascalCase, epoch
 * seconds). Throws CloudError for what AWS refuses and for what is not modelled; then nothing has changed.
 */
export const callCloudWatch = (
  state: CloudWatchState,
  operation: string,
  input: Fields,
  now: EpochSeconds,
): CloudWatchAnswer => {
  const known = operations[operation];
  if (!known) {
    throw new CloudError('UnknownOperationException', `CloudWatch: the operation ${operation} is not modelled here`);
  }
  refuseUnmodelled(operation, input, known.parameters, invalid);
  return known.run(state, input, now);
};

const invalid = 'InvalidParameterValueException';
const fail = (message: string, type = invalid): never => {
  throw new CloudError(type, message);
};

type Run = (state: CloudWatchState, input: Fields, now: EpochSeconds) => CloudWatchAnswer;

const putMetricData: Run = (before, input, now) => {
  const namespace = String(input.Namespace ?? fail('Namespace is required', 'MissingRequiredParameterException'));
  const data = Array.isArray(input.MetricData) ? input.MetricData : [];
  if (data.length > 1000) fail('MetricData takes at most 1000 metrics');
  const state = data
    .map((datum) => readMetricDatum(namespace, datum as Fields, now))
    .reduce((current, put) => stepCloudWatch(current, put, now).state, before);
  return { state, effects: [], output: {} };
};

const getMetricData: Run = (state, input, now) => {
  const queries = Array.isArray(input.MetricDataQueries) ? (input.MetricDataQueries as readonly Fields[]) : [];
  if (queries.length === 0 || queries.length > 500) fail('MetricDataQueries takes 1 to 500 queries');
  const start = Number(input.StartTime ?? Number.NaN);
  const end = Number(input.EndTime ?? Number.NaN);
  if (!(start < end)) fail('StartTime must be before EndTime');
  const newestFirst = input.ScanBy !== 'TimestampAscending';
  const read = pointsReader(state, queries, { start, end }, now);
  const results = queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .map((query) => {
      const points = read(query);
      const sorted = newestFirst ? [...points].reverse() : points;
      return {
        Id: query.Id,
        Label:
          query.Label ?? (query.MetricStat as { Metric?: { MetricName?: string } })?.Metric?.MetricName ?? query.Id,
        Timestamps: sorted.map(([at]) => at),
        Values: sorted.map(([, value]) => value),
        StatusCode: 'Complete',
      };
    });
  const points = results.reduce((sum, { Values }) => sum + Values.length, 0);
  if (points > Number(input.MaxDatapoints ?? 100_800)) fail('GetMetricData: paging of datapoints is not modelled here');
  return { state, effects: [], output: { MetricDataResults: results, Messages: [] } };
};

type Points = ReturnType<typeof aggregate>;
type Range = { readonly start: EpochSeconds; readonly end: EpochSeconds };

/** Expressions may look at any query of the call, other expressions too. */
const pointsReader = (
  state: CloudWatchState,
  queries: readonly Fields[],
  range: Range,
  now: EpochSeconds,
): ((query: Fields) => Points) => {
  const byId = new Map(queries.map((query) => [String(query.Id), query]));
  if (byId.size < queries.length) fail('the ids of MetricDataQueries must differ', 'ValidationError');
  const underWay = new Set<Fields>();
  const read = (query: Fields): Points => {
    refuseUnmodelled(
      'GetMetricData',
      query,
      ['Id', 'MetricStat', 'Expression', 'Period', 'Label', 'ReturnData'],
      invalid,
    );
    if (!/^[a-z][A-Za-z0-9_]*$/.test(String(query.Id))) fail(`Id ${query.Id} must start with a lowercase letter`);
    if (query.Expression === undefined) return readPoints(state, query, range, now);
    if (query.MetricStat !== undefined) fail('a query has an Expression or a MetricStat, not both', 'ValidationError');
    if (underWay.has(query)) fail(`Error in expression: ${query.Id} needs itself`, 'ValidationError');
    underWay.add(query);
    const periodSeconds = checkPeriod(query.Period ?? periodWithin(query, byId));
    const first = Math.floor(range.start / periodSeconds) * periodSeconds;
    const count = Math.max(0, Math.ceil((range.end - first) / periodSeconds));
    const periods = Array.from({ length: count }, (_, i) => first + i * periodSeconds);
    const series = (id: string): MathSeries | undefined => {
      const other = byId.get(id);
      return other && new Map(read(other));
    };
    const points = [...evaluateMath(String(query.Expression), series, { periods, periodSeconds })];
    underWay.delete(query);
    return points.sort((a, b) => a[0] - b[0]);
  };
  return read;
};

/** Without a period of its own an expression has that of the metrics in it. */
const periodWithin = (query: Fields, byId: ReadonlyMap<string, Fields>): unknown => {
  const named = String(query.Expression).match(/[a-z]\w*/g) ?? [];
  const stat = named.map((id) => byId.get(id)?.MetricStat as Fields | undefined).find((found) => found !== undefined);
  return stat?.Period ?? 60;
};

const checkPeriod = (value: unknown): number => {
  const period = Number(value);
  if ([1, 5, 10, 20, 30].includes(period) || (period >= 60 && period % 60 === 0)) return period;
  return fail(`Period ${value} must be 1, 5, 10, 20, 30 or a multiple of 60`);
};

const readPoints = (state: CloudWatchState, query: Fields, range: Range, now: EpochSeconds): Points => {
  const stat = (query.MetricStat ?? fail('MetricStat is required')) as Fields;
  refuseUnmodelled('GetMetricData.MetricStat', stat, ['Metric', 'Period', 'Stat', 'Unit'], invalid);
  if (!isStatistic(String(stat.Stat))) fail(`the statistic ${stat.Stat} is not modelled here`);
  const period = checkPeriod(stat.Period);
  const series = state.series.get(seriesKey(readMetricId(stat.Metric as Fields)));
  if (!isReadable(series, period, now - range.start)) return [];
  const unit = stat.Unit === undefined ? undefined : String(stat.Unit);
  return aggregate(series, String(stat.Stat), { ...range, periodSeconds: period }, now, unit);
};

/** Old data is kept in coarse periods only; asking finer gives no data and no error. */
const isReadable = (series: Series | undefined, period: number, ageSeconds: number): boolean => {
  if (period < 60) return series?.highResolution === true && ageSeconds <= 3 * 3600;
  if (ageSeconds > 63 * 86_400) return period % 3600 === 0;
  return ageSeconds <= 15 * 86_400 || period % 300 === 0;
};

const putMetricAlarm: Run = (state, input, now) => ({
  ...stepCloudWatch(state, { type: 'putAlarm', spec: readAlarmSpec(input) }, now),
  output: {},
});

const describeAlarms: Run = (state, input) => {
  const names = Array.isArray(input.AlarmNames) ? input.AlarmNames.map(String) : undefined;
  const prefix = input.AlarmNamePrefix === undefined ? '' : String(input.AlarmNamePrefix);
  const alarms = [...state.alarms.values()]
    .filter(({ spec }) => names?.includes(spec.name) ?? spec.name.startsWith(prefix))
    .filter((alarm) => input.StateValue === undefined || alarm.state === input.StateValue)
    .sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  const start = Number(input.NextToken ?? 0);
  const end = start + Number(input.MaxRecords ?? 50);
  const output = {
    MetricAlarms: alarms.slice(start, end).map(describeAlarm),
    CompositeAlarms: [],
    ...(end < alarms.length ? { NextToken: String(end) } : {}),
  };
  return { state, effects: [], output };
};

const describeAlarm = ({ spec, arn, state, reason, changedAt }: Alarm): Fields => ({
  AlarmName: spec.name,
  AlarmArn: arn,
  AlarmDescription: spec.description,
  StateValue: state,
  StateReason: reason,
  StateUpdatedTimestamp: changedAt,
  Namespace: spec.metric.namespace,
  MetricName: spec.metric.name,
  Dimensions: Object.entries(spec.metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
  Statistic: spec.statistic.startsWith('p') ? undefined : spec.statistic,
  ExtendedStatistic: spec.statistic.startsWith('p') ? spec.statistic : undefined,
  Unit: spec.unit,
  Period: spec.periodSeconds,
  EvaluationPeriods: spec.evaluationPeriods,
  DatapointsToAlarm: spec.datapointsToAlarm,
  Threshold: spec.threshold,
  ComparisonOperator: spec.comparison,
  TreatMissingData: spec.missingData,
  ActionsEnabled: spec.actionsEnabled,
  AlarmActions: spec.alarmActions,
  OKActions: spec.okActions,
  InsufficientDataActions: spec.insufficientDataActions,
});

const alarmParameters = [
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'Tags',
];

const operations: Readonly<Record<string, { readonly parameters: readonly string[]; readonly run: Run }>> = {
  PutMetricData: { parameters: ['Namespace', 'MetricData'], run: putMetricData },
  GetMetricData: {
    parameters: ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy', 'MaxDatapoints'],
    run: getMetricData,
  },
  PutMetricAlarm: { parameters: alarmParameters, run: putMetricAlarm },
  DescribeAlarms: {
    parameters: ['AlarmNames', 'AlarmNamePrefix', 'StateValue', 'MaxRecords', 'NextToken'],
    run: describeAlarms,
  },
};
