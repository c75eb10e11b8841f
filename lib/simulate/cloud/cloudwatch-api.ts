import type { EpochSeconds } from '../../model/units.ts';
import { CloudError, refuseUnmodelled } from './cloud-error.ts';
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
  const results = queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .map((query) => {
      const points = readPoints(state, query, { start, end }, now);
      const sorted = newestFirst ? [...points].reverse() : points;
      return {
        Id: query.Id,
        Label: query.Label ?? (query.MetricStat as { Metric?: { MetricName?: string } }).Metric?.MetricName,
        Timestamps: sorted.map(([at]) => at),
        Values: sorted.map(([, value]) => value),
        StatusCode: 'Complete',
      };
    });
  const points = results.reduce((sum, { Values }) => sum + Values.length, 0);
  if (points > Number(input.MaxDatapoints ?? 100_800)) fail('GetMetricData: paging of datapoints is not modelled here');
  return { state, effects: [], output: { MetricDataResults: results, Messages: [] } };
};

const readPoints = (
  state: CloudWatchState,
  query: Fields,
  range: { readonly start: EpochSeconds; readonly end: EpochSeconds },
  now: EpochSeconds,
): ReturnType<typeof aggregate> => {
  refuseUnmodelled('GetMetricData', query, ['Id', 'MetricStat', 'Label', 'ReturnData'], invalid);
  if (!/^[a-z][A-Za-z0-9_]*$/.test(String(query.Id))) fail(`Id ${query.Id} must start with a lowercase letter`);
  const stat = (query.MetricStat ?? fail('MetricStat is required')) as Fields;
  refuseUnmodelled('GetMetricData.MetricStat', stat, ['Metric', 'Period', 'Stat', 'Unit'], invalid);
  if (!isStatistic(String(stat.Stat))) fail(`the statistic ${stat.Stat} is not modelled here`);
  const period = Number(stat.Period);
  if (![1, 5, 10, 20, 30].includes(period) && !(period >= 60 && period % 60 === 0)) {
    fail(`Period ${stat.Period} must be 1, 5, 10, 20, 30 or a multiple of 60`);
  }
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
