import { startDelayQuantile } from '../forecast/start-delay.ts';
import type { ExplanationStep } from '../model/decision.ts';
import type { Settings } from '../model/plan.ts';
import type { StartDelay } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';

/** 95 of 100 launches are ready within this quantile. */
const readyZ = 1.645;

/** Lifts the count to a floor that begins soon, so that its tasks are ready when it begins, and not only starting. */
export const prewarm = (
  wanted: number,
  settings: Settings,
  startDelay: StartDelay,
  now: EpochSeconds,
): { readonly desired: number; readonly steps: readonly ExplanationStep[] } => {
  const next = settings.nextFloor;
  if (!next || wanted >= next.min) return { desired: wanted, steps: [] };
  const leadSeconds = startDelayQuantile(startDelay, readyZ) + settings.tickSeconds;
  const leftSeconds = next.at - now;
  // The present window's ceiling still holds until the next one begins.
  const desired = Math.min(next.min, Math.max(settings.tasks.max, wanted));
  if (leftSeconds > leadSeconds || desired <= wanted) return { desired: wanted, steps: [] };
  const text = `The window "${next.window}" needs ${next.min} tasks in ${Math.round(leftSeconds)} s and a start takes up to ${Math.round(leadSeconds)} s, so they start now.`;
  return { desired, steps: [{ stage: 'bound', code: 'prewarm', text, from: wanted, to: desired }] };
};
