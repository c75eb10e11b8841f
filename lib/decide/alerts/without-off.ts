import type { Decision } from '../../model/decision.ts';
import type { Settings } from '../../model/plan.ts';

/** Alerts that the config turned off are not raised; what they would have done to the count stays. */
export const withoutOff = (decision: Decision, { alerts }: Settings): Decision => {
  const off = alerts?.off ?? [];
  return off.length === 0
    ? decision
    : { ...decision, alerts: decision.alerts.filter(({ code }) => !off.includes(code)) };
};
