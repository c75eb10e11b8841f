import type { EpochSeconds } from '../../../model/units.ts';
import { aggregate } from './statistics.ts';
import type { Alarm, AlarmSpec, AlarmState, CloudWatchSettings, Series } from './types.ts';

/** Judges the periods that ended by now. Returns the alarm itself when its state stays. */
export const evaluateAlarm = (
  alarm: Alarm,
  series: Series | undefined,
  settings: CloudWatchSettings,
  now: EpochSeconds,
): Alarm => {
  const { spec } = alarm;
  const end = Math.floor(now / spec.periodSeconds) * spec.periodSeconds;
  const length = spec.evaluationPeriods + settings.extraEvaluationPeriods;
  const start = end - length * spec.periodSeconds;
  const window = { start, end, periodSeconds: spec.periodSeconds };
  const points = aggregate(series, spec.statistic, window, now, spec.unit).slice(-spec.evaluationPeriods);
  const breaches = points.map(([, value]) => breaks(spec, value));
  const state = judge(spec, breaches, alarm.state);
  if (state === alarm.state) return { ...alarm, evaluatedAt: end };
  return { ...alarm, state, reason: reasonOf(spec, points, breaches), changedAt: now, evaluatedAt: end };
};

/**
 * M of N over the newest N data points that exist in a range somewhat longer than N; only when there are fewer than N
 * does `TreatMissingData` have a say.
 */
export const judge = (spec: AlarmSpec, breaches: readonly boolean[], before: AlarmState): AlarmState => {
  const breaching = breaches.filter(Boolean).length;
  const absent = spec.evaluationPeriods - breaches.length;
  const enough = (count: number): AlarmState => (count >= spec.datapointsToAlarm ? 'ALARM' : 'OK');
  if (absent <= 0) return enough(breaching);
  switch (spec.missingData) {
    case 'breaching':
      return enough(breaching + absent);
    case 'notBreaching':
      return enough(breaching);
    case 'missing':
      if (breaches.length === 0) return 'INSUFFICIENT_DATA';
      return breaching >= Math.min(spec.datapointsToAlarm, breaches.length) ? 'ALARM' : 'OK';
    case 'ignore':
      if (breaching >= spec.datapointsToAlarm) return 'ALARM';
      return breaching === breaches.length ? before : 'OK';
  }
};

const breaks = ({ comparison, threshold }: AlarmSpec, value: number): boolean => {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
};

const reasonOf = (
  spec: AlarmSpec,
  points: readonly (readonly [number, number])[],
  breaches: readonly boolean[],
): string => {
  const values = points.map(([, value]) => value).join(', ') || 'none';
  const breaching = breaches.filter(Boolean).length;
  return `Of ${spec.evaluationPeriods} periods, ${points.length} had data (${values}); ${breaching} broke ${spec.comparison} ${spec.threshold}; missing data: ${spec.missingData}.`;
};
