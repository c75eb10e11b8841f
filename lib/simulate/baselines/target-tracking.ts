import type { TaskBounds } from '../../model/plan.ts';
import type { Seconds } from '../../model/units.ts';
import type { MinutePoint, Scaler } from '../scaler.ts';
import { AlarmTracker, type TrackedPoint } from './alarm-tracker.ts';
import { atLeastOne, type Baseline, backlogPerTask, type Setting, type Situation } from './situation.ts';

/** AWS target tracking on backlog per task: messages visible ÷ running tasks, from CloudWatch, each minute. */
export const targetTracking: Baseline = {
  documented: (situation) => trackingSetting(situation, 1, 300),
  tunings: (situation) =>
    [300, 60].flatMap((cooldown) => targetShares.map((share) => trackingSetting(situation, share, cooldown))),
};

/** Of the backlog per task that would just do: a tuner buys reaction time with a lower target. */
export const targetShares: readonly number[] = [1, 0.5, 0.25, 0.1, 0.03];

export const backlogPoint = (point: MinutePoint): TrackedPoint => ({
  value: point.visible / Math.max(1, point.running),
  running: point.running,
});

const trackingSetting = (situation: Situation, share: number, cooldownSeconds: Seconds): Setting => {
  const target = backlogPerTask(situation) * share;
  return {
    text: `backlog per task ${Number(target.toPrecision(3))}, cooldowns ${cooldownSeconds} s`,
    create: () => trackingScaler(target, cooldownSeconds, atLeastOne(situation.bounds)),
  };
};

const trackingScaler = (target: number, cooldownSeconds: Seconds, bounds: TaskBounds): Scaler => {
  const tracker = new AlarmTracker({
    target,
    outCooldownSeconds: cooldownSeconds,
    inCooldownSeconds: cooldownSeconds,
    bounds,
  });
  return {
    tickSeconds: 60,
    bounds,
    decide: ({ t, minutes, service }) => {
      const votes = tracker.vote(minutes.map(backlogPoint), t, service.desired);
      if (votes.in !== undefined) tracker.tookIn(t);
      return votes.out ?? votes.in;
    },
  };
};
