import type { ExplanationStep } from '../model/decision.ts';
import type { Settings } from '../model/plan.ts';

/** Holds a proposal within the bounds of this instant. Appends one step for each bound that binds. */
export const bound = (
  proposed: number,
  settings: Settings,
): { readonly desired: number; readonly steps: readonly ExplanationStep[] } => {
  const { min, max } = settings.tasks;
  const whose = settings.window === undefined ? '' : ` of the window "${settings.window}"`;
  if (proposed < min) {
    const text = `The floor${whose} is ${min} tasks; ${proposed} would have been enough.`;
    return { desired: min, steps: [{ stage: 'bound', code: 'belowFloor', text, from: proposed, to: min }] };
  }
  if (proposed > max) {
    const text = `The ceiling${whose} is ${max} tasks; ${proposed} were wanted.`;
    return { desired: max, steps: [{ stage: 'bound', code: 'aboveCeiling', text, from: proposed, to: max }] };
  }
  return { desired: proposed, steps: [] };
};
