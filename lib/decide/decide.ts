import { initialStartDelay, observeStarts } from '../forecast/start-delay.ts';
import type { Alert, Decision, ExplanationStep } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { HotState, Json, LearntState, ServiceState } from '../model/state.ts';
import { bound } from './bound.ts';
import { byHand } from './by-hand.ts';
import { fallback } from './fallback.ts';
import { type Guarded, guard } from './guard.ts';
import { pace } from './pace.ts';
import type { Proposal } from './policies/proposal.ts';
import { slo } from './policies/slo.ts';
import { prewarm, prewarmStep } from './prewarm.ts';
import { propose } from './propose.ts';
import { decideSize } from './size.ts';

/** Where the guard keeps what it saw, among the policies' memories. No policy path begins with `#`. */
const guardMemory = '#guard';

/**
 * One decision for one service: a pure function of what was seen, what is wanted and what is remembered.
 * The stages are guard → propose → bound → pace; each appends to the explanation what it saw and changed,
 * and the last step's `to` is the desired count.
 *
 * @param observation what was read, every value with its time; unknown is a value
 * @param settings the service's plan with the schedule of this instant applied
 * @param state what the previous decision returned, or `initialState`
 */
export const decide = (observation: Observation, settings: Settings, state: ServiceState): Decision => {
  const { now } = observation;
  const guarded = guard(observation, settings, state.hot, state.learnt.policies[guardMemory]);
  if (guarded.hold || !guarded.service) return held(guarded, settings, state, now);

  const current = guarded.service.desired;
  const startDelay = observeStarts(
    state.learnt.startDelay ??
      initialStartDelay(settings.priors?.startDelaySeconds?.median, settings.priors?.startDelaySeconds?.p95),
    now,
    state.hot.lastTickAt > 0 ? now - state.hot.lastTickAt : settings.tickSeconds,
    current,
    guarded.service.running,
  );
  const proposed = propose({
    observation: guarded.observation,
    settings,
    current,
    policies: state.learnt.policies,
    slo: (policy, input) => slo(policy, input, startDelay),
  });
  const steps: ExplanationStep[] = [...proposed.steps];
  const alerts: Alert[] = [...guarded.alerts];

  const { proposal } = proposed;
  const unknownSince = proposal.kind === 'unknown' ? state.hot.unknownSince || now : 0;
  let wanted: number;
  const hand = byHand(settings.override, now);
  if (hand?.desired !== undefined) {
    wanted = hand.desired;
    steps.push({ stage: 'guard', code: hand.code, text: hand.text, from: current, to: wanted });
  } else if (proposal.kind === 'unknown') {
    const instead = fallback(settings, current, unknownSince, now);
    wanted = instead.desired;
    steps.push(instead.step);
    alerts.push({ code: 'signalsUnknown', severity: 'warning', text: `${settings.service}: ${proposal.text}` });
  } else wanted = proposal.abstains ? current : proposal.desired;

  const warmed = prewarm(settings, startDelay, now);
  const warming = prewarmStep(warmed, wanted, now);
  if (warming) steps.push(warming);
  const bounded = bound(warming?.to ?? wanted, warmed.settings);
  steps.push(...bounded.steps);
  if (bounded.steps.some((step) => step.code === 'aboveCeiling'))
    alerts.push({
      code: 'maxReached',
      severity: 'warning',
      text: `${settings.service} is at its maximum of ${bounded.desired} tasks and ${wanted} are wanted.`,
    });

  const paced = pace({
    now,
    current,
    proposed: bounded.desired,
    behavior: settings.behavior,
    pacing: state.learnt.pacing,
    hot: state.hot,
    since: state.learnt.since,
    tolerated: proposal.kind === 'count' && proposal.tolerated === true,
  });
  // A person who names a count wants it now: pacing and closed directions are there to doubt signals, not people.
  const obeyed = hand?.desired !== undefined;
  if (!obeyed) steps.push(...paced.steps);
  const desired = obeyed
    ? bounded.desired
    : closeDirections(
        holdToBounds(paced.desired, bounded.desired, warmed.settings, steps),
        current,
        bounded.desired,
        warmed.settings,
        withUnknownSignals(guarded, proposal),
        steps,
      );
  if (steps.length === 0 || steps.at(-1)?.to !== desired)
    steps.push({
      stage: 'act',
      code: 'asProposed',
      text: `${desired} tasks.`,
      from: steps.at(-1)?.to ?? current,
      to: desired,
    });

  const sized = decideSize(
    warmed.settings,
    warmed.size?.window ?? settings.window ?? '',
    guarded.service,
    state.learnt.resized,
    now,
  );
  const summary = summarise(current, desired, steps);
  if (sized.step) steps.push({ stage: 'act', ...sized.step, from: desired, to: desired });
  alerts.push(...sized.alerts);

  const hot = nextHot(state.hot, now, current, desired, unknownSince);
  const changed = desired !== current;
  const { resized: _, ...before } = state.learnt;
  const learnt: LearntState = {
    ...before,
    ...(sized.resized && { resized: sized.resized }),
    pacing: changed && desired !== state.hot.asked ? withChange(paced.pacing, now, desired - current) : paced.pacing,
    startDelay,
    policies: { ...proposed.policies, [guardMemory]: guarded.seen },
  };
  return {
    service: settings.service,
    at: now,
    kind: changed ? 'scale' : proposal.kind === 'unknown' && !obeyed ? 'hold' : 'keep',
    from: current,
    desired,
    size: sized.size,
    ...(sized.from && { sizeFrom: sized.from }),
    state: { hot, learnt },
    alerts,
    explanation: steps,
    summary: sized.from && sized.step ? `${summary} ${sized.step.text}` : summary,
    shadow: settings.mode === 'shadow',
  };
};

