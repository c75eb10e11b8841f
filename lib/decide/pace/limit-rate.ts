import type { Behavior, DirectionBehavior, RatePolicy } from '../../model/policy.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { netChange } from './changes.ts';
import { type Clamp, clock } from './clamp.ts';
import type { Entry } from './proposals.ts';

/**
 * Kubernetes' scaling policies. Each counts from the count at the start of its period (changes since then undone);
 * `select` takes the policy with the largest or the smallest change. Percent rounds the result up on the way out and
 * towards zero on the way in, so that 10 % of 72 removes 8.
 */
export const limitRate = (
  wanted: number,
  current: number,
  now: EpochSeconds,
  behavior: Behavior,
  changes: readonly Entry[],
): Clamp | undefined => {
  if (wanted === current) return undefined;
  const out = wanted > current;
  const direction = out ? behavior.scaleOut : behavior.scaleIn;
  const name = out ? 'scaleOut' : 'scaleIn';
  if (direction.select === 'disabled')
    return {
      code: `${name}Disabled`,
      text: `It would be ${wanted}, but ${out ? 'scale-out' : 'scale-in'} is disabled.`,
      to: current,
    };
  const limit = limitOf(direction, out, current, now, changes);
  if (limit === undefined || (out ? wanted <= limit : wanted >= limit)) return undefined;
  const until = clock(moreAt(direction, now, changes));
  const text = `It would be ${wanted}, but the rate policies allow ${limit} now, and the next change from ${until}.`;
  return { code: `${name}Rate`, text, to: limit };
};

/** Where the direction's policies end; never on the other side of the present count. Undefined: no policies, no limit. */
const limitOf = (
  direction: DirectionBehavior,
  out: boolean,
  current: number,
  now: EpochSeconds,
  changes: readonly Entry[],
): number | undefined => {
  if (direction.policies.length === 0) return undefined;
  const farthest = (direction.select === 'max') === out ? Math.max : Math.min;
  let limit: number | undefined;
  for (const policy of direction.policies) {
    const start = current - netChange(changes, now, policy.periodSeconds);
    const own = out ? highest(policy, start) : lowest(policy, start);
    limit = limit === undefined ? own : farthest(limit, own);
  }
  if (limit === undefined) return undefined;
  return out ? Math.max(current, limit) : Math.max(0, Math.min(current, limit));
};

/** In whole numbers first: `100 × 1.1` is 110.00000000000001 in binary, and one task too many. */
const highest = (policy: RatePolicy, start: number): number => {
  if ('tasks' in policy) return start + policy.tasks;
  // A percentage of nothing is nothing: one task, or a service with percent policies only could never leave 0.
  return Math.max(start <= 0 ? 1 : 0, Math.ceil((start * (100 + policy.percent)) / 100));
};

const lowest = (policy: RatePolicy, start: number): number =>
  'tasks' in policy ? start - policy.tasks : Math.trunc((start * (100 - policy.percent)) / 100);

/** When the oldest change that is counted leaves its period; without any, one period after the change that is made now. */
const moreAt = (direction: DirectionBehavior, now: EpochSeconds, changes: readonly Entry[]): EpochSeconds => {
  let soonest = Infinity;
  for (const { periodSeconds } of direction.policies) {
    const oldest = changes.find(([at]) => at > now - periodSeconds)?.[0] ?? now;
    soonest = Math.min(soonest, oldest + periodSeconds);
  }
  return soonest;
};
