import type { Draft, ServiceFields } from '../draft.ts';
import type { TrackedInput } from '../kubernetes/hpa-metrics.ts';

type PolicyInput = NonNullable<ServiceFields['policy']>;
type StepInput = { from?: number; to?: number; by: number };

/** One target tracking policy of Application Auto Scaling. */
export interface Tracking {
  readonly kind: 'tracking';
  readonly signal: TrackedInput;
  readonly outCooldownSeconds: number;
  readonly inCooldownSeconds: number;
  readonly scalesIn: boolean;
  /** A policy of another type that says the same with the peer's own numbers (Copilot's latency and time per job). */
  readonly as?: PolicyInput;
}

/** One step policy with its alarm, or the two of a CDK pattern. */
export interface Stepping {
  readonly kind: 'steps';
  readonly signal: string;
  readonly adjustment: 'change' | 'percent' | 'exact';
  readonly steps: readonly StepInput[];
  readonly cooldownSeconds: number;
  /** How long the alarm waits on each side; undefined where it has no steps. */
  readonly outAfterSeconds: number | undefined;
  readonly inAfterSeconds: number | undefined;
}

export type AwsPolicy = Tracking | Stepping;

/** What the alarms of target tracking wait for: 3 of 3 minutes above the target, 15 of 15 below 90 % of it. */
export const trackingAlarms = { outSeconds: 180, inSeconds: 900, inTolerance: 0.1 } as const;
/** Of both kinds of policy on ECS. */
export const usualCooldownSeconds = 300;

/**
 * Policies → one policy and one pace. Application Auto Scaling goes out when any wants out, and in when all target
 * tracking policies want in or a step policy does: `max` among the former, `any` with the latter.
 */
export const awsPolicies = (draft: Draft, policies: readonly AwsPolicy[]): void => {
  const tracking = policies.filter((policy) => policy.kind === 'tracking');
  const stepping = mergedSteps(policies.filter((policy) => policy.kind === 'steps'));
  const members = [...trackingMembers(tracking), ...stepping.map(stepsPolicy)];
  const [only] = members;
  if (only === undefined) return;
  draft.service.policy = members.length === 1 ? only : { type: stepping.length > 0 ? 'any' : 'max', of: members };
  pace(draft, tracking, stepping);
};

const trackingMembers = (tracking: readonly Tracking[]): readonly PolicyInput[] => {
  const plain = tracking.filter((policy) => policy.as === undefined).map(({ signal }) => signal);
  const own = tracking.flatMap((policy) => policy.as ?? []);
  const tracked: readonly PolicyInput[] =
    plain.length > 0 ? [{ type: 'targetTracking', signals: plain, tolerance: 0 }] : [];
  const all = [...tracked, ...own];
  return all.length > 1 ? [{ type: 'max', of: all }] : all;
};

const stepsPolicy = ({ signal, adjustment, steps }: Stepping): PolicyInput => ({
  type: 'steps',
  signal,
  adjustment,
  steps: [...steps].sort((a, b) => (a.from ?? Number.NEGATIVE_INFINITY) - (b.from ?? Number.NEGATIVE_INFINITY)),
});

/** A scale-out and a scale-in policy on one signal are the two sides of one here. */
const mergedSteps = (stepping: readonly Stepping[]): readonly Stepping[] => {
  const merged: Stepping[] = [];
  for (const policy of stepping) {
    const i = merged.findIndex(
      (other) =>
        other.signal === policy.signal && other.adjustment === policy.adjustment && !overlap(other.steps, policy.steps),
    );
    const other = merged[i];
    if (other === undefined) merged.push(policy);
    else
      merged[i] = {
        ...other,
        steps: [...other.steps, ...policy.steps],
        cooldownSeconds: Math.max(other.cooldownSeconds, policy.cooldownSeconds),
        outAfterSeconds: other.outAfterSeconds ?? policy.outAfterSeconds,
        inAfterSeconds: other.inAfterSeconds ?? policy.inAfterSeconds,
      };
  }
  return merged;
};

