import { basename } from 'node:path';
import type { ServicePlan } from '../../model/plan.ts';
import { fargatePrice, fargatePriceSource, usdOfTasks } from '../../report/fargate-price.ts';
import type { ComparedPolicy, Comparison } from '../../report/simulation/comparison.ts';
import { binArrivals, binStarts, binsOf, TaskCurve } from '../../report/simulation/curves.ts';
import { byMerit, summarise } from '../../report/simulation/summarise.ts';
import type { Setting } from '../../simulate/baselines/situation.ts';
import { clairvoyant } from '../../simulate/clairvoyant/clairvoyant.ts';
import type { Setup } from '../../simulate/engine/setup.ts';
import type { Truth } from '../../simulate/engine/simulation.ts';
import { type Played, play, playSetting } from '../../simulate/play.ts';
import type { OpenStage } from './open-stage.ts';
import type { SimulateOptions } from './options.ts';

const region = 'us-east-1';

/** A run that no name of the catalogue stands for. */
export interface ExtraRun {
  readonly name: string;
  readonly setting: Setting;
  readonly setup: Setup;
}

/** Plays every policy on the same jobs. */
export const compare = (stage: OpenStage, extras: readonly ExtraRun[] = []): Comparison => {
  const { options, jobs, setup, situation } = stage;
  const { percent, startWithinSeconds, concurrency } = options;
  const bins = binsOf(jobs);
  const usdPerTaskHour = usdOfTaskHour(options);
  const compared = (name: string, run: (watch: (truth: Truth) => void) => Played): ComparedPolicy => {
    const tasks = new TaskCurve(bins);
    const played = run((truth) => tasks.add(truth));
    return summarise(name, played, jobs, concurrency, usdPerTaskHour, bins, tasks);
  };
  const policies = [
    ...extras.map((extra) =>
      compared(extra.name, (watch) => playSetting(extra.setting, { jobs, setup: extra.setup, situation }, watch)),
    ),
    ...options.policies.map(({ name, choice }) =>
      compared(name, (watch) => play(choice, stage, () => planNamed(stage, name), watch)),
    ),
  ];
  const best = clairvoyant(jobs, setup, percent);
  return {
    trace: { name: basename(options.trace), seconds: jobs.endSeconds, jobs: jobs.count },
    objective: { percent, startWithinSeconds },
    worker: {
      meanServiceSeconds: situation.meanServiceSeconds,
      concurrency,
      startMedianSeconds: options.startMedianSeconds,
      startP95Seconds: options.startP95Seconds,
      price: `${options.vcpu} vCPU, ${options.gb} GiB, ${options.architecture}, ${region} list price of ${fargatePriceSource.date}`,
    },
    world: options.world,
    seed: options.seed,
    bound: {
      workTaskHours: jobs.workSeconds / concurrency / 3600,
      clairvoyantTaskHours: best.taskSeconds / 3600,
      clairvoyantAttainedPercent: 100 * best.outcome.attained,
    },
    policies: policies.toSorted(byMerit),
    curves: { at: binStarts(bins), ...binArrivals(jobs, concurrency, bins) },
  };
};

const planNamed = (stage: OpenStage, name: string): ServicePlan => {
  const plan = stage.plans.get(name);
  if (!plan) throw new Error(`the plan of ${name} was not loaded`);
  return plan;
};

export const usdOfTaskHour = ({ vcpu, gb, architecture }: SimulateOptions): number => {
  const price = fargatePrice(region, architecture);
  if (!price) throw new Error(`no Fargate price for ${architecture} in ${region}`);
  return usdOfTasks({ cpu: vcpu * 1024, memoryMiB: gb * 1024 }, 3600, price);
};
