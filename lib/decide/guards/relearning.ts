import type { Policy } from '../../model/policy.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { ClosedDirection } from '../ruling.ts';

/** Long enough to see arrivals again; about what it costs to stop a task and start it anew. */
const relearnSeconds: Seconds = 60;

/** A policy that learns knows too little just after a restart that lost its memory: what it cannot foresee, it would scale in. */
export const relearning = (policy: Policy, since: EpochSeconds, now: EpochSeconds): ClosedDirection | undefined =>
  now - since < relearnSeconds && learns(policy)
    ? { code: 'restart', text: 'What was learnt began anew less than a minute ago, so nothing is scaled in yet.' }
    : undefined;

const learns = (policy: Policy): boolean => ('of' in policy ? policy.of.some(learns) : policy.type === 'slo');
