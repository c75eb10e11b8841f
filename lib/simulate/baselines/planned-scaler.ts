import { decide } from '../../decide/decide.ts';
import { completionsSignal } from '../../decide/signals-needed.ts';
import { known, type Observation, type Reading, unknown } from '../../model/observation.ts';
import type { ServicePlan } from '../../model/plan.ts';
import { initialState } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { boundsIn, settingsAt } from '../../schedule/settings-at.ts';
import type { Scaler, Sight } from '../scaler.ts';
import { observationOf } from './observation-of.ts';

/** A plan as production runs it: its schedule, and the very `decide` that the tick function calls. */
export const plannedScaler = (plan: ServicePlan, startEpoch: EpochSeconds): Scaler => {
  const queue = plan.queues[0]?.name ?? '';
  const view = plan.reports === false ? withoutReports() : (_: Sight, seen: Observation) => seen;
  let state = initialState(startEpoch);
  return {
    tickSeconds: plan.tickSeconds,
    bounds: widestBounds(plan),
    decide: (sight) => {
      const now = startEpoch + sight.t;
      const decision = decide(view(sight, observationOf(sight, now, queue)), settingsAt(plan, now), state);
      state = decision.state;
      return decision.kind === 'hold' && decision.desired === decision.from ? undefined : decision.desired;
    },
  };
};

/** Tasks that do not run Sluice's runtime: what they did is known from CloudWatch alone, by the minute. */
const withoutReports = () => {
  let deletes: Reading<number> = unknown('missing');
  return (sight: Sight, seen: Observation): Observation => {
    const minute = sight.minutes.at(-1);
    if (minute) deletes = known(seen.now - sight.t + minute.t, minute.deleted / 60);
    return {
      ...seen,
      work: unknown('missing', 'no worker has reported yet'),
      signals: { ...seen.signals, [completionsSignal]: deletes },
    };
  };
};

/** The plan keeps its bounds itself; the run must only not be narrower than any of its windows. */
const widestBounds = (plan: ServicePlan) => {
  const bounds = [plan.tasks, ...plan.schedule.map((window) => boundsIn(plan.tasks, window))];
  return { min: Math.min(...bounds.map((b) => b.min)), max: Math.max(...bounds.map((b) => b.max)) };
};
