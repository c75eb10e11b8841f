import { initialStartDelay, observeStarts } from '../forecast/start-delay.ts';
import type { Decision, ExplanationStep } from '../model/decision.ts';
import type { Observation, ServiceCounts } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { LearntState, ServiceState, StartDelay } from '../model/state.ts';
import { watch } from './alerts/watch.ts';
import { withoutOff } from './alerts/without-off.ts';
import { bound, holdToBounds } from './bound.ts';
import { keepBudgets } from './bounds/budget.ts';
import { fifoCap } from './bounds/fifo-cap.ts';
import { limitShare } from './bounds/limit-share.ts';
import { type ByHand, byHand } from './by-hand.ts';
import { Chain } from './chain.ts';
import { closeDirections } from './close-directions.ts';
import { fallback } from './fallback.ts';
import { guard, justAsked } from './guard.ts';
import { keepActions } from './guards/actions.ts';
import { brake } from './guards/brake.ts';
import { brakeInput } from './guards/brake-input.ts';
import { flapBudget } from './guards/flap-budget.ts';
import { relearning } from './guards/relearning.ts';
import { scalingAlerts } from './guards/scaling-alerts.ts';
import { stuckStarts } from './guards/stuck-starts.ts';
import { unknownSignal } from './guards/unknown-signal.ts';
import { waitingSince, wakeFromZero } from './guards/wake-from-zero.ts';
import { held } from './held.ts';
import { nextHot, withChange } from './next-state.ts';
import { pace } from './pace.ts';
import type { Proposal } from './policies/proposal.ts';
import { slo } from './policies/slo.ts';
import { prewarm, prewarmStep } from './prewarm.ts';
import { propose } from './propose.ts';
import { remediate } from './remediate.ts';
import { resize } from './resize.ts';
import type { Ruling } from './ruling.ts';
import { takeGrant } from './take-grant.ts';
import { urgencyOf } from './urgency.ts';

/**
 * One decision for one service: a pure function of what was seen, what is wanted and what is remembered.
 * The stages are guard → propose → bound → pace → allocate; each appends to the explanation what it saw and changed,
 * and the last step's `to` is the desired count.
 *
 * @param observation what was read, every value with its time; unknown is a value
 * @param settings the service's plan with the schedule of this instant applied
 * @param state what the previous decision returned, or `initialState`
 */
export const decide = (observation: Observation, settings: Settings, state: ServiceState): Decision =>
  withoutOff(decideAll(observation, settings, state), settings);

