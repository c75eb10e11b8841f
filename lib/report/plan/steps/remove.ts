import type { Proposal } from '../advice.ts';
import type { ResourceState } from '../resource.ts';

/** An orphan goes when it was of no use for two weeks. */
export const proposeRemoval = (state: ResourceState): Proposal | undefined => {
  if (state.kind !== 'orphan' || state.removed || state.usage.idleHours < 14 * 24) return undefined;
  const { what, id, idleHours, removeCommand } = state.usage;
  return {
    kind: 'remove',
    title: `Remove ${what} ${id}`,
    change: { to: 'removed' },
    after: { ...state, removed: true },
    evidence: [{ text: `Of no use for the last ${Math.floor(idleHours / 24)} days.` }],
    risk: 'low',
    effort: 'low',
    confidence: 'high',
    reversible: false,
    rollback: 'Create it again; an address will be another one.',
    patch: [{ as: 'command', text: removeCommand }],
  };
};
