import type { EpochSeconds } from '../../../model/units.ts';
import { CloudError, refuseUnmodelled } from '../cloud-error.ts';
import { type CloudWatchEvent, sampleOf } from '../cloudwatch.ts';
import type { MetricId, Sample } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

export const readMetricId = (metric: Fields, namespace = String(metric.Namespace)): MetricId => ({
  namespace,
  name: String(metric.MetricName),
  dimensions: readDimensions(metric.Dimensions),
});

const readDimensions = (dimensions: unknown): Readonly<Record<string, string>> => {
  const list = Array.isArray(dimensions) ? (dimensions as readonly Fields[]) : [];
  if (list.length > 30) fail('a metric takes at most 30 dimensions');
  return Object.fromEntries(list.map(({ Name, Value }) => [String(Name), String(Value)]));
};

export const readMetricDatum = (
  namespace: string,
  datum: Fields,
  now: EpochSeconds,
): Extract<CloudWatchEvent, { type: 'put' }> => {
  refuseUnmodelled('PutMetricData', datum, datumFields, 'InvalidParameterValueException');
  const at = Number(datum.Timestamp ?? now);
  if (!(at >= now - 14 * 86_400 && at <= now + 2 * 3600)) {
    fail(`Timestamp ${datum.Timestamp} must be from two weeks back to two hours ahead`);
  }
  return {
    type: 'put',
    metric: readMetricId(datum, namespace),
    sample: { ...readSample(datum, at), ...(datum.Unit === undefined ? {} : { unit: String(datum.Unit) }) },
    highResolution: datum.StorageResolution === 1,
  };
};

const datumFields = [
  'MetricName',
  'Dimensions',
  'Timestamp',
  'Value',
  'Values',
  'Counts',
  'StatisticValues',
  'Unit',
  'StorageResolution',
];

const readSample = (datum: Fields, at: EpochSeconds): Omit<Sample, 'seenAt'> => {
  if (Array.isArray(datum.Values)) return readValues(datum.Values, datum.Counts, at);
  if (datum.StatisticValues !== undefined) return readStatisticSet(datum.StatisticValues as Fields, at);
  return sampleOf(finite(datum.Value), at);
};

const readValues = (values: readonly unknown[], counts: unknown, at: EpochSeconds): Omit<Sample, 'seenAt'> => {
  if (values.length === 0 || values.length > 150) fail('Values takes 1 to 150 unique values');
  const times = Array.isArray(counts) ? counts.map(finite) : values.map(() => 1);
  if (times.length !== values.length) fail('Counts and Values must be of one length');
  const pairs = values.map((value, index) => [finite(value), times[index] ?? 1] as const);
  return {
    at,
    count: times.reduce((sum, count) => sum + count, 0),
    sum: pairs.reduce((sum, [value, count]) => sum + value * count, 0),
    minimum: Math.min(...pairs.map(([value]) => value)),
    maximum: Math.max(...pairs.map(([value]) => value)),
    values: pairs,
  };
};

const readStatisticSet = (set: Fields, at: EpochSeconds): Omit<Sample, 'seenAt'> => ({
  at,
  count: finite(set.SampleCount),
  sum: finite(set.Sum),
  minimum: finite(set.Minimum),
  maximum: finite(set.Maximum),
  values: [],
});

const finite = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fail(`a metric value must be a number, not ${value}`);

const fail = (message: string): never => {
  throw new CloudError('InvalidParameterValueException', message);
};
