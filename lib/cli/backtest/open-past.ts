import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { BadInput } from '../../model/bad-input.ts';
import type { History } from '../../model/history.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { historyDaysMax, type PastMetrics, readHistory } from '../../observe/read-history.ts';
import { arrivalsOf, type PastArrivals } from '../../simulate/history/arrivals-of.ts';
import { spanOf, stretchesWithout } from '../../simulate/history/history.ts';
import { isHistoryText, parseHistory } from '../../simulate/history/history-file.ts';
import { traceServiceSeconds } from '../../simulate/simulated-jobs.ts';
import { parseTrace, type TraceBucket, traceSeconds } from '../../simulate/trace-file.ts';
import { readInputFile } from '../simulate/read-input-file.ts';
import { type BacktestOptions, labelOf, type PastSource } from './options.ts';

/** The past, whatever it was read from. */
export interface Past {
  readonly label: string;
  readonly buckets: readonly TraceBucket[];
  readonly seconds: Seconds;
  readonly jobs: number;
  /** Absent: a trace has no date. */
  readonly from?: EpochSeconds;
  /** Stretches without a word about the queue: was it idle, or is nothing known? */
  readonly silentSeconds: Seconds;
  readonly unknownSeconds: Seconds;
  readonly finestPeriodSeconds: Seconds;
  readonly finestShare: number;
  readonly arrivals: PastArrivals['how'];
  readonly balance?: number;
  /** What the trace itself says of run times. */
  readonly traceServiceSeconds?: Seconds;
  readonly history?: History;
  readonly tasksFrom?: string;
  readonly metricsAsked?: number;
}

/** @throws BadInput for a file that cannot be used and for a queue of which nothing is known. */
export const openPast = async (options: BacktestOptions): Promise<Past> => {
  const { source } = options;
  if (source.kind === 'cloudwatch') {
    const days = Math.min(historyDaysMax, options.days ?? historyDaysMax);
    const metrics = await askCloudWatch(source, days);
    if (!metrics.history.some(({ sent = 0, deleted = 0 }) => sent + deleted > 0))
      throw nothingKnown(source.queue, days);
    return { ...pastOf(labelOf(source), metrics.history), ...ofMetrics(metrics) };
  }
  const text = await readInputFile(source.file, `--${source.kind}`, 'a CSV file');
  if (source.kind === 'history')
    return pastOf(labelOf(source), lastDays(parseHistory(text, source.file), options.days));
  if (isHistoryText(text)) throw isHistory(source.file);
  return pastOfTrace(source.file, lastDaysOfTrace(parseTrace(text, source.file), options.days));
};

const ofMetrics = ({ tasksFrom, metricsAsked }: PastMetrics) => ({ ...(tasksFrom && { tasksFrom }), metricsAsked });

const askCloudWatch = async (
  source: Extract<PastSource, { kind: 'cloudwatch' }>,
  days: number,
): Promise<PastMetrics> => {
  const cloudwatch = new CloudWatchClient({});
  try {
    return await readHistory(cloudwatch, source, Date.now() / 1000, days);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (/region is missing/i.test(message)) throw noRegion();
    throw new Error(`CloudWatch cannot be read (${name}: ${message}). It takes cloudwatch:GetMetricData.`, {
      cause: error,
    });
  } finally {
    cloudwatch.destroy();
  }
};

const pastOf = (label: string, history: History): Past => {
  const { from, to } = spanOf(history);
  const { buckets, jobs, how, balance } = arrivalsOf(history);
  const stretches = stretchesWithout(history);
  const lengthOf = (silent: boolean) =>
    stretches.reduce((sum, stretch) => sum + (stretch.silent === silent ? stretch.to - stretch.from : 0), 0);
  const finest = Math.min(...history.map(({ periodSeconds }) => periodSeconds));
  const ofPeriod = (fits: (seconds: Seconds) => boolean) =>
    history.reduce((sum, { periodSeconds }) => sum + (fits(periodSeconds) ? periodSeconds : 0), 0);
  const tasksKnown = history.some(({ running }) => running !== undefined);
  return {
    label,
    buckets,
    seconds: to - from,
    jobs,
    from,
    silentSeconds: lengthOf(true),
    unknownSeconds: lengthOf(false),
    finestPeriodSeconds: finest,
    finestShare: ofPeriod((seconds) => seconds === finest) / ofPeriod(() => true),
    arrivals: how,
    ...(balance !== undefined && { balance }),
    history,
    ...(tasksKnown && { tasksFrom: 'the file' }),
  };
};

const pastOfTrace = (file: string, buckets: readonly TraceBucket[]): Past => {
  const serviceSeconds = traceServiceSeconds(buckets);
  const widths = buckets.map(({ widthSeconds }) => widthSeconds).sort((a, b) => a - b);
  return {
    label: file,
    buckets,
    seconds: traceSeconds(buckets),
    jobs: buckets.reduce((sum, { jobs }) => sum + jobs, 0),
    silentSeconds: 0,
    unknownSeconds: 0,
    finestPeriodSeconds: widths[Math.floor(widths.length / 2)] ?? 60,
    finestShare: 1,
    arrivals: 'counted',
    ...(serviceSeconds !== undefined && { traceServiceSeconds: serviceSeconds }),
  };
};

const lastDays = (history: History, days: number | undefined): History => {
  const { to } = spanOf(history);
  return days === undefined ? history : history.filter(({ at }) => at >= to - days * 86_400);
};

const lastDaysOfTrace = (buckets: readonly TraceBucket[], days: number | undefined): readonly TraceBucket[] => {
  const end = (buckets.at(-1)?.second ?? 0) + (buckets.at(-1)?.widthSeconds ?? 0);
  return days === undefined ? buckets : buckets.filter(({ second }) => second >= end - days * 86_400);
};

const nothingKnown = (queue: string, days: number): BadInput =>
  new BadInput([
    {
      path: '--queue',
      found: `no message sent to or deleted from "${queue}" in ${days} days`,
      expected: 'a queue with a past in this region and account',
      mend: 'Check its name (the last part of its URL), AWS_REGION and AWS_PROFILE, or take more --days.',
    },
  ]);

const noRegion = (): BadInput =>
  new BadInput([
    {
      path: 'AWS_REGION',
      found: 'no region',
      expected: 'the region of the queue',
      mend: 'Set AWS_REGION or a profile, or read a file with --history or --trace.',
    },
  ]);

const isHistory = (file: string): BadInput =>
  new BadInput([
    {
      path: '--trace',
      found: `${file}, which begins with "time"`,
      expected: 'a trace: second,jobs[,mean_service_s]',
      mend: `That is a history: --history ${file}.`,
    },
  ]);
