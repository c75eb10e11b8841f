import type { ExplanationStep } from '../model/decision.ts';
import type { Behavior } from '../model/policy.ts';
import type { HotState, PacingState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import { keepChanges, lastChangeWasLost } from './pace/changes.ts';
import type { Clamp } from './pace/clamp.ts';
import { coolDown } from './pace/cool-down.ts';
import { limitRate } from './pace/limit-rate.ts';
import { keepProposals } from './pace/proposals.ts';
import { stabilize } from './pace/stabilize.ts';

export interface PaceInput {
  readonly now: EpochSeconds;
  /** The desired count now. */
  readonly current: number;
  /** What policies and bounds want. */
  readonly proposed: number;
  readonly behavior: Behavior;
  readonly pacing: PacingState;
  readonly hot: HotState;
  /** The pacing history is complete from here on. */
  readonly since: EpochSeconds;
  /** The policy applied the tolerance to its own signal (`CountProposal.tolerated`); it is not applied to the count again. */
  readonly tolerated?: boolean;
}

export interface Paced {
  readonly desired: number;
  /** With this tick's proposal. The caller appends the change once it is really asked for. */
  readonly pacing: PacingState;
  /** One for each rule that took something away. */
  readonly steps: ExplanationStep[];
}

/**
 * How fast the count may move: tolerance, then stabilization windows (both as Kubernetes `autoscaling/v2`), then cooldowns
 * (as Application Auto Scaling), then rate policies (Kubernetes). The result lies between the present count and the proposal.
 */
export const pace = (input: PaceInput): Paced => {
  const { now, current, behavior, pacing, hot, since } = input;
  const steps: ExplanationStep[] = [];
  let count = input.proposed;
  const apply = (clamp: Clamp | undefined): void => {
    if (clamp === undefined) return;
    steps.push({ stage: 'pace', code: clamp.code, text: clamp.text, from: count, to: clamp.to });
    count = clamp.to;
  };

  apply(input.tolerated ? undefined : tolerate(count, current, behavior));
  const proposed = count;
  const lost = lastChangeWasLost(pacing, hot, current);
  const changes = lost ? pacing.changes.slice(0, -1) : pacing.changes;
  apply(stabilize(count, current, now, pacing.proposals, behavior, since));
  if (!lost) apply(coolDown(count, current, now, behavior, changes, hot));
  apply(limitRate(count, current, now, behavior, changes));

  // A lost change that is asked for again is the same change, at its old time; any other answer replaces it.
  const made = lost && count === hot.asked ? pacing.changes : changes;
  return {
    desired: count,
    pacing: {
      proposals: keepProposals(pacing.proposals, now, proposed, behavior),
      changes: keepChanges(made, now, behavior),
    },
    steps,
  };
};

const tolerate = (proposed: number, current: number, behavior: Behavior): Clamp | undefined => {
  if (proposed === current) return undefined;
  const { tolerance } = proposed > current ? behavior.scaleOut : behavior.scaleIn;
  // In this form `11 of 10` is exactly at 10 %, as it is on paper.
  const within = proposed > current ? proposed <= current * (1 + tolerance) : proposed >= current * (1 - tolerance);
  if (!within || tolerance <= 0) return undefined;
  const text = `It would be ${proposed}, but that is within the tolerance of ${Math.round(tolerance * 1000) / 10} % around ${current}.`;
  return { code: 'withinTolerance', text, to: current };
};
