import { keda } from '../lib/simulate/baselines/keda.ts';
import type { Setting, Situation } from '../lib/simulate/baselines/situation.ts';
import { slo } from '../lib/simulate/baselines/slo.ts';
import { staticSetting } from '../lib/simulate/baselines/static.ts';
import type { Setup } from '../lib/simulate/engine/setup.ts';
import { runScaler } from '../lib/simulate/run-scaler.ts';
import { drawJobs } from '../lib/simulate/simulated-jobs.ts';
import { worlds } from '../lib/simulate/world.ts';

export interface SimulatorTiming {
  readonly policy: string;
  readonly jobs: number;
  /** Of the processor, not of the clock: a busy machine does not blur it. */
  readonly cpuSeconds: number;
  readonly goalSeconds: number;
}

const days = 14;
const situation: Situation = {
  percent: 99,
  startWithinSeconds: 60,
  meanServiceSeconds: 5,
  concurrency: 1,
  bounds: { min: 0, max: 500 },
  initial: 1,
  stopTimeoutSeconds: 120,
  tickSeconds: 10,
  startEpoch: 1_767_571_200,
};
const setup: Setup = {
  seed: 1,
  concurrency: 1,
  startWithinSeconds: 60,
  bounds: situation.bounds,
  initial: 1,
  protect: true,
  stopTimeoutSeconds: 120,
  visibilitySeconds: 60,
  world: worlds.realistic,
};

/** How long 14 days of one-minute arrivals take, two million jobs: the first run of each, as a user has it. */
export const benchSimulator = (): readonly SimulatorTiming[] => {
  const buckets = Array.from({ length: days * 1440 }, (_, minute) => ({
    second: minute * 60,
    widthSeconds: 60,
    jobs: 100 * (1 + 0.8 * Math.sin((2 * Math.PI * minute) / 1440)) * (minute % 200 < 5 ? 3 : 1),
  }));
  const jobs = drawJobs({ buckets, seed: 1, scale: 1, meanServiceSeconds: situation.meanServiceSeconds, serviceCv: 1 });
  const timed = (policy: string, setting: Setting, goalSeconds: number): SimulatorTiming => {
    const before = process.cpuUsage();
    runScaler(jobs, setup, setting.create());
    const { user, system } = process.cpuUsage(before);
    return { policy, jobs: jobs.count, cpuSeconds: (user + system) / 1e6, goalSeconds };
  };
  return [
    timed('static', staticSetting(50), 2),
    timed('keda', keda.documented(situation), 2),
    timed('slo', slo.documented(situation), 15),
  ];
};
