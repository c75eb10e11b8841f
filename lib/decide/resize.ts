import type { Observation, ServiceCounts } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { LearntState, SizeTrial } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import { autoSize, putBack, trialAlert } from './auto-size.ts';
import { decideSize, type SizeDecision } from './size.ts';

/**
 * What becomes of the task size in one tick: what the schedule or an automatic size asks for, carried out as far as
 * deployments, definitions and people let it.
 *
 * @param window the name of the window that wants its size, empty outside all windows
 */
export const resize = (
  settings: Settings,
  window: string,
  service: ServiceCounts,
  observation: Observation,
  { resized, sizeTrial }: LearntState,
  now: EpochSeconds,
): SizeDecision & { readonly trial?: SizeTrial } => {
  const auto = autoSize(settings, service, observation, sizeTrial);
  if (auto.wait) {
    const { size = auto.wanted } = service.taskDefinition ?? {};
    return { size, step: auto.wait, alerts: [], ...(resized && { resized }), ...(auto.trial && { trial: auto.trial }) };
  }
  const decided = decideSize({ ...settings, size: auto.wanted }, auto.reason || window, service, resized, now);
  const choice = settings.applied?.size;
  const isPutBack = decided.step?.code === 'sizePutBack' && choice !== undefined && auto.trial?.verdict === undefined;
  const trial = isPutBack ? putBack(auto.trial, choice, now) : auto.trial;
  const alert = trialAlert(settings, trial);
  return {
    ...decided,
    ...(trial && { trial }),
    alerts: [...(isPutBack ? [] : decided.alerts), ...(alert ? [alert] : [])],
  };
};
