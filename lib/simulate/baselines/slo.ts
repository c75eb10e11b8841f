import type { Percent } from '../../model/units.ts';
import { planFor } from './plan-for.ts';
import { plannedScaler } from './planned-scaler.ts';
import type { Baseline, Setting, Situation } from './situation.ts';

/** Sluice's own policy, in production code, with nothing but the objective. Tuned: the same with another percentage. */
export const slo: Baseline = {
  documented: (situation) => sloSetting(situation, situation.percent),
  tunings: (situation) => {
    const missed = 100 - situation.percent;
    return [3, 1, 0.5, 0.2].map((factor) => sloSetting(situation, Math.max(50, 100 - missed * factor)));
  },
};

const sloSetting = (situation: Situation, percent: Percent): Setting => ({
  text: `${Number(percent.toPrecision(6))} % within ${situation.startWithinSeconds} s`,
  create: () =>
    plannedScaler({ ...planFor({ ...situation, percent }, { type: 'slo' }), unwatched: true }, situation.startEpoch),
});
