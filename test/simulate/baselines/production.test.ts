import { describe, expect, it } from 'vitest';
import { observationOf as observationOfLine } from '../../../lib/cli/decide/message.ts';
import { planFromInit } from '../../../lib/cli/decide/plan-from-init.ts';
import { createSession } from '../../../lib/cli/decide/session.ts';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import { observationOf } from '../../../lib/simulate/baselines/observation-of.ts';
import { planFor } from '../../../lib/simulate/baselines/plan-for.ts';
import type { Situation } from '../../../lib/simulate/baselines/situation.ts';
import { slo } from '../../../lib/simulate/baselines/slo.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import type { Scaler, Sight } from '../../../lib/simulate/scaler.ts';
import { drawJobs } from '../../../lib/simulate/simulated-jobs.ts';
import { worlds } from '../../../lib/simulate/world.ts';
import { setup } from '../engine/fixtures.ts';

/** Goal: what is simulated as Sluice is Sluice. Method: the same input by the simulator's way and by the filter's. */
const situation: Situation = {
  percent: 99,
  startWithinSeconds: 60,
  meanServiceSeconds: 5,
  concurrency: 2,
  bounds: { min: 0, max: 50 },
  initial: 1,
  stopTimeoutSeconds: 120,
  tickSeconds: 10,
  startEpoch: 1_767_571_200,
};
const init = {
  type: 'init',
  startEpoch: situation.startEpoch,
  tickS: 10,
  sloS: 60,
  goal: 0.99,
  concurrency: 2,
  min: 0,
  max: 50,
  stopTimeoutS: 120,
};
const lineOf = ({ t, queue, service, work, cpu }: Sight) => ({
  type: 'tick',
  t,
  queue: { ...queue, delayed: 0 },
  service,
  completedSinceLast: work.completed,
  startedSinceLast: work.started,
  lateSinceLast: work.late,
  busySlotSecondsSinceLast: work.busySlotSeconds,
  cpu,
});

describe('the production core', () => {
  it('has the plan that the filter makes of the same objective', () => {
    expect(planFor(situation, { type: 'slo' })).toEqual(planFromInit(init));
  });

  it('has the pacing that a config gives to a policy by default', () => {
    for (const policy of [{ type: 'slo' }, { type: 'threshold', preset: 'controller' }] as const) {
      const parsed = parseConfig({ services: { a: { worker: { image: 'x' }, policy } } });
      if (!parsed.ok) throw new Error('a good config');
      expect(planFor(situation, policy).behavior).toEqual(parsed.plans[0]?.behavior);
    }
  });

  it('observes what the filter reads from the line of a judge', () => {
    const sight: Sight = {
      t: 130,
      queue: { visible: 7, inFlight: 3 },
      service: { desired: 4, running: 3, pending: 1 },
      work: { started: 5, late: 1, completed: 4, busySlotSeconds: 33.5 },
      cpu: 0.4,
      minutes: [],
    };
    const now = situation.startEpoch + sight.t;
    const { memory: _memory, ...signals } = observationOf(sight, now, 'queue').signals;
    expect({ ...observationOf(sight, now, 'queue'), signals }).toEqual(
      observationOfLine(lineOf(sight), now, situation.startEpoch, ['queue']),
    );
  });

  it('decides as `sluice decide` does, tick by tick', () => {
    const jobs = drawJobs({
      buckets: [40, 200, 0, 500, 20, 90].map((count, i) => ({ second: 300 * i, widthSeconds: 300, jobs: count })),
      seed: 3,
      scale: 1,
      meanServiceSeconds: 5,
      serviceCv: 1,
    });
    const session = createSession({ explain: false });
    session.answer(JSON.stringify(init));
    const filter: Scaler = {
      tickSeconds: 10,
      decide: (sight) => JSON.parse(session.answer(JSON.stringify(lineOf(sight))) ?? '{}').desired ?? undefined,
    };
    const given = setup({ concurrency: 2, bounds: situation.bounds, initial: 1, world: worlds.realistic });
    const simulated = runScaler(jobs, given, slo.documented(situation).create());
    expect(simulated).toEqual(runScaler(jobs, given, filter));
    expect(simulated.actions).toBeGreaterThan(10);
  });
});
