import { type Paced, type PaceInput, pace } from '../../lib/decide/pace.ts';
import type { Behavior, DirectionBehavior } from '../../lib/model/policy.ts';
import { type HotState, initialState } from '../../lib/model/state.ts';

/** 2026-11-21T10:00:00Z. */
export const start = 1_795_255_200;

export const still: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};
export const behave = (out: Partial<DirectionBehavior> = {}, into: Partial<DirectionBehavior> = {}): Behavior => ({
  scaleOut: { ...still, ...out },
  scaleIn: { ...still, ...into },
});

/** kubernetes.io, "Default behavior". */
export const kubernetesDefault = behave(
  {
    policies: [
      { percent: 100, periodSeconds: 15 },
      { tasks: 4, periodSeconds: 15 },
    ],
  },
  { stabilizationSeconds: 300, policies: [{ percent: 100, periodSeconds: 15 }] },
);

export const quiet: HotState = initialState(0).hot;

/** One call with a long, empty history unless told otherwise. */
export const paceOnce = (input: Partial<PaceInput> & Pick<PaceInput, 'current' | 'proposed'>): Paced =>
  pace({ now: start, behavior: behave(), pacing: { proposals: [], changes: [] }, hot: quiet, since: 0, ...input });

export interface Tick {
  readonly at: number;
  readonly proposed: number;
}

/** Plays ticks on a service whose desired count always follows; answers with each count. Keeps state as `decide` does. */
export const play = (
  behavior: Behavior,
  initial: number,
  ticks: readonly Tick[],
  since = 0,
): readonly (Paced & { readonly hot: HotState })[] => {
  let current = initial;
  let pacing: PaceInput['pacing'] = { proposals: [], changes: [] };
  let hot = quiet;
  return ticks.map(({ at, proposed }) => {
    const paced = pace({ now: start + at, current, proposed, behavior, pacing, hot, since });
    hot = nextHot(hot, start + at, current, paced.desired);
    pacing = withChange(paced.pacing, start + at, paced.desired - current);
    current = paced.desired;
    return { ...paced, pacing, hot };
  });
};

export const withChange = (pacing: PaceInput['pacing'], at: number, delta: number): PaceInput['pacing'] =>
  delta === 0 ? pacing : { ...pacing, changes: [...pacing.changes, [at, delta]] };

export const nextHot = (hot: HotState, at: number, current: number, desired: number): HotState => {
  if (desired === current) return { ...hot, asked: current, askedFrom: current };
  const asked = { ...hot, asked: desired, askedFrom: current };
  return desired > current
    ? { ...asked, scaledOutAt: at, scaledOutBy: desired - current }
    : { ...asked, scaledInAt: at };
};
