import type { Series } from '../usage/usage.ts';

/** How a week of demand looks, from hourly job counts. */
export interface DemandPattern {
  readonly meanPerHour: number;
  readonly peakPerHour: number;
  /** Hour of the window in which it was. */
  readonly peakHour: number;
  /** Standard deviation ÷ mean. */
  readonly variation: number;
  /** Change of the weekly mean from week to week, percent; undefined with less than two weeks. */
  readonly trendPercentPerWeek?: number;
}

export interface DemandForecast {
  readonly nextHour: Band;
  readonly nextWeek: Band;
  /** 1 - typical error of the same forecast on the past weeks ÷ mean, 0 to 1. */
  readonly confidence: number;
}

/** Expected jobs, and what they stay within nine times of ten. */
export interface Band {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface Anomaly {
  readonly hour: number;
  readonly jobs: number;
  readonly usual: number;
}

const week = 168;

export const patternOf = (jobs: Series): DemandPattern | undefined => {
  const values = jobs.flatMap((value, hour) => (value === null ? [] : [{ value, hour }])).slice(-week);
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / values.length;
  const peak = values.reduce((best, candidate) => (candidate.value > best.value ? candidate : best));
  const trend = trendOf(jobs);
  return {
    meanPerHour: mean,
    peakPerHour: peak.value,
    peakHour: peak.hour,
    variation: mean > 0 ? Math.sqrt(variance) / mean : 0,
    ...(trend === undefined ? {} : { trendPercentPerWeek: trend }),
  };
};

/**
 * The same hour of earlier weeks, brought to the level of the last one, with a band from how far such a forecast was off
 * before. Wants 12 hours at least; undefined before that.
 */
export const forecastOf = (jobs: Series): DemandForecast | undefined => {
  const seen = jobs.filter((value) => value !== null).length;
  if (seen < 12) return undefined;
  const errors: number[] = [];
  for (let h = Math.max(12, jobs.length - week); h < jobs.length; h++) {
    const actual = jobs[h];
    const predicted = predict(jobs.slice(0, h), h);
    if (actual !== null && actual !== undefined && predicted !== undefined) errors.push(actual - predicted);
  }
  const next = predict(jobs, jobs.length) ?? 0;
  let total = 0;
  for (let ahead = 0; ahead < week; ahead++) total += predict(jobs, jobs.length + ahead) ?? next;
  const sorted = errors.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const spread = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / Math.max(1, errors.length));
  const typical = errors.reduce((sum, error) => sum + Math.abs(error), 0) / Math.max(1, errors.length);
  const mean = total / week;
  return {
    nextHour: { expected: next, low: Math.max(0, next + at(0.05)), high: Math.max(next, next + at(0.95)) },
    // Errors of neighbouring hours go together, so a week is less certain than independent hours would make it.
    nextWeek: {
      expected: total,
      low: Math.max(0, total - 1.64 * spread * Math.sqrt(week) * 2),
      high: total + 1.64 * spread * Math.sqrt(week) * 2,
    },
    confidence: mean > 0 ? Math.max(0, Math.min(1, 1 - typical / mean)) : 1,
  };
};

/** Hours of the last week far above or below the same hour of the weeks before. */
export const anomaliesOf = (jobs: Series): readonly Anomaly[] => {
  const found: Anomaly[] = [];
  for (let hour = Math.max(2 * week, jobs.length - week); hour < jobs.length; hour++) {
    const actual = jobs[hour];
    const before = sameHours(jobs, hour);
    if (actual === null || actual === undefined || before.length < 2) continue;
    const usual = before.reduce((sum, value) => sum + value, 0) / before.length;
    const range = Math.max(...before) - Math.min(...before);
    if (Math.abs(actual - usual) > Math.max(3 * range, 4 * Math.sqrt(usual + 1), 0.5 * usual)) {
      found.push({ hour, jobs: actual, usual });
    }
  }
  return found;
};

const predict = (past: Series, hour: number): number | undefined => {
  const same = sameHours(past, hour);
  if (same.length === 0) {
    const recent = past.slice(-24).filter((value): value is number => value !== null);
    return recent.length === 0 ? undefined : recent.reduce((sum, value) => sum + value, 0) / recent.length;
  }
  return same.reduce((sum, value) => sum + value, 0) / same.length;
};

/** Up to four earlier weeks. */
const sameHours = (jobs: Series, hour: number): readonly number[] => {
  const values: number[] = [];
  for (let h = hour - week; h >= 0 && values.length < 4; h -= week) {
    const value = jobs[h];
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
};

const trendOf = (jobs: Series): number | undefined => {
  const weeks = Math.floor(jobs.length / week);
  if (weeks < 2) return undefined;
  const means: number[] = [];
  for (let w = 0; w < weeks; w++) {
    const from = jobs.length - (weeks - w) * week;
    const values = jobs.slice(from, from + week).filter((value): value is number => value !== null);
    if (values.length > 0) means.push(values.reduce((sum, value) => sum + value, 0) / values.length);
  }
  const overall = means.reduce((sum, value) => sum + value, 0) / means.length;
  if (means.length < 2 || overall === 0) return undefined;
  const middle = (means.length - 1) / 2;
  const slope =
    means.reduce((sum, value, i) => sum + (i - middle) * (value - overall), 0) /
    means.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return (100 * slope) / overall;
};
