import type { QueuePlan } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import { bestStaticTasks } from '../../simulate/baselines/static.ts';
import { drawJobs } from '../../simulate/simulated-jobs.ts';
import { worlds } from '../../simulate/world.ts';

export interface NeededTasks {
  readonly tasks: number;
  readonly text: string;
}

interface Wanted {
  readonly jobsPerHour: number;
  readonly secondsPerJob: Seconds;
  readonly concurrency: number;
  readonly queue: QueuePlan;
  /** What the arithmetic says; the search goes up to twice that. */
  readonly tasks: number;
}

/** As many as can be played in a moment, and enough for a percentile. */
const jobsMost = 50_000;

/** The smallest fleet that keeps the promise when jobs come at random at that rate, with run times as random (cv 1). */
export const neededTasks = ({ jobsPerHour, secondsPerJob, concurrency, queue, tasks }: Wanted): NeededTasks => {
  const hours = Math.max(0.1, Math.min(4, jobsMost / jobsPerHour));
  const widthSeconds = 3600 * hours;
  const { percent, startWithinSeconds } = queue;
  const jobs = drawJobs({
    buckets: [{ second: 0, widthSeconds, jobs: Math.round(jobsPerHour * hours) }],
    seed: 1,
    scale: 1,
    meanServiceSeconds: secondsPerJob,
    serviceCv: 1,
  });
  // Fewer may keep the promise for these hours and fall behind for ever.
  const atLeast = Math.floor((jobsPerHour * secondsPerJob) / 3600 / concurrency) + 1;
  const needed = bestStaticTasks(
    jobs,
    {
      seed: 1,
      concurrency,
      startWithinSeconds,
      bounds: { min: atLeast, max: Math.max(atLeast, 2 * tasks) },
      initial: 1,
      protect: true,
      stopTimeoutSeconds: 120,
      visibilitySeconds: 60,
      world: worlds.ideal,
    },
    percent,
  );
  const played = `${jobs.count.toLocaleString('en-US')} jobs at random over ${Number(hours.toFixed(2))} h`;
  return {
    tasks: needed,
    text: `${needed} tasks keep ${percent} % within ${startWithinSeconds} s at that rate (${played}); Sluice runs that many only while they are needed`,
  };
};
