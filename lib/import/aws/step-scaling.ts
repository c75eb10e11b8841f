import type { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { awsSignal, metricOf } from './metric.ts';
import { type Stepping, usualCooldownSeconds } from './policies.ts';

/** The alarms of `aws cloudwatch describe-alarms`, by name: a step policy counts from its alarm's threshold. */
export type Alarms = ReadonlyMap<string, Source>;

/** `StepScalingPolicyConfiguration` of a policy whose alarm is known. Undefined: noted as dropped. */
export const stepScaling = (draft: Draft, policy: Source, alarms: Alarms): Stepping | undefined => {
  const config = policy.need('StepScalingPolicyConfiguration', 'Use the output of the AWS CLI as it is.');
  const names = (policy.get('Alarms')?.items() ?? []).map((alarm) =>
    alarm.need('AlarmName', 'An alarm has a name.').text(),
  );
  for (const alarm of policy.get('Alarms')?.items() ?? []) alarm.skip();
  const alarm = names.map((name) => alarms.get(name)).find((found) => found !== undefined);
  if (alarm === undefined) {
    draft.drop(
      policy,
      names.length === 0
        ? 'It has no alarm, so it never acts.'
        : `Its steps count from the threshold of ${names.join(', ')}: import the output of "aws cloudwatch describe-alarms --alarm-names ${names.join(' ')}" with it.`,
    );
    return undefined;
  }
  if (alarm.get('Metrics') !== undefined || alarm.get('MetricName') === undefined) {
    draft.drop(policy, 'Its alarm watches metric math: define it in "signals" and use a "steps" policy.');
    return undefined;
  }
  return withAlarm(draft, config, alarm);
};

const withAlarm = (draft: Draft, config: Source, alarm: Source): Stepping => {
  const threshold = alarm.need('Threshold', 'Use the output of the AWS CLI as it is.').number();
  const isHigh = alarm
    .need('ComparisonOperator', 'Use the output of the AWS CLI as it is.')
    .text()
    .startsWith('Greater');
  const periodSeconds = alarm.get('Period')?.number(1) ?? 60;
  const evaluations = alarm.get('EvaluationPeriods')?.number(1) ?? 1;
  const needed = alarm.get('DatapointsToAlarm')?.number(1) ?? evaluations;
  const statistic = alarm.get('Statistic') ?? alarm.get('ExtendedStatistic');
  const seen = metricOf(alarm, statistic);
  const signal = awsSignal(draft, seen, periodSeconds);
  const after = waits(seen.statistic, isHigh, periodSeconds, needed);
  alarm.skip();
  config.get('MetricAggregationType')?.skip();
  const magnitude = config.get('MinAdjustmentMagnitude');
  if (magnitude) draft.drop(magnitude, 'A percent step moves at least one task here.');
  if (needed < evaluations)
    draft.habit(
      `${needed} of ${evaluations} datapoints`,
      `${needed} in a row`,
      'Sluice looks at a stretch without gaps.',
      'behavior',
    );
  draft.habit(
    `the alarm ${seen.metric} ${seen.statistic} over ${periodSeconds} s, ${needed} of ${evaluations}`,
    `${signal} as read at each tick, ${after} s`,
    'Sluice looks at the value itself, and back over a time.',
    'policy',
  );
  const type = config.need('AdjustmentType', 'Use the output of the AWS CLI as it is.');
  return {
    kind: 'steps',
    signal,
    adjustment: adjustments[type.oneOf(['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity'])],
    steps: config
      .need('StepAdjustments', 'A step policy has steps.')
      .items()
      .map((step) => stepOf(step, threshold)),
    cooldownSeconds: draft.usual(
      config.get('Cooldown')?.wholeNumber(),
      usualCooldownSeconds,
      `${config.path}.Cooldown`,
      `behavior.${isHigh ? 'scaleOut' : 'scaleIn'}.cooldownSeconds`,
      'Application Auto Scaling',
    ),
    outAfterSeconds: isHigh ? after : undefined,
    inAfterSeconds: isHigh ? undefined : after,
  };
};

const adjustments = { ChangeInCapacity: 'change', PercentChangeInCapacity: 'percent', ExactCapacity: 'exact' } as const;

const stepOf = (step: Source, threshold: number): { from?: number; to?: number; by: number } => {
  const lower = step.get('MetricIntervalLowerBound')?.number();
  const upper = step.get('MetricIntervalUpperBound')?.number();
  return {
    ...(lower !== undefined && { from: threshold + lower }),
    ...(upper !== undefined && { to: threshold + upper }),
    by: step.need('ScalingAdjustment', 'A step says by how much.').number(),
  };
};

/**
 * How far back the lowest (out) or highest (in) value must be looked for, so that it is what the alarm waits for: a
 * maximum over five minutes passes a threshold at once, and falls below it only when all five minutes did.
 */
export const waits = (statistic: string, isHigh: boolean, periodSeconds: number, datapoints: number): number =>
  (statistic === 'Maximum') === isHigh || (statistic !== 'Maximum' && statistic !== 'Minimum')
    ? (datapoints - 1) * periodSeconds
    : datapoints * periodSeconds;
