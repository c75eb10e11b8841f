import type { History } from '../../../lib/model/history.ts';
import { keda } from '../../../lib/simulate/baselines/keda.ts';
import type { Situation } from '../../../lib/simulate/baselines/situation.ts';
import type { Outcome } from '../../../lib/simulate/engine/outcome.ts';
import type { Setup } from '../../../lib/simulate/engine/setup.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import type { MinutePoint, Scaler } from '../../../lib/simulate/scaler.ts';
import { drawJobs, type SimulatedJobs } from '../../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../../lib/simulate/world.ts';

export const pastStart = 1_767_571_200;

/** A service run by KEDA for some hours, and what CloudWatch would have recorded of it. */
export interface RecordedPast {
  readonly jobs: SimulatedJobs;
  readonly setup: Setup;
  readonly outcome: Outcome;
  readonly history: History;
}

export const recordedPast = (hours: number, serviceSeconds: number, seed = 1, concurrency = 1): RecordedPast => {
  const buckets = Array.from({ length: hours * 60 }, (_, minute) => ({
    second: minute * 60,
    widthSeconds: 60,
    jobs: (minute % 90 < 12 ? 150 : 40) * (1 + 0.5 * Math.sin(minute / 120)),
  }));
  const jobs = drawJobs({ buckets, seed, scale: 1, meanServiceSeconds: serviceSeconds, serviceCv: 1 });
  const setup: Setup = {
    seed,
    concurrency,
    startWithinSeconds: 60,
    bounds: { min: 0, max: 200 },
    initial: 1,
    protect: true,
    stopTimeoutSeconds: 120,
    visibilitySeconds: 60,
    world: { ...worlds.ideal, counterNoise: 0 },
  };
  const situation: Situation = {
    percent: 99,
    startWithinSeconds: 60,
    meanServiceSeconds: serviceSeconds,
    concurrency,
    bounds: setup.bounds,
    initial: 1,
    stopTimeoutSeconds: 120,
    tickSeconds: 10,
    startEpoch: pastStart,
  };
  const points: MinutePoint[] = [];
  const scaler = keda.documented(situation).create();
  const watching: Scaler = {
    ...scaler,
    decide: (sight) => {
      points.push(...sight.minutes);
      return scaler.decide(sight);
    },
  };
  const outcome = runScaler(jobs, setup, watching);
  const history = points.map(({ t, sent, deleted, visible, inFlight, running }) => ({
    at: pastStart + t - 60,
    periodSeconds: 60,
    sent,
    deleted,
    visible,
    inFlight,
    running,
  }));
  return { jobs, setup, outcome, history };
};
