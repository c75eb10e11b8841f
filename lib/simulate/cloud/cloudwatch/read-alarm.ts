import { CloudError } from '../cloud-error.ts';
import { readMetricId } from './read-metric.ts';
import { isStatistic } from './statistics.ts';
import type { AlarmSpec, ComparisonOperator, MissingData } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The properties of PutMetricAlarm, which are those of AWS::CloudWatch::Alarm too (numbers may be texts there). */
export const readAlarmSpec = (input: Fields): AlarmSpec => {
  const statistic = String(input.Statistic ?? input.ExtendedStatistic);
  if (!isStatistic(statistic)) fail(`the statistic ${statistic} is not modelled here`);
  const evaluationPeriods = whole('EvaluationPeriods', input.EvaluationPeriods);
  const datapointsToAlarm = whole('DatapointsToAlarm', input.DatapointsToAlarm ?? evaluationPeriods);
  if (datapointsToAlarm > evaluationPeriods) fail('DatapointsToAlarm must not be above EvaluationPeriods');
  return {
    name: String(input.AlarmName),
    ...(input.AlarmDescription === undefined ? {} : { description: String(input.AlarmDescription) }),
    ...(input.Unit === undefined ? {} : { unit: String(input.Unit) }),
    metric: readMetricId(input),
    statistic,
    periodSeconds: whole('Period', input.Period),
    evaluationPeriods,
    datapointsToAlarm,
    threshold: number('Threshold', input.Threshold),
    comparison: oneOf('ComparisonOperator', input.ComparisonOperator, comparisons),
    missingData: oneOf('TreatMissingData', input.TreatMissingData ?? 'missing', missingDataWays),
    actionsEnabled: input.ActionsEnabled !== false && input.ActionsEnabled !== 'false',
    alarmActions: texts(input.AlarmActions),
    okActions: texts(input.OKActions),
    insufficientDataActions: texts(input.InsufficientDataActions),
  };
};

const comparisons: readonly ComparisonOperator[] = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];
const missingDataWays: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

const texts = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : []);

const number = (name: string, value: unknown): number => {
  const read = typeof value === 'string' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : fail(`${name} must be a number, not ${value}`);
};

const whole = (name: string, value: unknown): number => {
  const read = number(name, value);
  return Number.isInteger(read) && read >= 1 ? read : fail(`${name} must be a whole number from 1, not ${value}`);
};

const oneOf = <T extends string>(name: string, value: unknown, known: readonly T[]): T =>
  known.find((candidate) => candidate === value) ?? fail(`${name} ${value} is not modelled here`);

const fail = (message: string): never => {
  throw new CloudError('InvalidParameterValueException', message);
};
