import type { Seconds } from '../../model/units.ts';
import type { Scaler } from '../scaler.ts';
import { AlarmTracker, type TrackedPoint } from './alarm-tracker.ts';
import { atLeastOne, type Baseline, backlogPerTask, type Setting, type Situation } from './situation.ts';
import { targetShares } from './target-tracking.ts';

/**
 * AWS Copilot's `queue_delay`: each minute a function publishes ⌈visible ÷ max(running, 1)⌉ from live reads, and
 * target tracking follows it. The alarm sees a datapoint a minute after it was made.
 */
export const copilot: Baseline = {
  documented: (situation) => copilotSetting(situation, 1, 60, 120),
  tunings: (situation) =>
    targetShares.flatMap((share) => [
      copilotSetting(situation, share, 60, 120),
      copilotSetting(situation, share, 0, 60),
    ]),
};

const copilotSetting = (situation: Situation, share: number, out: Seconds, into: Seconds): Setting => {
  const target = backlogPerTask(situation) * share;
  return {
    text: `acceptable backlog ${Number(target.toPrecision(3))}, cooldowns ${out} s out and ${into} s in`,
    create: () => copilotScaler(situation, target, out, into),
  };
};

const copilotScaler = (situation: Situation, target: number, out: Seconds, into: Seconds): Scaler => {
  const bounds = atLeastOne(situation.bounds);
  const tracker = new AlarmTracker({ target, outCooldownSeconds: out, inCooldownSeconds: into, bounds });
  let published: readonly TrackedPoint[] = [];
  return {
    tickSeconds: 60,
    bounds,
    decide: ({ t, queue, service }) => {
      const votes = tracker.vote(published, t, service.desired);
      published = [{ value: Math.ceil(queue.visible / Math.max(1, service.running)), running: service.running }];
      if (votes.in !== undefined) tracker.tookIn(t);
      return votes.out ?? votes.in;
    },
  };
};
