import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { evaluateAlarm } from './cloudwatch/alarm.ts';
import type {
  Alarm,
  AlarmSpec,
  CloudWatchEffect,
  CloudWatchSettings,
  CloudWatchState,
  MetricId,
  Sample,
} from './cloudwatch/types.ts';

export interface CloudWatchStep {
  readonly state: CloudWatchState;
  readonly effects: readonly CloudWatchEffect[];
}

export type CloudWatchEvent =
  | { readonly type: 'timePassed' }
  | {
      readonly type: 'put';
      readonly metric: MetricId;
      readonly sample: Omit<Sample, 'seenAt'>;
      readonly highResolution?: boolean;
      /** On top of the settings' `publicationDelaySeconds`. */
      readonly delaySeconds?: Seconds;
    }
  | { readonly type: 'putAlarm'; readonly spec: AlarmSpec };

export const initialCloudWatchState = (
  settings: Pick<CloudWatchSettings, 'region' | 'account'> & Partial<CloudWatchSettings>,
): CloudWatchState => ({
  settings: { publicationDelaySeconds: 0, extraEvaluationPeriods: 2, ...settings },
  series: new Map(),
  alarms: new Map(),
});

/** CloudWatch as a state machine: data and time in, alarm changes out. */
export const stepCloudWatch = (state: CloudWatchState, event: CloudWatchEvent, now: EpochSeconds): CloudWatchStep => {
  switch (event.type) {
    case 'put':
      return { state: addSample(state, event, now), effects: [] };
    case 'putAlarm':
      return { state: addAlarm(state, event.spec, now), effects: [] };
    case 'timePassed':
      return evaluateDueAlarms(state, now);
  }
};

/** The end of the next period of an alarm; undefined without alarms. */
export const nextCloudWatchWakeAt = (state: CloudWatchState, now: EpochSeconds): EpochSeconds | undefined => {
  const times = [...state.alarms.values()].map(({ spec, evaluatedAt }) =>
    Math.max(evaluatedAt + spec.periodSeconds, Math.floor(now / spec.periodSeconds) * spec.periodSeconds),
  );
  return times.length === 0 ? undefined : Math.min(...times);
};

export const seriesKey = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** A single value. */
export const sampleOf = (value: number, at: EpochSeconds, unit?: string): Omit<Sample, 'seenAt'> => ({
  ...samplesOf([value], at),
  ...(unit === undefined ? {} : { unit }),
});

/** Several values of one period. */
export const samplesOf = (values: readonly number[], at: EpochSeconds): Omit<Sample, 'seenAt'> => ({
  at,
  count: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  minimum: Math.min(...values),
  maximum: Math.max(...values),
  values: values.map((value) => [value, 1] as const),
});

const retentionSeconds = 455 * 86_400;

const addSample = (
  state: CloudWatchState,
  event: Extract<CloudWatchEvent, { type: 'put' }>,
  now: EpochSeconds,
): CloudWatchState => {
  const key = seriesKey(event.metric);
  const before = state.series.get(key);
  const sample = { ...event.sample, seenAt: now + state.settings.publicationDelaySeconds + (event.delaySeconds ?? 0) };
  const kept = (before?.samples ?? []).filter(({ at }) => at > now - retentionSeconds);
  const highResolution = before?.highResolution === true || event.highResolution === true;
  const series = { ...event.metric, highResolution, samples: [...kept, sample] };
  return { ...state, series: new Map(state.series).set(key, series) };
};

const addAlarm = (state: CloudWatchState, spec: AlarmSpec, now: EpochSeconds): CloudWatchState => {
  const { region, account } = state.settings;
  const fresh: Alarm = {
    spec,
    arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${spec.name}`,
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    changedAt: now,
    evaluatedAt: Math.floor(now / spec.periodSeconds) * spec.periodSeconds,
  };
  const alarm = { ...(state.alarms.get(spec.name) ?? fresh), spec };
  return { ...state, alarms: new Map(state.alarms).set(spec.name, alarm) };
};

const evaluateDueAlarms = (state: CloudWatchState, now: EpochSeconds): CloudWatchStep => {
  const alarms = new Map(state.alarms);
  const effects: CloudWatchEffect[] = [];
  for (const [name, alarm] of state.alarms) {
    if (now < alarm.evaluatedAt + alarm.spec.periodSeconds) continue;
    const next = evaluateAlarm(alarm, state.series.get(seriesKey(alarm.spec.metric)), state.settings, now);
    alarms.set(name, next);
    if (next.state === alarm.state) continue;
    effects.push({ type: 'alarmChanged', alarm: next, before: alarm.state, actions: actionsOf(next) });
  }
  return { state: { ...state, alarms }, effects };
};

const actionsOf = ({ spec, state }: Alarm): readonly string[] => {
  if (!spec.actionsEnabled) return [];
  if (state === 'ALARM') return spec.alarmActions;
  return state === 'OK' ? spec.okActions : spec.insufficientDataActions;
};
