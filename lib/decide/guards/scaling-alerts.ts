import type { Alert } from '../../model/decision.ts';
import type { Settings } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { type Actions, turns } from './actions.ts';

/** Requirements 6: more than 5 tasks in 5 minutes for 1 minute; more than 10 changes in 30 minutes for 5 minutes. */
const rapid = { tasks: 5, withinSeconds: 300, forSeconds: 60 } as const;
const thrashing = { changes: 10, withinSeconds: 1800, forSeconds: 300 } as const;

/**
 * What the scaling itself looks like. Rules are judged by how much and how often they act; `slo` acts often by design,
 * so only its changes of direction count.
 */
export const scalingAlerts = (settings: Settings, actions: Actions, now: EpochSeconds): readonly Alert[] => {
  const { service } = settings;
  if (settings.policy.type === 'slo') {
    const turned = turns(actions, now, thrashing.withinSeconds).length;
    if (turned <= thrashing.changes) return [];
    const text = `${service} changed its direction ${turned} times within 30 minutes: "flaps" bounds that, a longer "scaleIn.stabilizationSeconds" calms it.`;
    // It follows the jobs by design, and nobody need get up for that.
    return [{ code: 'thrashing', severity: 'info', text }];
  }
  const alerts: Alert[] = [];
  const moved = (at: EpochSeconds) => tasksWithin(actions, at, rapid.withinSeconds);
  if (lasts(actions, now, rapid.forSeconds, rapid.withinSeconds, (at) => moved(at) > rapid.tasks)) {
    const text = `${service} started or stopped ${moved(now)} tasks within 5 minutes.`;
    alerts.push({ code: 'rapidScaling', severity: 'warning', text });
  }
  const changes = (at: EpochSeconds) => changesWithin(actions, at, thrashing.withinSeconds);
  if (lasts(actions, now, thrashing.forSeconds, thrashing.withinSeconds, (at) => changes(at) > thrashing.changes)) {
    const text = `${service} changed its count ${changes(now)} times within 30 minutes: a longer cooldown or stabilization window calms it.`;
    alerts.push({ code: 'thrashing', severity: 'warning', text });
  }
  return alerts;
};

const within = (actions: Actions, at: EpochSeconds, seconds: Seconds): Actions =>
  actions.filter(([acted]) => acted > at - seconds && acted <= at);

const tasksWithin = (actions: Actions, at: EpochSeconds, seconds: Seconds): number =>
  within(actions, at, seconds).reduce((sum, [, delta]) => sum + Math.abs(delta), 0);

const changesWithin = (actions: Actions, at: EpochSeconds, seconds: Seconds): number =>
  within(actions, at, seconds).length;

/** True at every instant of the last seconds. It can turn only where an action enters or leaves the window. */
const lasts = (
  actions: Actions,
  now: EpochSeconds,
  forSeconds: Seconds,
  windowSeconds: Seconds,
  holds: (at: EpochSeconds) => boolean,
): boolean => {
  if (!holds(now) || !holds(now - forSeconds)) return false;
  return actions
    .map(([at]) => at + windowSeconds)
    .filter((at) => at > now - forSeconds && at < now)
    .every(holds);
};
