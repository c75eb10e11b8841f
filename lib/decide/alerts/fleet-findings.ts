import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { ServiceCounts } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import { isReady } from '../../model/rollout-health.ts';
import type { StartDelay } from '../../model/state.ts';
import type { Percent, Seconds } from '../../model/units.ts';
import type { Finding } from './lasting.ts';

const z95 = 1.645;
const leastPatienceSeconds: Seconds = 300;
/** So many learnt start delays: the tasks that are missing were not asked for just now. */
const patienceDelays = 3;
const unexplainedForSeconds: Seconds = 900;
/** A band is no count: a task or two more are rounding. */
const unexplainedSpare = 2;

/** Whether the tasks that are wanted are there. */
export const rolloutFinding = (
  name: string,
  service: ServiceCounts,
  startDelay: StartDelay,
  readyPercent: Percent,
): Finding => {
  const base = {
    code: 'rolloutDegraded',
    judged: true,
    forSeconds: Math.max(leastPatienceSeconds, patienceDelays * startDelayQuantile(startDelay, z95)),
  };
  if (isReady(service, readyPercent)) return base;
  const { running, desired } = service;
  const text = `Only ${running} of ${desired} tasks of ${name} are ready, below ${readyPercent} %.`;
  return { ...base, found: { severity: running === 0 ? 'critical' : 'warning', text } };
};

/**
 * For `slo`: more tasks than the upper end of what it forecasts could keep busy, floors aside.
 * @param explained what the policy says that is. Undefined: it did not decide
 */
export const unexplainedFinding = (settings: Settings, desired: number, explained: number | undefined): Finding => {
  const base = { code: 'unexplainedTasks', judged: explained !== undefined, forSeconds: unexplainedForSeconds };
  if (explained === undefined || settings.override !== undefined) return base;
  const most = Math.max(explained, settings.tasks.min) + unexplainedSpare;
  if (desired <= most) return base;
  const text = `${settings.service} has ${desired} tasks, and the forecast with its band explains at most ${explained}.`;
  return { ...base, found: { severity: 'warning', text } };
};
