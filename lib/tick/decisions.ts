import type { ServiceBinding } from '../model/binding.ts';
import type { Alert, Decision, DecisionRecord, ExplanationStep } from '../model/decision.ts';
import { type Observation, unknown } from '../model/observation.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { Sighting } from '../model/sighting.ts';
import type { ServiceState } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';

/** Nothing could be looked at. */
export const unseen = (binding: ServiceBinding, now: EpochSeconds): Sighting => ({
  observation: {
    now,
    queues: binding.queues.map(({ name }) => ({ name, counts: unknown('failed') })),
    service: unknown('failed'),
    work: unknown('failed'),
    signals: {},
  },
});

/** A service whose decision broke down holds, whatever its count is. */
export function failedDecision(
  plan: ServicePlan,
  observation: Observation,
  state: ServiceState,
  because: string,
): Decision {
  const from = observation.service.known ? observation.service.value.desired : Math.max(0, state.hot.asked);
  const text = `Nothing was decided, the count stays: ${because}`;
  return {
    service: plan.service,
    at: observation.now,
    kind: 'hold',
    from,
    desired: from,
    size: { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB },
    state,
    alerts: [{ code: 'decisionFailed', severity: 'critical', text }],
    explanation: [{ stage: 'guard', code: 'decisionFailed', text, from, to: from }],
    summary: text,
    shadow: plan.mode === 'shadow',
  };
}

/** What became of a decision to scale, as the last link of its chain. `desired` stays what was decided. */
export function actedDecision(decision: Decision, outcome: Outcome): Decision {
  if (outcome.changed === true && outcome.desired === decision.desired) return decision;
  const to = decision.desired;
  if (outcome.changed === true) {
    const text = `ECS answered with a desired count of ${outcome.desired} instead of ${to}.`;
    return withStep(decision, { stage: 'act', code: 'answeredOtherwise', text, from: to, to });
  }
  const { alert } = outcome;
  const step: ExplanationStep = { stage: 'act', code: alert.code, text: alert.text, from: to, to };
  return { ...withStep(decision, step), alerts: [...decision.alerts, alert], summary: alert.text };
}

type Outcome =
  | { readonly changed: true; readonly desired: number }
  | { readonly changed: false | 'unknown'; readonly alert: Alert };

/** For the record: what ECS said, without the words for it, which are the last link of the chain. */
export const answerOf = (outcome: Outcome): NonNullable<DecisionRecord['acted']> =>
  outcome.changed === true ? { changed: true, desired: outcome.desired } : { changed: outcome.changed };

const withStep = (decision: Decision, step: ExplanationStep): Decision => ({
  ...decision,
  explanation: [...decision.explanation, step],
});