/** A count that was reached although some signal was unknown may raise the fleet, never lower it. */
const withUnknownSignals = (guarded: Guarded, proposal: Proposal): Guarded =>
  proposal.kind === 'count' && proposal.unknown !== undefined && !guarded.noScaleIn
    ? { ...guarded, noScaleIn: { code: 'unknownSignal', text: `${proposal.unknown}, so nothing is scaled in.` } }
    : guarded;

/** Nothing is decided. State moves on only in what the guard itself must remember. */
const held = (guarded: Guarded, settings: Settings, state: ServiceState, now: number): Decision => {
  const step = guarded.hold as ExplanationStep;
  const duplicate = step.code === 'duplicateTick';
  // A foreign count becomes the new reference, or each tick would discover it anew and never let go.
  const foreign =
    guarded.foreignUntil > now && guarded.service
      ? { asked: guarded.service.desired, askedFrom: guarded.service.desired }
      : {};
  const hot: HotState = duplicate
    ? state.hot
    : { ...state.hot, ...foreign, lastTickAt: now, foreignUntil: guarded.foreignUntil };
  const policies: Readonly<Record<string, Json>> = duplicate
    ? state.learnt.policies
    : { ...state.learnt.policies, [guardMemory]: guarded.seen };
  return {
    service: settings.service,
    at: now,
    kind: 'hold',
    from: step.from,
    desired: step.to,
    size: settings.size,
    state: { hot, learnt: { ...state.learnt, policies } },
    alerts: guarded.alerts,
    explanation: [step],
    summary: step.text,
    shadow: settings.mode === 'shadow',
  };
};

/** As in Kubernetes, pacing is for what policies want: a count outside the bounds goes to them at once. */
const holdToBounds = (paced: number, bounded: number, settings: Settings, steps: ExplanationStep[]): number => {
  const { min, max } = settings.tasks;
  const to = paced < min ? Math.min(bounded, min) : paced > max ? Math.max(bounded, max) : paced;
  if (to === paced) return paced;
  const text = `${to < paced ? `The ceiling is ${max}` : `The floor is ${min}`} tasks, and pacing does not put that off.`;
  steps.push({ stage: 'bound', code: to < paced ? 'ceilingNow' : 'floorNow', text, from: paced, to });
  return to;
};

/** The guard's closed directions come last: bounds may still lift to a floor, for a floor is a person's word. */
const closeDirections = (
  paced: number,
  current: number,
  bounded: number,
  settings: Settings,
  guarded: Guarded,
  steps: ExplanationStep[],
): number => {
  const { noScaleIn, noScaleOut } = guarded;
  if (paced < current && noScaleIn) {
    const to = Math.min(current, Math.max(settings.tasks.max, paced));
    steps.push({
      stage: 'guard',
      code: noScaleIn.code,
      text: `${noScaleIn.text} It would have been ${paced}.`,
      from: paced,
      to,
    });
    return to;
  }
  if (paced > current && noScaleOut) {
    const to = Math.max(current, Math.min(settings.tasks.min, bounded));
    steps.push({
      stage: 'guard',
      code: noScaleOut.code,
      text: `${noScaleOut.text} It would have been ${paced}.`,
      from: paced,
      to,
    });
    return to;
  }
  return paced;
};

const nextHot = (hot: HotState, now: number, current: number, desired: number, unknownSince: number): HotState => {
  const base = { ...hot, lastTickAt: now, unknownSince, foreignUntil: 0 };
  if (desired === current) return { ...base, asked: current, askedFrom: current };
  if (desired === hot.asked) return base;
  const asked = { ...base, asked: desired, askedFrom: current };
  return desired > current
    ? { ...asked, scaledOutAt: now, scaledOutBy: desired - current }
    : { ...asked, scaledInAt: now };
};

const withChange = (pacing: LearntState['pacing'], now: number, delta: number): LearntState['pacing'] => ({
  ...pacing,
  changes: [...pacing.changes, [now, delta]],
});

/** The step that had the last word on the number, as one sentence. */
const summarise = (current: number, desired: number, steps: readonly ExplanationStep[]): string => {
  const decisive = steps.findLast((step) => step.code !== 'asProposed' && step.to === desired) ?? steps.at(-1);
  const move =
    desired === current ? `Stay at ${desired}` : `${desired > current ? 'Out' : 'In'} from ${current} to ${desired}`;
  return `${move}: ${decisive?.text ?? ''}`;
};
