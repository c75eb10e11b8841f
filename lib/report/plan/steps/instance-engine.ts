import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { type InstanceState, instanceUsdPerHour, type ResourceState } from '../resource.ts';
import { cheaperSuccessor, commandToResize } from '../sizes/instance-classes.ts';

/** Valkey for Redis, and newer processors, where AWS runs the software: nothing of the user's is ported. */
export const proposeEngine = (state: ResourceState, { book }: PlanContext): Proposal | undefined => {
  if (state.kind !== 'instance' || state.usage.kind === 'ec2') return undefined;
  const engine = state.usage.kind === 'elasticache' && state.engine === 'redis' ? 'valkey' : state.engine;
  const withEngine: InstanceState = { ...state, engine };
  const known = instanceUsdPerHour(withEngine, book) === undefined ? state : withEngine;
  const after: InstanceState = { ...known, type: cheaperSuccessor(known, book) ?? known.type };
  const now = instanceUsdPerHour(state, book);
  const then = instanceUsdPerHour(after, book);
  if (now === undefined || then === undefined || then >= now) return undefined;
  return {
    kind: 'engine',
    title: `${state.usage.id}: ${state.engine} ${state.type} → ${after.engine} ${after.type}`,
    change: { to: 'class', type: after.type, engine: after.engine },
    after,
    evidence: [{ text: `A node costs USD ${then.toFixed(4)} an hour instead of ${now.toFixed(4)}.` }],
    risk: 'medium',
    effort: 'medium',
    confidence: 'high',
    reversible: false,
    rollback: 'Restore the snapshot taken before the change.',
    patch: [
      {
        as: 'command',
        text:
          after.engine === state.engine
            ? commandToResize(state.usage, after.type)
            : `aws elasticache modify-replication-group --replication-group-id ${state.usage.id} --engine valkey --cache-node-type ${after.type} --apply-immediately --region ${state.usage.region}`,
      },
    ],
  };
};
