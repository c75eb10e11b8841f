import type { Behavior, TargetTrackingPolicy, TrackedSignal } from '../../model/policy.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { ceilCount, shown } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

/**
 * `ceil(current × value / target)` for an average of the tasks, `ceil(total / perTask)` for a total; the largest of several wins.
 * Nothing happens while the ratio is within the tolerance (10 % unless set; a direction's own tolerance wins).
 * A signal that is unknown bars scale-in and leaves scale-out to the others, as in Kubernetes.
 */
export const targetTracking = (policy: TargetTrackingPolicy, input: PolicyInput): PolicyOutput => {
  const signals = new SignalReader(input.observation);
  const tolerance = tolerancesOf(policy, input.settings.behavior);
  let desired = -1;
  let text = '';
  for (const tracked of policy.signals) {
    const value = signals.read(tracked.signal);
    if (value === undefined) continue;
    const count = countFor(tracked, Math.max(0, value), input.current, tolerance);
    if (count <= desired) continue;
    desired = count;
    text = sentence(tracked, value, count, input.current);
  }
  if (desired < 0) return { proposal: cannotTell('targetTracking', signals) };
  return { proposal: { ...settle('targetTracking', signals, input.current, desired, text), tolerated: true } };
};

interface Tolerances {
  readonly out: number;
  readonly in: number;
}

/** A behaviour's tolerance of 0 means that none was set there. */
const tolerancesOf = (policy: TargetTrackingPolicy, behavior: Behavior): Tolerances => {
  const own = policy.tolerance ?? 0.1;
  return { out: behavior.scaleOut.tolerance || own, in: behavior.scaleIn.tolerance || own };
};

const countFor = (tracked: TrackedSignal, value: number, current: number, tolerance: Tolerances): number => {
  const isTotal = 'perTask' in tracked;
  // An average over no tasks says only whether there is anything at all: one task, whose own average then counts.
  if (current === 0 && !isTotal) return value > 0 ? 1 : 0;
  const ratio = isTotal ? value / (tracked.perTask * current) : value / tracked.target;
  // Compared in this form, and not as |ratio − 1|, so that exactly 10 % above is still within 10 %.
  if (ratio >= 1 - tolerance.in && ratio <= 1 + tolerance.out) return current;
  return isTotal ? ceilCount(value / tracked.perTask) : ceilCount((current * value) / tracked.target);
};

const sentence = (tracked: TrackedSignal, value: number, count: number, current: number): string => {
  const aim = 'perTask' in tracked ? `${shown(tracked.perTask)} a task` : `a target of ${shown(tracked.target)}`;
  const means = count === current ? `${count} tasks are right` : `${count} tasks instead of ${current} are right`;
  return `${tracked.signal} is ${shown(value)} for ${aim}: ${means}.`;
};
