import type { ServicePlan } from '../../model/plan.ts';
import type { DirectionBehavior } from '../../model/policy.ts';
import { BadLine, optionalNumber } from './message.ts';

const unpaced: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};

/** Without a config: the `slo` policy for one queue, with the objective and the bounds that the judge names in `init`. */
export const planFromInit = (init: Readonly<Record<string, unknown>>): ServicePlan => {
  const goal = optionalNumber(init, 'goal') ?? 0.99;
  const startWithinSeconds = optionalNumber(init, 'sloS') ?? 60;
  const min = optionalNumber(init, 'min') ?? 0;
  const max = optionalNumber(init, 'max') ?? 1000;
  const concurrency = optionalNumber(init, 'concurrency') ?? 1;
  if (!(goal > 0 && goal < 1)) throw new BadLine(`goal must be between 0 and 1, found ${goal}`);
  if (!(startWithinSeconds > 0)) throw new BadLine(`sloS must be positive, found ${startWithinSeconds}`);
  if (!(min >= 0 && max >= min)) throw new BadLine(`expected 0 <= min <= max, found min ${min} and max ${max}`);
  if (!(concurrency >= 1)) throw new BadLine(`concurrency must be at least 1, found ${concurrency}`);
  return {
    service: 'service',
    mode: 'act',
    tickSeconds: optionalNumber(init, 'tickS') ?? 10,
    queues: [{ name: 'queue', percent: 100 * goal, startWithinSeconds, fifo: false }],
    worker: {
      cpu: 1024,
      memoryMiB: 2048,
      concurrency,
      stopTimeoutSeconds: optionalNumber(init, 'stopTimeoutS') ?? 120,
      architecture: 'x86',
    },
    tasks: { min, max },
    priority: 'normal',
    policy: { type: 'slo' },
    behavior: { scaleOut: unpaced, scaleIn: unpaced },
    calendar: { timeZone: 'UTC', holidays: [] },
    schedule: [],
    uses: {},
    events: [],
  };
};
