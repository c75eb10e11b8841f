import type { PolicyInput } from '../../../lib/decide/policies/proposal.ts';
import { propose } from '../../../lib/decide/propose.ts';
import { known, type Observation, type Reading, unknown } from '../../../lib/model/observation.ts';
import type { Settings } from '../../../lib/model/plan.ts';
import type { Behavior, DirectionBehavior, Policy } from '../../../lib/model/policy.ts';
import type { Json } from '../../../lib/model/state.ts';

/** 2026-11-21T10:00:00Z. */
export const start = 1_795_255_200;

/** A world in short: numbers are values read now, a string is the cause of an unknown one. */
export interface World {
  readonly visible?: number | 'stale' | 'missing';
  readonly inFlight?: number;
  readonly signals?: Readonly<Record<string, number | 'stale' | 'missing' | 'failed' | 'future'>>;
  readonly running?: number;
  readonly now?: number;
}

export const observe = (world: World = {}): Observation => {
  const now = world.now ?? start;
  const signals: Record<string, Reading<number>> = {};
  for (const [name, value] of Object.entries(world.signals ?? {}))
    signals[name] = typeof value === 'number' ? known(now, value) : unknown(value);
  const counts =
    typeof world.visible === 'number'
      ? known(now, { visible: world.visible, inFlight: world.inFlight ?? 0, delayed: 0 })
      : unknown(world.visible ?? 'missing');
  return {
    now,
    queues: world.visible === undefined ? [] : [{ name: 'jobs', counts }],
    service:
      world.running === undefined
        ? unknown('missing')
        : known(now, {
            desired: world.running,
            running: world.running,
            pending: 0,
            deploymentInProgress: false,
            failedStarts: 0,
          }),
    work: unknown('missing'),
    signals,
  };
};

export const still: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};
export const noBehavior: Behavior = { scaleOut: still, scaleIn: still };

export const settingsFor = (policy: Policy, behavior: Behavior = noBehavior): Settings => ({
  service: 'convert',
  mode: 'act',
  tickSeconds: 10,
  queues: [{ name: 'jobs', percent: 99, startWithinSeconds: 60, fifo: false }],
  worker: { cpu: 256, memoryMiB: 512, concurrency: 2, stopTimeoutSeconds: 120, architecture: 'x86' },
  size: { cpu: 256, memoryMiB: 512 },
  tasks: { min: 0, max: 1000 },
  priority: 'normal',
  policy,
  behavior,
  uses: {},
  events: [],
});

const noSlo = (): never => {
  throw new Error('no slo policy in these tests');
};

/** One tick of a policy tree. */
export const ask = (policy: Policy, current: number, world: World, policies: Readonly<Record<string, Json>> = {}) =>
  propose({ observation: observe(world), settings: settingsFor(policy), current, policies, slo: noSlo });

/** The count that one tick of a policy tree wants; null when it cannot tell. */
export const wanted = (policy: Policy, current: number, world: World): number | null => {
  const { proposal } = ask(policy, current, world);
  return proposal.kind === 'count' ? proposal.desired : null;
};

/** Several ticks, 60 s apart unless the world says when; answers with the last one. */
export const askOver = (policy: Policy, current: number, worlds: readonly World[]) => {
  let policies: Readonly<Record<string, Json>> = {};
  let last = ask(policy, current, {}, {});
  for (const [index, world] of worlds.entries()) {
    last = ask(policy, current, { now: start + index * 60, ...world }, policies);
    policies = last.policies;
  }
  return last;
};

export const inputFor = (world: World, current: number, memory?: Json, behavior?: Behavior): PolicyInput => ({
  observation: observe(world),
  settings: settingsFor({ type: 'max', of: [] }, behavior),
  current,
  memory,
});
