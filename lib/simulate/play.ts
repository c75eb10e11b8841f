import type { ServicePlan } from '../model/plan.ts';
import { plannedScaler } from './baselines/planned-scaler.ts';
import type { Setting, Situation } from './baselines/situation.ts';
import { bestStaticTasks, staticSetting } from './baselines/static.ts';
import type { Outcome } from './engine/outcome.ts';
import type { Setup } from './engine/setup.ts';
import type { Truth } from './engine/simulation.ts';
import { baselines, type PolicyChoice } from './policy-name.ts';
import { runScaler } from './run-scaler.ts';
import type { SimulatedJobs } from './simulated-jobs.ts';

/** One policy on one set of jobs. */
export interface Played {
  /** The setting in words; of a tuned policy, the one that was best. */
  readonly setting: string;
  /** How many settings were tried. */
  readonly tried: number;
  readonly outcome: Outcome;
  readonly kept: boolean;
}

export interface Stage {
  readonly jobs: SimulatedJobs;
  readonly setup: Setup;
  readonly situation: Situation;
}

/**
 * Plays a policy at its documented setting, or at the best of its tunings with hindsight: the cheapest that keeps the
 * promise, else the one that comes nearest to it.
 * @param planOf the plan of a service in a config, already loaded
 * @param watch is shown the truth at each tick of the run that counts
 */
export const play = (
  choice: PolicyChoice,
  stage: Stage,
  planOf: (file: string, service: string) => ServicePlan,
  watch?: (truth: Truth) => void,
): Played => {
  const settings = settingsOf(choice, stage, planOf);
  const run = (setting: Setting, seen?: (truth: Truth) => void): Played => ({
    ...playSetting(setting, stage, seen),
    tried: settings.length,
  });
  const [only, ...others] = settings;
  if (!only) throw new RangeError('a policy without any setting');
  if (others.length === 0) return run(only, watch);
  let best = { setting: only, played: run(only) };
  for (const setting of others) {
    const played = run(setting);
    if (isBetter(played, best.played)) best = { setting, played };
  }
  return watch ? run(best.setting, watch) : best.played;
};

/** One setting, played once. */
export const playSetting = (
  setting: Setting,
  { jobs, setup, situation }: Stage,
  watch?: (truth: Truth) => void,
): Played => {
  const outcome = runScaler(jobs, setup, setting.create(), watch);
  return { setting: setting.text, tried: 1, outcome, kept: 100 * outcome.attained >= situation.percent };
};

const settingsOf = (
  choice: PolicyChoice,
  { jobs, setup, situation }: Stage,
  planOf: (file: string, service: string) => ServicePlan,
): readonly Setting[] => {
  if (choice.kind === 'static') return [staticSetting(bestStaticTasks(jobs, setup, situation.percent))];
  if (choice.kind === 'baseline') {
    const baseline = baselines[choice.name];
    return choice.tuned
      ? [baseline.documented(situation), ...baseline.tunings(situation)]
      : [baseline.documented(situation)];
  }
  const plan = planOf(choice.file, choice.service);
  return [{ text: `${choice.service} of ${choice.file}`, create: () => plannedScaler(plan, situation.startEpoch) }];
};

/** Keeping the promise comes first, then cost; among those that break it, how nearly they keep it. */
export const isBetter = (a: Played, b: Played): boolean => {
  if (a.kept !== b.kept) return a.kept;
  if (!a.kept && a.outcome.attained !== b.outcome.attained) return a.outcome.attained > b.outcome.attained;
  return a.outcome.billedSeconds < b.outcome.billedSeconds;
};
