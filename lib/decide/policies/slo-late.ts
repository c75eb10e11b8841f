import { normalCdf, readyWithin, startDelayQuantile } from '../../forecast/start-delay.ts';
import type { Seconds } from '../../model/units.ts';
import type { JobClass, Outlook } from './slo-outlook.ts';

/** The coming seconds in steps, and what is known about each of them whatever is decided now. */
export interface Horizon {
  readonly stepSeconds: Seconds;
  readonly steps: readonly Step[];
  /** What remains of a surplus of jobs over arrival rate × service time after one step. */
  readonly decay: number;
}

interface Step {
  readonly endSeconds: Seconds;
  /** Jobs whose deadline falls into this step. */
  readonly due: number;
  /** Jobs that will have arrived by its end and are not due by then. */
  readonly notDue: number;
  /** Variance of the jobs still to come that are due by its end. */
  readonly comingVariance: number;
  /** Slots of the launches under way that are ready by its end: expectation and variance. */
  readonly launchedSlots: number;
  readonly launchedVariance: number;
  /** Chance that a launch is ready by its end when it is asked for now, and some ticks later. */
  readonly readyIfNow: number;
  readonly readyIfLater: number;
}

/** Late jobs that are to be expected, and the step in which most of them are. */
export interface Expectation {
  readonly late: number;
  readonly due: number;
  readonly worstSeconds: Seconds;
}

const stepCount = 24;
const z95 = 1.645;
/** "Later" means so many ticks: waiting once more is often followed by waiting again. */
const laterTicks = 2;
/** Bursts beyond this are no longer a matter of variance but of a rate that has changed. */
const dispersionMax = 12;
const serviceDispersionMax = 6;
/** Jobs are whole: one half of a job more than there are slots is the border. A quarter proved best with small counts. */
const wholeJob = 0.25;
const leastVariance = 0.02;
const overdueLaunchChance = 0.05;

export const horizonOf = (outlook: Outlook): Horizon => {
  const { startDelay, tickSeconds, launches, concurrency } = outlook;
  const stepSeconds = (startDelayQuantile(startDelay, z95) + 2 * tickSeconds) / stepCount;
  const notYet = launches.map(([age]) => Math.max(overdueLaunchChance, 1 - readyWithin(startDelay, age)));
  const steps: Step[] = [];
  let dueBefore = outlook.classes.reduce((sum, jobs) => sum + dueBy(jobs, 0), 0);
  for (let i = 1; i <= stepCount; i++) {
    const endSeconds = i * stepSeconds;
    let dueNow = 0;
    let notDue = 0;
    let comingVariance = 0;
    for (const jobs of outlook.classes) {
      const comingDue = jobs.ratePerSecond * Math.max(0, endSeconds - jobs.startWithinSeconds);
      dueNow += dueBy(jobs, endSeconds) + comingDue;
      notDue += notDueBy(jobs, endSeconds);
      comingVariance += Math.min(dispersionMax, jobs.dispersion) * comingDue;
    }
    let launchedTasks = 0;
    let launchedVariance = 0;
    launches.forEach(([age, tasks], j) => {
      const stillNot = (1 - readyWithin(startDelay, age + endSeconds)) / (notYet[j] ?? 1);
      const chance = Math.min(1, Math.max(0, 1 - stillNot));
      launchedTasks += tasks * chance;
      launchedVariance += tasks * chance * (1 - chance);
    });
    steps.push({
      endSeconds,
      due: Math.max(0, dueNow - dueBefore),
      notDue,
      comingVariance,
      launchedSlots: launchedTasks * concurrency,
      launchedVariance: launchedVariance * concurrency * concurrency,
      readyIfNow: readyWithin(startDelay, endSeconds),
      readyIfLater: readyWithin(startDelay, endSeconds - laterTicks * tickSeconds),
    });
    dueBefore = dueNow;
  }
  return { stepSeconds, steps, decay: Math.exp(-stepSeconds / outlook.serviceSeconds) };
};

/** Waiting jobs whose deadline falls within the next `seconds`. The waiting jobs are the newest ones of their class. */
const dueBy = (jobs: JobClass, seconds: Seconds): number =>
  seconds >= jobs.startWithinSeconds
    ? jobs.waiting
    : Math.max(0, jobs.waiting - jobs.arrivedWithin(jobs.startWithinSeconds - seconds));

/** Jobs that will have arrived by then, served or not, and whose deadline comes later. */
const notDueBy = (jobs: JobClass, seconds: Seconds): number =>
  jobs.ratePerSecond * Math.min(seconds, jobs.startWithinSeconds) +
  (seconds >= jobs.startWithinSeconds ? 0 : jobs.arrivedWithin(jobs.startWithinSeconds - seconds));

/**
 * Late jobs to be expected over the horizon with `readyTasks` and `launches` more, asked for `when`.
 *
 * The number of jobs in the system is followed as a fluid; at each deadline, those that are not due yet do not matter, and
 * the rest is late as far as it exceeds the slots. What is uncertain (the counters, arrivals, run times, start-up delays)
 * adds up to one variance, so each job's chance of being late is a normal distribution's tail.
 */
export const expectedLate = (
  outlook: Outlook,
  horizon: Horizon,
  readyTasks: number,
  launches: number,
  when: 'now' | 'later',
): Expectation => {
  const { ratePerSecond, serviceSeconds, concurrency } = outlook;
  const { stepSeconds, decay } = horizon;
  const level = ratePerSecond * serviceSeconds;
  const arriving = ratePerSecond * stepSeconds;
  const serviceDispersion = Math.min(serviceDispersionMax, outlook.serviceDispersion);
  let jobs = outlook.jobs;
  let arrived = outlook.jobs;
  let late = 0;
  let due = 0;
  let worst = 0;
  let worstSeconds = 0;
  for (const step of horizon.steps) {
    const ready = when === 'now' ? step.readyIfNow : step.readyIfLater;
    const slots = Math.max(1e-9, (readyTasks + launches * ready) * concurrency + step.launchedSlots);
    if (jobs > slots) {
      const drained = jobs + arriving - (slots * stepSeconds) / serviceSeconds;
      jobs = Math.max(drained, Math.min(slots, Math.max(level, drained)));
    } else jobs = Math.min(jobs + arriving, level + (jobs - level) * decay);
    arrived += arriving;
    // Nobody's deadline: most steps of a quiet hour, and the chance of being late is the dearest thing here.
    if (step.due === 0) continue;
    const completions = Math.max(0, arrived - jobs);
    const variance =
      outlook.jobsVariance +
      step.comingVariance +
      step.launchedVariance +
      launches * concurrency * concurrency * ready * (1 - ready) +
      serviceDispersion * completions +
      leastVariance;
    const lateHere = step.due * normalCdf((jobs - step.notDue - slots - wholeJob) / Math.sqrt(variance));
    late += lateHere;
    due += step.due;
    if (lateHere > worst) {
      worst = lateHere;
      worstSeconds = step.endSeconds;
    }
  }
  return { late, due, worstSeconds };
};
