import type { ThresholdPolicy } from '../../model/policy.ts';
import { planFor } from './plan-for.ts';
import { plannedScaler } from './planned-scaler.ts';
import { atLeastOne, type Baseline, type Setting, type Situation } from './situation.ts';

/** Double and halve: the `controller` preset of Sluice's own threshold policy, in production code. */
export const threshold: Baseline = {
  documented: (situation) => thresholdSetting(situation, { type: 'threshold', preset: 'controller' }),
  tunings: (situation) =>
    [1000, 100, 10, 0].flatMap((queue) =>
      [undefined, 1.3].map((factor) =>
        thresholdSetting(situation, {
          type: 'threshold',
          preset: 'controller',
          out: { queue, ...(factor !== undefined && { factor }) },
          in: { queue: Math.max(1, queue / 10), ...(factor !== undefined && { factor: 1 / factor }) },
        }),
      ),
    ),
};

const thresholdSetting = (situation: Situation, policy: ThresholdPolicy): Setting => {
  const bounds = atLeastOne(situation.bounds);
  return {
    text: `out ×${policy.out?.factor ?? 2} above ${policy.out?.queue ?? 100} messages or CPU 80 %, in ×${Number((policy.in?.factor ?? 0.5).toFixed(2))} below ${policy.in?.queue ?? 10} and CPU 30 %`,
    create: () => plannedScaler(planFor({ ...situation, bounds }, policy), situation.startEpoch),
  };
};