const decideAll = (observation: Observation, settings: Settings, state: ServiceState): Decision => {
  const { now } = observation;
  const { hot, learnt } = state;
  const guarded = guard(observation, settings, hot, learnt.guard);
  const { service } = guarded;
  if (guarded.hold) return held(guarded, guarded.hold, settings, state, now);
  if (!service) throw new TypeError(`${settings.service}: the guard let a service without task counts pass`);

  const current = service.desired;
  const startDelay = launchesSeen(service, settings, state, now);
  const proposed = propose({
    observation: guarded.observation,
    settings,
    current,
    policies: learnt.policies,
    slo: (policy, input) => slo(policy, input, startDelay),
  });
  const { proposal } = proposed;
  const hand = byHand(settings.override, now);
  const obeyed = hand?.desired !== undefined;
  const unknownSince = proposal.kind === 'unknown' ? hot.unknownSince || now : 0;

  const chain = new Chain(current, proposed.steps, guarded.alerts);
  chain.apply(firstWant(proposal, hand, settings, current, unknownSince, now));
  const waiting = waitingSince(guarded.memory.waitingSince, guarded.observation, current, now);
  const remedied = remediate(chain.count, current, guarded.observation, settings, learnt.alerts, now);
  if (!obeyed) {
    chain.apply(remedied.ruling);
    chain.apply(wakeFromZero(chain.count, current, waiting, settings, startDelay, now));
    chain.apply(fifoCap(chain.count, guarded.observation, settings));
  }

  const warmed = prewarm(settings, startDelay, now, learnt.warmingUntil);
  chain.follow(prewarmStep(warmed, chain.count, now));
  chain.apply(bound(chain.count, warmed.settings));
  const budgets = keepBudgets(chain.count, current, guarded.observation, warmed.settings);
  chain.apply(obeyed ? { desired: chain.count, steps: [], alerts: budgets.alerts } : budgets);

  const bounded = chain.count;
  const paced = pace({
    now,
    current,
    proposed: bounded,
    behavior: settings.behavior,
    pacing: learnt.pacing,
    hot,
    since: learnt.since,
    tolerated: proposal.kind === 'count' && proposal.tolerated === true,
  });
  const stuck = stuckStarts(startDelay, service, now, settings.service);
  const braked = brake(guarded.memory.brake, brakeInput(guarded.observation, service, startDelay));
  // A person who names a count wants it now: pacing and closed directions are there to doubt signals, not people.
  if (!obeyed) {
    chain.apply({ ...paced, alerts: [] });
    chain.follow(holdToBounds(chain.count, bounded, warmed.settings));
    closeDirections(chain, current, justAsked(hot, service), bounded, warmed.settings, {
      in: present(
        guarded.noScaleIn,
        unknownSignal(proposal),
        relearning(settings.policy, learnt.since, now),
        flapBudget(settings.flapsPerHour, guarded.memory.actions, now),
      ),
      out: present(guarded.noScaleOut, stuck, braked.closed),
    });
  }
  if (stuck) chain.alarm({ code: stuck.code, severity: 'critical', text: stuck.text });
  if (braked.closed)
    chain.alarm({ code: 'ineffective', severity: 'critical', text: `${settings.service}: ${braked.closed.text}` });
  chain.apply(limitShare(chain.count, warmed.settings));
  if (settings.grant) takeGrant(chain, settings.service, settings.grant);
  chain.end(current);

  const desired = chain.count;
  const changed = desired !== current;
  // What is only shadowed was never asked for: remembered as asked, it would start cooldowns, and the first tick that may
  // act would take the count that is there for somebody else's doing.
  const shadow = settings.mode === 'shadow';
  const fresh = changed && !shadow && desired !== hot.asked;
  const window = warmed.size?.window ?? settings.window ?? '';
  const sized = resize(warmed.settings, window, service, guarded.observation, learnt, now);
  const summary = summarise(current, desired, chain.steps);
  if (sized.step) chain.to('act', sized.step.code, sized.step.text, desired);

  const actions = keepActions(
    fresh ? [...guarded.memory.actions, [now, desired - current]] : guarded.memory.actions,
    now,
  );
  const watched = settings.unwatched
    ? { alerts: [], unjudged: [], memory: undefined }
    : watch({
        settings: warmed.settings,
        observation: guarded.observation,
        service,
        startDelay,
        desired,
        ...(proposal.kind === 'count' && proposal.explained !== undefined && { explained: proposal.explained }),
        memory: learnt.alerts,
        now,
      });
  const urgency = urgencyOf(proposal, guarded.observation, service, settings);
  const { resized: _, sizeTrial: _tried, warmingUntil: _begun, ...before } = learnt;
  const nextLearnt: LearntState = {
    ...before,
    ...(sized.resized && { resized: sized.resized }),
    ...(sized.trial && { sizeTrial: sized.trial }),
    ...(warmed.until > 0 && { warmingUntil: warmed.until }),
    pacing: fresh ? withChange(paced.pacing, now, desired - current) : paced.pacing,
    startDelay,
    policies: proposed.policies,
    guard: { ...guarded.memory, waitingSince: waiting, actions, brake: braked.memory },
    ...(watched.memory && {
      alerts: { ...watched.memory, ...(remedied.remedy && !obeyed && { remedy: remedied.remedy }) },
    }),
  };
  return {
    service: settings.service,
    at: now,
    kind: changed ? 'scale' : proposal.kind === 'unknown' && !obeyed ? 'hold' : 'keep',
    from: current,
    desired,
    size: sized.size,
    ...(sized.from && { sizeFrom: sized.from }),
    ...(sized.trial?.verdict &&
      !shadow && { sizeRejected: { of: sized.trial.of, because: sized.trial.verdict.because } }),
    state: { hot: nextHot(hot, now, current, shadow ? current : desired, unknownSince), learnt: nextLearnt },
    alerts: [...chain.alerts, ...sized.alerts, ...scalingAlerts(settings, actions, now), ...watched.alerts],
    ...(watched.unjudged.length > 0 && { unjudged: watched.unjudged }),
    explanation: chain.steps,
    summary: sized.from && sized.step ? `${summary} ${sized.step.text}` : summary,
    ...(urgency !== undefined && { urgency }),
    shadow,
  };
};

const launchesSeen = (
  service: ServiceCounts,
  { priors, tickSeconds }: Settings,
  { hot, learnt }: ServiceState,
  now: number,
): StartDelay => {
  const { median, p95 } = priors?.startDelaySeconds ?? {};
  const before = learnt.startDelay ?? initialStartDelay(median, p95);
  const elapsedSeconds = hot.lastTickAt > 0 ? now - hot.lastTickAt : tickSeconds;
  return observeStarts(before, now, elapsedSeconds, service.desired, service.running);
};

/** What a person set, else what the policies want, else the fallback. */
const firstWant = (
  proposal: Proposal,
  hand: ByHand | undefined,
  settings: Settings,
  current: number,
  unknownSince: number,
  now: number,
): Ruling => {
  if (hand?.desired !== undefined) {
    const step = { stage: 'guard', code: hand.code, text: hand.text, from: current, to: hand.desired } as const;
    return { desired: hand.desired, steps: [step], alerts: [] };
  }
  if (proposal.kind === 'count')
    return { desired: proposal.abstains ? current : proposal.desired, steps: [], alerts: [] };
  const { desired, step } = fallback(settings, current, unknownSince, now);
  const text = `${settings.service}: ${proposal.text}`;
  return { desired, steps: [step], alerts: [{ code: 'signalsUnknown', severity: 'warning', text }] };
};

const present = <T>(...closed: readonly (T | undefined)[]): readonly T[] => closed.filter((one) => one !== undefined);

/** The step that had the last word on the number, as one sentence. */
const summarise = (current: number, desired: number, steps: readonly ExplanationStep[]): string => {
  const decisive = steps.findLast((step) => step.code !== 'asProposed' && step.to === desired) ?? steps.at(-1);
  const move =
    desired === current ? `Stay at ${desired}` : `${desired > current ? 'Out' : 'In'} from ${current} to ${desired}`;
  return `${move}: ${decisive?.text ?? ''}`;
};
