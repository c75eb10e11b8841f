import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { keda } from '../../lib/simulate/baselines/keda.ts';
import type { Situation } from '../../lib/simulate/baselines/situation.ts';
import { bestStaticTasks, staticSetting } from '../../lib/simulate/baselines/static.ts';
import type { Setup } from '../../lib/simulate/engine/setup.ts';
import { runScaler } from '../../lib/simulate/run-scaler.ts';
import type { SimulatedJobs } from '../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../lib/simulate/world.ts';

/**
 * Goal: this simulator and the independent judge of shared/referee say the same of the same policy, within 2 % on cost
 * and 0.3 points on attainment. Method: both play the very same jobs, drawn by the judge, each with its own engine, its
 * own model of the policy and its own chance (start delays, noise). With jobs of their own they would differ by more
 * than that already between two seeds: a fleet that just suffices is near the edge. Runs where the judge lies beside
 * the clone, as it does in CI.
 */
const shared = new URL('../../../shared/', import.meta.url);
const judge = new URL('referee/lib/', shared);

interface JudgeJobs {
  readonly n: number;
  readonly at: Float64Array;
  readonly sv: Float32Array;
  readonly end: number;
  readonly work: number;
}
interface Verdict {
  readonly taskHours: number;
  readonly attained: number;
}
interface Judge {
  readonly loadTrace: (file: string) => unknown;
  readonly sliceTrace: (trace: unknown, from: number, seconds: number) => unknown;
  readonly makeJobs: (trace: unknown, options: object) => JudgeJobs;
  readonly runPolicy: (jobs: JudgeJobs, options: object, policy: unknown) => Verdict;
  readonly fixed: (tasks: number) => unknown;
  readonly keda: (options: object) => unknown;
}
const modules = ['trace.mjs', 'engine.mjs', 'policies.mjs'].map((file) => new URL(file, judge).href);
const openJudge = async (): Promise<Judge> =>
  Object.assign({}, ...(await Promise.all(modules.map((href) => import(/* @vite-ignore */ href)))));

interface Case {
  readonly trace: string;
  readonly load: number;
  readonly service: number;
  readonly within: number;
  readonly concurrency: number;
}

const bounds = { min: 0, max: 1000 };
const seed = 1;
const setupOf = ({ concurrency, within }: Case): Setup => ({
  seed,
  concurrency,
  startWithinSeconds: within,
  bounds,
  initial: 1,
  protect: true,
  stopTimeoutSeconds: 120,
  visibilitySeconds: 60,
  world: worlds.realistic,
});
const situationOf = ({ concurrency, within, service }: Case): Situation => ({
  percent: 99,
  startWithinSeconds: within,
  meanServiceSeconds: service,
  concurrency,
  bounds,
  initial: 1,
  stopTimeoutSeconds: 120,
  tickSeconds: 10,
  startEpoch: 1_767_571_200,
});
/** The judge's realistic world, for the engine without its command line. */
const judgeWorld = { attrLagS: 10, reportLagS: 20, stopLag: 10, attrZero: 0.002 };

const absent = `skipped: there is no ${fileURLToPath(judge)}, so nothing here was compared with the judge`;
const run = promisify(execFile);
if (!existsSync(judge)) console.warn(absent);

describe('agreement with the judge', () => {
  beforeEach(({ skip }) => skip(!existsSync(judge), absent));

  it.each<Case>([
    { trace: 'web_aws_elb', load: 8, service: 5, within: 60, concurrency: 1 },
    { trace: 'web_nasa_jul95', load: 8, service: 30, within: 300, concurrency: 1 },
    { trace: 'flash_wc98_group_stage', load: 12, service: 10, within: 60, concurrency: 4 },
  ])('$trace: static and KEDA', async (regime) => {
    const play = await openJudge();
    const trace = play.sliceTrace(
      play.loadTrace(new URL(`traces/${regime.trace}.csv`, shared).pathname),
      0,
      7 * 86_400,
    );
    const { load, service, concurrency } = regime;
    const theirs = play.makeJobs(trace, { load, serviceMean: service, serviceCv: 1, concurrency, seed });
    const jobs: SimulatedJobs = {
      count: theirs.n,
      arrivalSeconds: theirs.at,
      serviceSeconds: theirs.sv,
      endSeconds: theirs.end,
      workSeconds: theirs.work,
    };
    const [setup, situation] = [setupOf(regime), situationOf(regime)];
    const options = { slo: regime.within, concurrency, seed, ...bounds, ...judgeWorld };
    const tasks = bestStaticTasks(jobs, setup, situation.percent);
    for (const [setting, policy] of [
      [staticSetting(tasks), play.fixed(tasks)],
      [keda.documented(situation), play.keda({})],
    ] as const) {
      const outcome = runScaler(jobs, setup, setting.create());
      const verdict = play.runPolicy(theirs, options, policy);
      const figures = {
        policy: setting.text,
        costRatio: outcome.billedSeconds / 3600 / verdict.taskHours,
        attainedPoints: 100 * (outcome.attained - verdict.attained),
      };
      expect(figures, JSON.stringify(figures)).toSatisfy(
        ({ costRatio, attainedPoints }: typeof figures) =>
          Math.abs(costRatio - 1) < 0.02 && Math.abs(attainedPoints) < 0.3,
      );
    }
  });

  it('`decide` under the judge and `simulate` say the same of slo', async () => {
    const trace = fileURLToPath(new URL('traces/web_aws_elb.csv', shared));
    const regime = ['--trace', trace, '--load', '8', '--days', '3'];
    const referee = fileURLToPath(new URL('referee/referee.mjs', shared));
    const sluice = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
    const [theirs, ours] = await Promise.all([
      run(process.execPath, [referee, ...regime, '--slo', '60', '--', process.execPath, sluice, 'decide']),
      run(process.execPath, [
        ...[sluice, 'simulate', ...regime, '--slo-seconds', '60', '--service-seconds', '5'],
        ...['--policies', 'slo', '--json'],
      ]),
    ]);
    const verdict = JSON.parse(theirs.stdout) as { readonly [figure: string]: number };
    const { policies } = JSON.parse(ours.stdout);
    const figures = {
      costRatio: policies.slo.costOverWork / (verdict.relativeToWork ?? Number.NaN),
      attainedPoints: policies.slo.attainedPercent - 100 * (verdict.attained ?? Number.NaN),
    };
    expect(verdict).toMatchObject({ killed: 0, invalidAnswers: 0 });
    expect(figures, JSON.stringify(figures)).toSatisfy(
      ({ costRatio, attainedPoints }: typeof figures) =>
        Math.abs(costRatio - 1) < 0.02 && Math.abs(attainedPoints) < 0.3,
    );
  });
});
