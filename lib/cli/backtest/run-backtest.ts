import { type BacktestConfig, configOf } from '../../report/backtest/config-of.ts';
import { type Reach, type Recommendation, recommend } from '../../report/backtest/recommend.ts';
import { type Trust, trustOf } from '../../report/backtest/trust.ts';
import type { Comparison } from '../../report/simulation/comparison.ts';
import { slo } from '../../simulate/baselines/slo.ts';
import { type MeasuredWaits, measuredWaits } from '../../simulate/history/measured-waits.ts';
import { type RecordedFleet, recordedFleet } from '../../simulate/history/recorded-setting.ts';
import { playSetting } from '../../simulate/play.ts';
import { compare, type ExtraRun, usdOfTaskHour } from '../simulate/compare.ts';
import { documentOf } from '../simulate/document.ts';
import { type OpenStage, stageFor } from '../simulate/open-stage.ts';
import type { Past } from './open-past.ts';
import type { BacktestOptions } from './options.ts';
import { type Estimates, settleEstimates, withEstimates } from './settle-estimates.ts';
import { reachAround, trySettings } from './try-settings.ts';

/** The row of what is there today. */
export const todayName = 'today';

/** What `--json` prints: the comparison's document, and what a backtest adds to it. */
export interface BacktestDocument extends ReturnType<typeof documentOf> {
  readonly history: Omit<Past, 'buckets' | 'history' | 'traceServiceSeconds' | 'from'> & { readonly from?: string };
  readonly estimates: Estimates;
  readonly today?: { readonly taskHours: number; readonly knownShare: number; readonly waits?: MeasuredWaits };
  readonly reach: readonly Reach[];
  /** The recommended policy with the run time at either end of its range. */
  readonly runTimeRange?: readonly {
    readonly serviceSeconds: number;
    readonly taskHours: number;
    readonly usd: number;
    readonly attainedPercent: number;
  }[];
  readonly recommendation: Recommendation;
  readonly trust: Trust;
  readonly config: BacktestConfig;
}

/** @throws BadInput when the past does not tell what is needed, or a config cannot be used. */
export const runBacktest = async (
  options: BacktestOptions,
  past: Past,
): Promise<{ readonly comparison: Comparison; readonly document: BacktestDocument }> => {
  const estimates = settleEstimates(options, past);
  const simulate = withEstimates(options.simulate, estimates, past);
  const fleet = past.history && recordedFleet(past.history);
  const stage = await stageFor(simulate, past.buckets, estimates.serviceSeconds.value);
  const comparison = compare(stage, fleet === undefined ? [] : [todayRun(stage, fleet)]);
  const waits = past.history && measuredWaits(past.history, simulate.startWithinSeconds);
  const usdPerTaskHour = usdOfTaskHour(simulate);
  const reach = options.quick ? [] : reachAround(stage, usdPerTaskHour);
  const today = comparison.policies.find(({ name }) => name === todayName);
  const cheapest = comparison.policies.find(({ kept, name }) => kept && name !== todayName);
  const recommendation = recommend({
    promise: { percent: simulate.percent, startWithinSeconds: simulate.startWithinSeconds },
    tried: trySettings(stage),
    reach,
    ...(fleet && today && { today: { ...today, taskHours: recordedHours(fleet) } }),
    ...(cheapest && { cheapest }),
    hours: past.seconds / 3600,
    usdPerTaskHour,
    max: simulate.max,
  });
  const range = options.quick ? undefined : await runTimeRange(stage, past, estimates, usdPerTaskHour);
  const document: BacktestDocument = {
    ...documentOf(comparison),
    history: historyOf(past),
    estimates,
    ...(fleet && {
      today: { taskHours: fleet.taskSeconds / 3600, knownShare: fleet.knownShare, ...(waits && { waits }) },
    }),
    reach,
    ...(range && { runTimeRange: range }),
    recommendation,
    trust: trustFrom(past, estimates, comparison, waits),
    config: configOf(configInput(options, estimates), recommendation),
  };
  return { comparison, document };
};

const todayRun = ({ setup }: OpenStage, { setting, tasksMax }: RecordedFleet): ExtraRun => ({
  name: todayName,
  setting,
  // What is recorded are running tasks: their start lies behind them.
  setup: { ...setup, bounds: { min: 0, max: Math.max(setup.bounds.max, tasksMax) }, startsKnownAhead: true },
});

/** Where counts are missing, the fleet is taken to have been as large as elsewhere. */
const recordedHours = ({ taskSeconds, knownShare }: RecordedFleet): number =>
  taskSeconds / 3600 / Math.max(knownShare, 1e-9);

const runTimeRange = async (stage: OpenStage, past: Past, { serviceSeconds }: Estimates, usdPerTaskHour: number) => {
  const { low, high, value } = serviceSeconds;
  if (high - low < 0.02 * value) return undefined;
  const ends = [];
  for (const seconds of [low, high]) {
    const other = await stageFor(stage.options, past.buckets, seconds);
    const { outcome } = playSetting(slo.documented(other.situation), other);
    const taskHours = outcome.billedSeconds / 3600;
    ends.push({
      serviceSeconds: seconds,
      taskHours,
      usd: taskHours * usdPerTaskHour,
      attainedPercent: 100 * outcome.attained,
    });
  }
  return ends;
};

const trustFrom = (
  past: Past,
  { serviceSeconds, startSeconds }: Estimates,
  { policies, objective }: Comparison,
  waits: MeasuredWaits | undefined,
): Trust => {
  const today = policies.find(({ name }) => name === todayName);
  return trustOf({
    ...past,
    startWithinSeconds: objective.startWithinSeconds,
    startDelay: startSeconds.from === 'worked out' ? 'recorded' : startSeconds.from,
    ...(serviceSeconds.from === 'in flight ÷ deleted' ? { serviceSeconds } : {}),
    ...(waits && today && { today: { measured: waits.attainedPercent, simulated: today.attainedPercent } }),
  });
};

const historyOf = ({ buckets: _b, history: _h, traceServiceSeconds: _s, from, ...rest }: Past) => ({
  ...rest,
  ...(from !== undefined && { from: new Date(from * 1000).toISOString() }),
});

const configInput = ({ simulate, source, name, image }: BacktestOptions, { concurrency }: Estimates) => {
  const queue = source.kind === 'cloudwatch' ? source.queue : undefined;
  const service = name ?? (queue?.replace(/[^\w-]/g, '-').match(/[A-Za-z][\w-]{0,63}/)?.[0] || 'service');
  return {
    service,
    queue: queue ?? service,
    ...(image !== undefined && { image }),
    cpu: simulate.vcpu * 1024,
    memoryMiB: simulate.gb * 1024,
    concurrency: concurrency.value,
    architecture: simulate.architecture,
  };
};
