import type { EpochSeconds, Seconds } from '../../../model/units.ts';

export interface CloudWatchSettings {
  readonly region: string;
  readonly account: string;
  /** How long a datum stays unseen after it was put. AWS: 1 to 3 minutes for the metrics of other services. */
  readonly publicationDelaySeconds: Seconds;
  /** How many periods more than asked an alarm looks back for data. AWS does not publish it; its example has 2. */
  readonly extraEvaluationPeriods: number;
}

/** One put: a value with a count, several of them, or only their summary (a statistic set; no percentiles then). */
export interface Sample {
  readonly at: EpochSeconds;
  readonly seenAt: EpochSeconds;
  readonly unit?: string;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** [value, count]. Empty for a statistic set. */
  readonly values: readonly (readonly [number, number])[];
}

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Series extends MetricId {
  /** `StorageResolution: 1`: periods below a minute can be read. */
  readonly highResolution: boolean;
  /** In the order of arrival. */
  readonly samples: readonly Sample[];
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type ComparisonOperator =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export interface AlarmSpec {
  readonly name: string;
  readonly description?: string;
  readonly metric: MetricId;
  readonly unit?: string;
  readonly statistic: string;
  readonly periodSeconds: Seconds;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly missingData: MissingData;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

export interface Alarm {
  readonly spec: AlarmSpec;
  readonly arn: string;
  readonly state: AlarmState;
  readonly reason: string;
  readonly changedAt: EpochSeconds;
  /** End of the newest period that was looked at. */
  readonly evaluatedAt: EpochSeconds;
}

export interface CloudWatchState {
  readonly settings: CloudWatchSettings;
  readonly series: ReadonlyMap<string, Series>;
  readonly alarms: ReadonlyMap<string, Alarm>;
}

export type CloudWatchEffect = {
  readonly type: 'alarmChanged';
  readonly alarm: Alarm;
  readonly before: AlarmState;
  /** Empty when actions are disabled or none are named for the new state. */
  readonly actions: readonly string[];
};
