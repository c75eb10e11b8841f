import type { ScalingStep, StepsPolicy } from '../../model/policy.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { percentChange, shown } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

/**
 * Step scaling as Application Auto Scaling has it. The ranges above the gap belong to the high alarm (`from` inclusive,
 * `to` exclusive), those below it to the low alarm (`from` exclusive, `to` inclusive). Within the gap nothing happens.
 */
export const steps = (policy: StepsPolicy, input: PolicyInput): PolicyOutput => {
  const signals = new SignalReader(input.observation);
  const value = signals.read(policy.signal);
  if (value === undefined) return { proposal: cannotTell('steps', signals) };
  const step = stepFor(policy, value);
  const desired = step === undefined ? input.current : applied(policy.adjustment, step.by, input.current);
  const text =
    step === undefined
      ? `${policy.signal} is ${shown(value)}, where no step applies.`
      : `${policy.signal} is ${shown(value)}: the step ${rangeOf(step)} ${effect[policy.adjustment](step.by)}.`;
  return { proposal: settle('steps', signals, input.current, desired, text) };
};

const applied = (adjustment: StepsPolicy['adjustment'], by: number, current: number): number => {
  if (adjustment === 'exact') return by;
  if (adjustment === 'change') return current + by;
  // AWS never leaves 0 by percent; a percentage of nothing is nothing. One task breaks the dead zone.
  if (current === 0) return by > 0 ? 1 : 0;
  return current + percentChange(current, by);
};

/** The range that holds the value; where an upper and a lower one touch, the upper one wins, because it is the safer. */
const stepFor = (policy: StepsPolicy, value: number): ScalingStep | undefined => {
  const sorted = [...policy.steps].sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity));
  const split = firstAboveGap(sorted, policy.adjustment);
  for (let index = sorted.length - 1; index >= 0; index -= 1) {
    const step = sorted[index];
    if (step === undefined) continue;
    const from = step.from ?? -Infinity;
    const to = step.to ?? Infinity;
    const fits = index >= split ? value >= from && value < to : value > from && value <= to;
    if (fits) return step;
  }
  return undefined;
};

/** Index of the first range of the high alarm: after the first gap; without one where the sign changes; else by the open end. */
const firstAboveGap = (sorted: readonly ScalingStep[], adjustment: StepsPolicy['adjustment']): number => {
  for (let index = 1; index < sorted.length; index += 1) {
    const below = sorted[index - 1]?.to ?? Infinity;
    const above = sorted[index]?.from ?? -Infinity;
    if (below < above) return index;
  }
  if (adjustment !== 'exact') {
    const turn = sorted.findIndex((step, index) => index > 0 && step.by > 0 && (sorted[index - 1]?.by ?? 0) < 0);
    if (turn > 0) return turn;
  }
  const onlyBelow = sorted[0]?.from === undefined && sorted.at(-1)?.to !== undefined;
  return onlyBelow ? sorted.length : 0;
};

const rangeOf = (step: ScalingStep): string => {
  if (step.from === undefined) return `up to ${shown(step.to ?? Infinity)}`;
  return step.to === undefined ? `from ${shown(step.from)}` : `from ${shown(step.from)} to ${shown(step.to)}`;
};

const signed = (by: number): string => (by < 0 ? `removes ${shown(-by)}` : `adds ${shown(by)}`);
const effect: Readonly<Record<StepsPolicy['adjustment'], (by: number) => string>> = {
  change: (by) => signed(by),
  percent: (by) => `${signed(by)} %`,
  exact: (by) => `asks for ${shown(by)}`,
};
