import type { Proposal } from '../policies/proposal.ts';
import type { ClosedDirection } from '../ruling.ts';

/** A count that was reached although some signal was unknown may raise the fleet, never lower it. */
export const unknownSignal = (proposal: Proposal): ClosedDirection | undefined =>
  proposal.kind === 'count' && proposal.unknown !== undefined
    ? { code: 'unknownSignal', text: `${proposal.unknown}, so nothing is scaled in.` }
    : undefined;
