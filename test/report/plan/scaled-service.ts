import type { FargateUsage, Scaling } from '../../../lib/report/usage/usage.ts';
import { createRandom } from '../../../lib/simulate/random.ts';
import { isBusiness, weeksOf } from './worked-service.ts';

export interface ScaledService {
  readonly weeks: number;
  readonly jobs: { readonly day: number; readonly night: number };
  readonly seconds: number;
  readonly within: number;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly scaling?: Scaling;
  /** Recorded tasks of an hour with so many jobs. */
  readonly tasks: (jobs: number) => number;
}

/** On a size with nothing to gain, so that only its policy and its bounds are looked at; its last week by the minute. */
export const scaledService = (of: ScaledService): FargateUsage => {
  const random = createRandom(7);
  const rate = (h: number): number => (isBusiness(h % 168) ? of.jobs.day : of.jobs.night);
  const minutes = Array.from({ length: 168 * 60 }, (_, m) => random.poisson(rate(Math.floor(m / 60)) / 60));
  const before = weeksOf(of.weeks - 1, (h) => random.poisson(rate(h)));
  const last = weeksOf(1, (h) => minutes.slice(h * 60, h * 60 + 60).reduce((sum, jobs) => sum + jobs, 0));
  const jobs = [...before, ...last];
  const tasks = jobs.map(of.tasks);
  return {
    name: 'scaled',
    region: 'us-east-1',
    architecture: 'arm64',
    size: { cpu: 256, memoryMiB: 512 },
    spotShare: 0,
    publicIpv4: false,
    slo: { percent: 99, startWithinSeconds: of.within },
    bounds: of.bounds,
    ...(of.scaling === undefined ? {} : { scaling: of.scaling }),
    concurrency: 1,
    serviceSeconds: { mean: of.seconds, p99: 3 * of.seconds },
    startSeconds: { median: 35, p95: 75 },
    interruptible: false,
    multiArch: true,
    hourly: {
      tasks,
      jobs,
      late: jobs.map(() => 0),
      cpuMeanPercent: tasks.map((count, h) => (count === 0 ? 0 : (80 * (jobs[h] ?? 0) * of.seconds) / 3600 / count)),
      cpuP99Percent: tasks.map(() => 78),
      memoryMaxPercent: tasks.map(() => 86),
    },
    arrivalsByMinute: minutes,
  };
};
