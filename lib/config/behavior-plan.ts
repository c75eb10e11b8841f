import { presetBehavior } from '../decide/policies/threshold.ts';
import type { Behavior, DirectionBehavior, Policy, RatePolicy } from '../model/policy.ts';
import type { CheckedBehavior } from './schema/behavior-schema.ts';

/**
 * Pacing with its defaults. `slo` alone has hold and drain rules of its own, so nothing is put in its way; whoever
 * comes with any other rule expects Kubernetes: out at once and at most doubled or +4 per 15 s, in after five minutes.
 */
export const behaviorPlan = (given: CheckedBehavior, policy: Policy): Behavior => {
  const usual = policy.type === 'slo' ? free : kubernetes;
  const cooldown = presetCooldown(policy);
  return {
    scaleOut: direction(given.scaleOut, { ...usual.scaleOut, cooldownSeconds: cooldown.out }),
    scaleIn: direction(given.scaleIn, { ...usual.scaleIn, cooldownSeconds: cooldown.in }),
  };
};

const none: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};
const free: Behavior = { scaleOut: none, scaleIn: none };
const kubernetes: Behavior = {
  scaleOut: {
    ...none,
    policies: [
      { percent: 100, periodSeconds: 15 },
      { tasks: 4, periodSeconds: 15 },
    ],
  },
  scaleIn: { ...none, stabilizationSeconds: 300, policies: [{ percent: 100, periodSeconds: 15 }] },
};

const presetCooldown = (policy: Policy): { readonly out: number; readonly in: number } => {
  const preset = policy.type === 'threshold' && policy.preset !== undefined ? presetBehavior[policy.preset] : {};
  return { out: preset.scaleOutCooldownSeconds ?? 0, in: preset.scaleInCooldownSeconds ?? 0 };
};

const direction = (given: CheckedBehavior['scaleOut'], usual: DirectionBehavior): DirectionBehavior => {
  const { policies, ...rest } = given ?? {};
  return { ...usual, ...rest, ...(policies && { policies: policies.map(ratePolicy) }) };
};

const ratePolicy = (given: {
  readonly percent?: number;
  readonly tasks?: number;
  readonly periodSeconds: number;
}): RatePolicy =>
  given.percent === undefined
    ? { tasks: given.tasks ?? 1, periodSeconds: given.periodSeconds }
    : { percent: given.percent, periodSeconds: given.periodSeconds };
