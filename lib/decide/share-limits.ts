import type { Decision } from '../model/decision.ts';
import { type LimitGrant, usesOf } from '../model/limits.ts';
import type { Observation } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { ServiceState } from '../model/state.ts';
import type { Claim } from './allocate/claim.ts';
import { allocate } from './allocate.ts';
import { justAsked } from './guard.ts';

/** One service as it was decided by itself. */
export interface Draft {
  readonly settings: Settings;
  readonly observation: Observation;
  readonly decision: Decision;
  /** The state that it was decided from. */
  readonly state: Pick<ServiceState, 'hot'>;
}

/** One service that is not decided now, with what it may have. */
export interface Bystander {
  readonly settings: Settings;
  /** At most so many: the larger of what it last asked for and what was there before. */
  readonly desired: number;
  /**
   * What it wanted when it was last decided. Room that is kept for it is not given to others in between, or they would
   * take it back at each tick that is not its own. Absent: not known, so it keeps what it has.
   */
  readonly want?: Want;
}

/** What a service wants of a shared limit, before it is shared out. */
export interface Want {
  readonly wanted: number;
  readonly urgency: number;
}

export const wantOf = ({ decision }: Pick<Draft, 'decision'>): Want => ({
  wanted: decision.desired,
  urgency: decision.urgency ?? 0,
});

/**
 * What shared limits leave to each service; those that get what they want are not in the answer. The others are decided
 * once more with the grant in their settings, so that their state and explanation tell what really happens.
 *
 * @param drafts all services that are decided together, each as if it were alone
 * @param bystanders the services that share limits with them and are not due now
 */
export const shareLimits = (
  drafts: readonly Draft[],
  bystanders: readonly Bystander[] = [],
): ReadonlyMap<string, LimitGrant> => {
  const limits = totals([...drafts, ...bystanders]);
  if (Object.keys(limits).length === 0) return new Map();
  const claims = [...drafts.map(claimOf), ...bystanders.map(bystandersClaim)];
  const short = new Map<string, LimitGrant>();
  for (const { service, granted, limit, heldBy } of allocate(claims, limits))
    if (limit !== undefined) short.set(service, { granted, limit, heldBy });
  return short;
};

const totals = (services: readonly { readonly settings: Settings }[]): Readonly<Record<string, number>> =>
  Object.assign({}, ...services.map(({ settings }) => settings.limits));

const claimOf = ({ settings, observation, decision, state }: Draft): Claim => {
  const seen = observation.service.known ? observation.service.value : undefined;
  // Without a look, or while a call may not be visible yet, the larger of what was and what was asked for may be there.
  const { hot } = state;
  const current =
    seen === undefined ? Math.max(hot.asked, hot.askedFrom) : Math.max(seen.desired, justAsked(hot, seen));
  // What the guard leaves alone is left alone here too, and what is only shadowed does not follow a decision.
  const fixed = decision.kind === 'hold' || decision.shadow;
  const present = seen === undefined ? 0 : Math.max(seen.draining ?? 0, seen.running + seen.pending - current);
  return {
    service: settings.service,
    priority: settings.priority,
    // During a deployment nothing is scaled in, for another's sake either, unless floors themselves do not fit.
    min: seen?.deploymentInProgress ? Math.max(settings.tasks.min, current) : settings.tasks.min,
    current: Math.max(0, current),
    wanted: fixed ? Math.max(0, current) : decision.desired,
    draining: Math.max(0, present),
    urgency: decision.urgency ?? 0,
    uses: usesOf(settings),
    ...(fixed && { fixed }),
  };
};

const bystandersClaim = ({ settings, desired, want }: Bystander): Claim => ({
  service: settings.service,
  priority: settings.priority,
  min: settings.tasks.min,
  current: Math.max(0, desired),
  wanted: want?.wanted ?? Math.max(0, desired),
  draining: 0,
  urgency: want?.urgency ?? 0,
  uses: usesOf(settings),
  ...(want === undefined && { fixed: true }),
});
