import { decide } from '../../../lib/decide/decide.ts';
import type { DecisionRecord } from '../../../lib/model/decision.ts';
import { known, unknown } from '../../../lib/model/observation.ts';
import type { ServicePlan } from '../../../lib/model/plan.ts';
import { initialState } from '../../../lib/model/state.ts';
import { settingsAt } from '../../../lib/schedule/settings-at.ts';
import type { Outcome } from '../../../lib/simulate/engine/outcome.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import type { Scaler } from '../../../lib/simulate/scaler.ts';
import { drawJobs } from '../../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../../lib/simulate/world.ts';
import { planOf, start } from '../../tick/world.ts';

/** A service that somebody else scales. */
export const plan = planOf('convert', {
  mode: 'shadow',
  reports: false,
  worker: { cpu: 512, memoryMiB: 1024, concurrency: 2, stopTimeoutSeconds: 120, architecture: 'x86' },
  tasks: { min: 0, max: 40 },
});
export const meanServiceSeconds = 20;

/** Six hours with two busy ones among them. */
const hours = [0.3, 0.4, 1.2, 1.0, 0.4, 0.2];
const buckets = hours.flatMap((rate, hour) =>
  Array.from({ length: 60 }, (_, minute) => ({ second: hour * 3600 + minute * 60, widthSeconds: 60, jobs: rate * 60 })),
);

/** What the observer knows of the work that was done. */
export type Sees = 'nothing' | 'deletes' | 'reports';

/** What is present: a crude autoscaler that is too large by day and too late at noon. */
const crude = (): Scaler['decide'] => {
  let count = 6;
  return ({ t, queue }) => {
    if (t % 300 < 10) count = queue.visible > 100 ? count + 6 : queue.visible === 0 ? Math.max(6, count - 1) : count;
    return count;
  };
};

/** Its fleet as it really was, and the log of who only watched. */
export const watch = (
  sees: Sees,
  watched: ServicePlan = plan,
): { readonly log: readonly DecisionRecord[]; readonly truth: Outcome } => {
  const jobs = drawJobs({ buckets, seed: 3, scale: 1, meanServiceSeconds, serviceCv: 1 });
  const present = crude();
  const log: DecisionRecord[] = [];
  let state = initialState(start);
  let deletes: number | undefined;
  const truth = runScaler(
    jobs,
    {
      seed: 3,
      concurrency: 2,
      startWithinSeconds: 60,
      bounds: { min: 0, max: 100 },
      initial: 6,
      protect: false,
      stopTimeoutSeconds: 120,
      visibilitySeconds: 60,
      world: worlds.realistic,
    },
    {
      tickSeconds: 10,
      decide: (sight) => {
        const now = start + sight.t;
        deletes = sight.minutes.at(-1)?.deleted ?? deletes;
        const observation = {
          now,
          queues: [{ name: 'convert', counts: known(now, { ...sight.queue, delayed: 0 }) }],
          service: known(now, { ...sight.service, deploymentInProgress: false, failedStarts: 0 }),
          work: sees === 'reports' ? known(now, { ...sight.work, failed: 0 }) : unknown('missing'),
          signals:
            sees === 'deletes' && deletes !== undefined ? { completionsPerSecond: known(now, deletes / 60) } : {},
        };
        const { state: next, ...decision } = decide(observation, settingsAt(watched, now), state);
        state = next;
        log.push({ tick: `0@${now}`, observation, decision });
        return present(sight);
      },
    },
  );
  return { log, truth };
};
