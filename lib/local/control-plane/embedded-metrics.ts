import type { MetricDatum } from './interface.ts';

/** Metrics of one line of CloudWatch's embedded metric format; undefined for any other line. */
export const parseEmbeddedMetrics = (line: string): readonly MetricDatum[] | undefined => {
  if (!line.includes('"_aws"')) return undefined;
  const blob = parseJson(line);
  const aws = blob?._aws as EmbeddedHeader | undefined;
  if (!blob || !aws?.CloudWatchMetrics) return undefined;
  const at = (aws.Timestamp ?? Date.now()) / 1000;
  return aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name, Unit }) =>
        valuesOf(blob[Name]).map((value) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(blob[name])])),
          value,
          ...(Unit === undefined ? {} : { unit: Unit }),
          at,
        })),
      ),
    ),
  );
};

interface EmbeddedHeader {
  readonly Timestamp?: number;
  readonly CloudWatchMetrics?: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
  }[];
}

const valuesOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is number => typeof item === 'number');

const parseJson = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
