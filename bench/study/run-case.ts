import type { Situation } from '../../lib/simulate/baselines/situation.ts';
import { clairvoyant } from '../../lib/simulate/clairvoyant/clairvoyant.ts';
import type { Setup } from '../../lib/simulate/engine/setup.ts';
import { play, type Stage } from '../../lib/simulate/play.ts';
import { policyChoice } from '../../lib/simulate/policy-name.ts';
import { drawJobs, expectedJobs } from '../../lib/simulate/simulated-jobs.ts';
import { traceSeconds } from '../../lib/simulate/trace-file.ts';
import { worlds } from '../../lib/simulate/world.ts';
import type { StudyCase } from './cases.ts';

/** One policy on one case. */
export interface Score {
  readonly policy: string;
  readonly setting: string;
  /** Task-hours, those of work left over with them, ÷ those of the work alone. */
  readonly costOverWork: number;
  readonly attainedPercent: number;
  readonly actionsPerDay: number;
  readonly killedJobs: number;
}

/** Not a policy: what a fleet takes that knows the future. */
export const perfectKnowledge = 'perfect knowledge';
const percent = 99;
/** Not 1, which tests use, nor the judge's 7. */
const seed = 3;

/** Plays the policies on the case, all on the same jobs, in the judge's realistic world. */
export const runCase = (studyCase: StudyCase, policies: readonly string[]): readonly Score[] => {
  const stage = stageOf(studyCase);
  const { jobs, setup } = stage;
  const days = jobs.endSeconds / 86_400;
  return policies.map((policy) => {
    if (policy === perfectKnowledge) {
      const { taskSeconds, outcome } = clairvoyant(jobs, setup, percent);
      return {
        policy,
        setting: 'a plan that knows every job and every start',
        costOverWork: taskSeconds / jobs.workSeconds,
        attainedPercent: 100 * outcome.attained,
        actionsPerDay: outcome.actions / days,
        killedJobs: outcome.killed,
      };
    }
    const choice = policyChoice(policy);
    if (choice === undefined) throw new RangeError(`there is no policy ${policy}`);
    const { outcome, setting } = play(choice, stage, noPlan);
    return {
      policy,
      setting,
      costOverWork: (outcome.billedSeconds + outcome.leftSlotSeconds) / jobs.workSeconds,
      attainedPercent: 100 * outcome.attained,
      actionsPerDay: outcome.actions / days,
      killedJobs: outcome.killed,
    };
  });
};

const noPlan = (file: string): never => {
  throw new RangeError(`the bench plays no config, but was asked for ${file}`);
};

const stageOf = ({ trace: { buckets }, regime }: StudyCase): Stage => {
  const { loadTasks, serviceSeconds, startWithinSeconds } = regime;
  const seconds = traceSeconds(buckets);
  const jobs = drawJobs({
    buckets,
    seed,
    scale: (loadTasks * seconds) / (expectedJobs(buckets, 1) * serviceSeconds),
    meanServiceSeconds: serviceSeconds,
    serviceCv: 1,
  });
  const peak = Math.max(...buckets.map((bucket) => bucket.jobs / bucket.widthSeconds));
  const mean = expectedJobs(buckets, 1) / seconds;
  const bounds = { min: 0, max: Math.min(5000, Math.max(10, Math.ceil((3 * loadTasks * peak) / mean))) };
  const setup: Setup = {
    seed,
    concurrency: 1,
    startWithinSeconds,
    bounds,
    initial: 1,
    protect: true,
    stopTimeoutSeconds: 120,
    visibilitySeconds: 60,
    world: worlds.realistic,
  };
  const situation: Situation = {
    percent,
    startWithinSeconds,
    meanServiceSeconds: serviceSeconds,
    concurrency: 1,
    bounds,
    initial: 1,
    stopTimeoutSeconds: setup.stopTimeoutSeconds,
    tickSeconds: 10,
    startEpoch: 1_767_571_200,
  };
  return { jobs, setup, situation };
};
