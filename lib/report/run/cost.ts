import type { Seconds, Usd } from '../../model/units.ts';
import type { ServiceRun, TaskLife } from './run-record.ts';

/** Fargate bills by the second, but never less than a minute for a task. */
export const minimumBilledSeconds = 60;

export interface RunCost {
  /** The time that tasks were there. */
  readonly taskSeconds: Seconds;
  /** The same with the minimum of each task. */
  readonly billedTaskSeconds: Seconds;
  /** What AWS would bill for `billedTaskSeconds`. */
  readonly usd: Usd;
  /** For `taskSeconds`, without the minimum: what the same pattern costs where tasks live longer than a minute. */
  readonly usdBySecond: Usd;
  /** A fleet that stands at this run's peak from the first job to the end. */
  readonly staticTaskSeconds: Seconds;
  readonly staticUsd: Usd;
}

/** The cost of one service's tasks, against a fleet of `peak` tasks that stands for the whole `lengthSeconds`. */
export const costOfRun = (run: ServiceRun, peak: number, lengthSeconds: Seconds, endedT: Seconds): RunCost => {
  const lives = run.tasks.map((task) => lifeSeconds(task, endedT));
  const taskSeconds = sum(lives);
  const billedTaskSeconds = sum(lives.map(billed));
  const staticTaskSeconds = peak * billed(lengthSeconds);
  const usdPerSecond = run.price.usdPerTaskHour / 3600;
  return {
    taskSeconds,
    billedTaskSeconds,
    usd: billedTaskSeconds * usdPerSecond,
    usdBySecond: taskSeconds * usdPerSecond,
    staticTaskSeconds,
    staticUsd: staticTaskSeconds * usdPerSecond,
  };
};

const lifeSeconds = (task: TaskLife, endedT: Seconds): Seconds =>
  Math.max(0, (task.stoppedT ?? endedT) - task.startedT);
const billed = (seconds: Seconds): Seconds => Math.max(minimumBilledSeconds, seconds);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
