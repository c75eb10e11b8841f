import { decide } from '../../decide/decide.ts';
import type { ServicePlan } from '../../model/plan.ts';
import { initialState } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { boundsIn, settingsAt } from '../../schedule/settings-at.ts';
import type { Scaler } from '../scaler.ts';
import { observationOf } from './observation-of.ts';

/** A plan as production runs it: its schedule, and the very `decide` that the tick function calls. */
export const plannedScaler = (plan: ServicePlan, startEpoch: EpochSeconds): Scaler => {
  const queue = plan.queues[0]?.name ?? '';
  let state = initialState(startEpoch);
  return {
    tickSeconds: plan.tickSeconds,
    bounds: widestBounds(plan),
    decide: (sight) => {
      const now = startEpoch + sight.t;
      const decision = decide(observationOf(sight, now, queue), settingsAt(plan, now), state);
      state = decision.state;
      return decision.kind === 'hold' && decision.desired === decision.from ? undefined : decision.desired;
    },
  };
};

/** The plan keeps its bounds itself; the run must only not be narrower than any of its windows. */
const widestBounds = (plan: ServicePlan) => {
  const bounds = [plan.tasks, ...plan.schedule.map((window) => boundsIn(plan.tasks, window))];
  return { min: Math.min(...bounds.map((b) => b.min)), max: Math.max(...bounds.map((b) => b.max)) };
};
