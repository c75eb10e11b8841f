import type { Seconds, Usd } from '../../model/units.ts';
import type { Reach, Tried } from '../../report/backtest/recommend.ts';
import { slo } from '../../simulate/baselines/slo.ts';
import { bestStaticTasks, staticSetting } from '../../simulate/baselines/static.ts';
import { playSetting, type Stage } from '../../simulate/play.ts';

/** Settings that a config can hold: the policy as it stands, then harder aims and a floor while the promise is not kept. */
export const trySettings = (stage: Stage): readonly Tried[] => {
  const { situation, jobs, setup } = stage;
  const { percent, bounds, concurrency } = situation;
  const tried = [trySlo(stage, percent, bounds.min)];
  const floors = [1, jobs.workSeconds / concurrency / jobs.endSeconds].map((tasks) =>
    Math.min(bounds.max, Math.max(bounds.min, Math.ceil(tasks))),
  );
  const harder: readonly (readonly [percent: number, min: number])[] = [
    [100 - (100 - percent) / 3, bounds.min],
    [100 - (100 - percent) / 10, bounds.min],
    ...[...new Set(floors)].filter((min) => min > bounds.min).map((min) => [percent, min] as const),
  ];
  if (!tried[0]?.kept) for (const [aim, min] of harder) tried.push(trySlo(stage, Number(aim.toPrecision(6)), min));
  const tasks = bestStaticTasks(jobs, setup, percent);
  const { outcome, kept } = playSetting(staticSetting(tasks), stage);
  tried.push({
    policy: 'static',
    percent,
    tasks: { min: tasks, max: tasks },
    kept,
    attainedPercent: 100 * outcome.attained,
    taskHours: outcome.billedSeconds / 3600,
    tasksPeak: tasks,
  });
  return tried;
};

const trySlo = (stage: Stage, percent: number, min: number): Tried => {
  const bounds = { ...stage.situation.bounds, min };
  const setting = slo.documented({ ...stage.situation, percent, bounds });
  let tasksPeak = 0;
  const { outcome, kept } = playSetting(setting, { ...stage, setup: { ...stage.setup, bounds } }, ({ running }) => {
    tasksPeak = Math.max(tasksPeak, running);
  });
  return {
    policy: 'slo',
    percent,
    tasks: bounds,
    kept,
    attainedPercent: 100 * outcome.attained,
    taskHours: outcome.billedSeconds / 3600,
    tasksPeak,
  };
};

const ladder: readonly Seconds[] = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** The policy under two shorter and two longer promises, shortest first. */
export const reachAround = (stage: Stage, usdPerTaskHour: Usd): readonly Reach[] => {
  const { startWithinSeconds } = stage.situation;
  const shorter = ladder.filter((seconds) => seconds < startWithinSeconds).slice(-2);
  const longer = ladder.filter((seconds) => seconds > startWithinSeconds).slice(0, 2);
  return [...shorter, startWithinSeconds, ...longer].map((seconds) => {
    const situation = { ...stage.situation, startWithinSeconds: seconds };
    const setup = { ...stage.setup, startWithinSeconds: seconds };
    const { outcome, kept } = playSetting(slo.documented(situation), { ...stage, setup, situation });
    const taskHours = outcome.billedSeconds / 3600;
    return {
      startWithinSeconds: seconds,
      kept,
      attainedPercent: 100 * outcome.attained,
      taskHours,
      usd: taskHours * usdPerTaskHour,
    };
  });
};
