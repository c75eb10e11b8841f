import type { Seconds } from '../../model/units.ts';
import type { MinutePoint, Scaler } from '../scaler.ts';
import { AlarmTracker } from './alarm-tracker.ts';
import { atLeastOne, type Baseline, backlogPerTask, clamp, type Setting, type Situation } from './situation.ts';
import { backlogPoint } from './target-tracking.ts';

interface PredictiveSettings {
  /** Of the tasks' slots that the forecast load may fill. */
  readonly utilization: number;
  readonly targetShare: number;
  readonly cooldownSeconds: Seconds;
}

/**
 * AWS predictive scaling beside target tracking: an hourly forecast of the load sets a floor, five minutes ahead of the
 * hour, and only target tracking goes below what was reached. The model is not published; here an hour is forecast by
 * the same hour of up to 14 days, the same weekday three times as heavy, from 24 h of history on, renewed every 6 h.
 */
export const predictive: Baseline = {
  documented: (situation) => predictiveSetting(situation, { utilization: 0.8, targetShare: 1, cooldownSeconds: 300 }),
  tunings: (situation) =>
    [1, 0.8, 0.6, 0.4].flatMap((utilization) =>
      [1, 0.25, 0.05].map((targetShare) =>
        predictiveSetting(situation, { utilization, targetShare, cooldownSeconds: 60 }),
      ),
    ),
};

const bufferSeconds: Seconds = 300;
const historyDays = 14;
const weekdayWeight = 3;
const renewalHours = 6;
const horizonHours = 48;

const predictiveSetting = (situation: Situation, settings: PredictiveSettings): Setting => {
  const target = backlogPerTask(situation) * settings.targetShare;
  return {
    text: `forecast load on ${100 * settings.utilization} % of the slots, backlog per task ${Number(target.toPrecision(3))}, cooldowns ${settings.cooldownSeconds} s`,
    create: () => predictiveScaler(situation, settings, target),
  };
};

const predictiveScaler = (situation: Situation, settings: PredictiveSettings, target: number): Scaler => {
  const bounds = atLeastOne(situation.bounds);
  const { cooldownSeconds } = settings;
  const tracker = new AlarmTracker({
    target,
    outCooldownSeconds: cooldownSeconds,
    inCooldownSeconds: cooldownSeconds,
    bounds,
  });
  const load = new HourlyLoad();
  const jobsPerTaskHour = (3600 * situation.concurrency * settings.utilization) / situation.meanServiceSeconds;
  const need = (at: Seconds): number => Math.ceil(load.forecast(Math.floor(at / 3600)) / jobsPerTaskHour);
  return {
    tickSeconds: 60,
    bounds,
    decide: ({ t, minutes, service: { desired } }) => {
      load.add(minutes, t);
      const floor = clamp(Math.max(need(t), need(t + bufferSeconds)), bounds);
      const votes = tracker.vote(minutes.map(backlogPoint), t, desired);
      if (votes.out !== undefined) return Math.max(floor, votes.out);
      if (votes.in === undefined || votes.in < floor)
        return desired < floor ? floor : scaleInTo(floor, desired, votes.in);
      tracker.tookIn(t);
      return votes.in;
    },
  };
};

/** Target tracking wants fewer than the forecast: down to the forecast is what both agree on. */
const scaleInTo = (floor: number, desired: number, wanted: number | undefined): number | undefined =>
  wanted !== undefined && floor < desired ? floor : undefined;

/** Jobs sent, by hour of the run, and what is expected of the hours to come. */
class HourlyLoad {
  readonly #jobs: number[] = [];
  #forecast: readonly number[] = [];
  #forecastFrom = 0;

  add(minutes: readonly MinutePoint[], now: Seconds): void {
    for (const point of minutes) {
      const hour = Math.floor((point.t - 1) / 3600);
      this.#jobs[hour] = (this.#jobs[hour] ?? 0) + point.sent;
    }
    const hour = Math.floor(now / 3600);
    if (hour < 24 || (this.#forecast.length > 0 && hour < this.#forecastFrom + renewalHours)) return;
    this.#forecastFrom = hour;
    this.#forecast = Array.from({ length: horizonHours }, (_, ahead) => this.#expect(hour + ahead, hour));
  }

  /** 0 while there is no forecast. */
  forecast(hour: number): number {
    return this.#forecast[hour - this.#forecastFrom] ?? 0;
  }

  #expect(hour: number, known: number): number {
    let jobs = 0;
    let weights = 0;
    for (let day = 1; day <= historyDays; day += 1) {
      const then = hour - 24 * day;
      if (then < 0 || then >= known) continue;
      const weight = day % 7 === 0 ? weekdayWeight : 1;
      jobs += weight * (this.#jobs[then] ?? 0);
      weights += weight;
    }
    return weights > 0 ? jobs / weights : 0;
  }
}