const overlap = (a: readonly StepInput[], b: readonly StepInput[]): boolean =>
  a.some((x) =>
    b.some((y) => (x.from ?? -Infinity) < (y.to ?? Infinity) && (y.from ?? -Infinity) < (x.to ?? Infinity)),
  );

const pace = (draft: Draft, tracking: readonly Tracking[], stepping: readonly Stepping[]): void => {
  const trackingIn = tracking.filter(({ scalesIn }) => scalesIn);
  const outWaits = [
    ...tracking.map(() => trackingAlarms.outSeconds),
    ...defined(stepping.map((s) => s.outAfterSeconds)),
  ];
  const inWaits = [
    ...trackingIn.map(() => trackingAlarms.inSeconds),
    ...defined(stepping.map((s) => s.inAfterSeconds)),
  ];
  const outCooldowns = [...tracking.map((t) => t.outCooldownSeconds), ...stepping.map((s) => s.cooldownSeconds)];
  const inCooldowns = [...trackingIn.map((t) => t.inCooldownSeconds), ...stepping.map((s) => s.cooldownSeconds)];
  draft.service.behavior = {
    scaleOut: {
      stabilizationSeconds: Math.min(...outWaits, 3600),
      cooldownSeconds: Math.min(...outCooldowns),
      policies: [],
    },
    scaleIn: {
      stabilizationSeconds: Math.min(Math.max(0, ...inWaits), 3600),
      cooldownSeconds: Math.max(0, ...inCooldowns),
      ...(inWaits.length === 0 && { select: 'disabled' }),
      policies: trackingIn.length > 0 ? [{ percent: 50, periodSeconds: 60 }] : [],
      ...(trackingIn.length > 0 && { tolerance: trackingAlarms.inTolerance }),
    },
  };
  if (outWaits.length === 0)
    draft.service.behavior.scaleOut = { ...draft.service.behavior.scaleOut, stabilizationSeconds: 0 };
  if (tracking.length > 0) explainTracking(draft, tracking, trackingIn, Math.min(...outWaits));
  explainMixture(draft, outWaits, inWaits, outCooldowns, inCooldowns);
};

const explainTracking = (
  draft: Draft,
  tracking: readonly Tracking[],
  trackingIn: readonly Tracking[],
  outSeconds: number,
): void => {
  draft.habit(
    'the alarm of target tracking: 3 of 3 minutes above the target',
    `the lowest proposal of ${outSeconds} s`,
    'Smaller reacts sooner: 0 follows the signal at once.',
    'behavior.scaleOut.stabilizationSeconds',
  );
  if (trackingIn.length > 0) {
    draft.habit(
      'the alarm of target tracking: 15 of 15 minutes below 90 % of the target',
      `the highest proposal of ${trackingAlarms.inSeconds} s, tolerance ${trackingAlarms.inTolerance}`,
      'Smaller reacts sooner.',
      'behavior.scaleIn.stabilizationSeconds',
    );
    draft.habit(
      'the gradual scale-in of target tracking',
      'half of the tasks a minute',
      'AWS does not publish its step.',
      'behavior.scaleIn.policies',
    );
  }
  if (trackingIn.length > 0 && trackingIn.length < tracking.length)
    draft.habit(
      'DisableScaleIn on some of the policies',
      'scale-in by all of them',
      'Their signals hold scale-in back here too, where AWS would not ask them: never fewer tasks.',
      'policy',
    );
};

const explainMixture = (draft: Draft, ...lists: readonly (readonly number[])[]): void => {
  if (lists.every((list) => new Set(list).size < 2)) return;
  draft.habit(
    'policies with paces of their own',
    'the quickest of them out, the slowest in',
    'A service has one pace here.',
    'behavior',
  );
};

const defined = (values: readonly (number | undefined)[]): readonly number[] =>
  values.filter((value) => value !== undefined);
