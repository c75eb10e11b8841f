import { shareLimits, wantOf } from '../decide/share-limits.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { Decision } from '../model/decision.ts';
import type { LimitGrant } from '../model/limits.ts';
import type { Observation } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { ShardState } from '../model/shard.ts';
import type { HotState } from '../model/state.ts';
import type { TickMemory } from './memory.ts';

/** A decided service, or one whose settings could not be made: it holds what it last asked for. */
interface Decided {
  readonly binding: ServiceBinding;
  readonly settings: Settings | { readonly what: string };
  readonly observation: Observation;
  readonly decision: Decision;
  readonly hot: HotState;
}

/**
 * What shared limits leave to the services of a shard, by service; only those that get less than they want. Services that
 * share a limit are always in one shard. Those that are not due count with what they
 * have, and with what this function last saw them want.
 */
export function grantsOf(
  decided: readonly Decided[],
  bindings: readonly ServiceBinding[],
  shard: ShardState,
  memory: Pick<TickMemory, 'wants'>,
  settingsNow: (binding: ServiceBinding) => Settings | undefined,
): ReadonlyMap<string, LimitGrant> {
  if (!bindings.some(({ plan }) => plan.limits !== undefined)) return new Map();
  const drafts = decided.flatMap(({ settings, observation, decision, hot }) =>
    'what' in settings ? [] : [{ settings, observation, decision, state: { hot } }],
  );
  const drafted = new Set(drafts.map(({ settings }) => settings.service));
  const bystanders = bindings
    .filter(({ plan }) => plan.limits !== undefined && !drafted.has(plan.service))
    .flatMap((binding) => {
      const settings = settingsNow(binding);
      const { asked = 0, askedFrom = 0 } = shard.services[binding.plan.service] ?? {};
      const want = memory.wants.get(binding.plan.service);
      return settings === undefined
        ? []
        : [{ settings, desired: Math.max(0, asked, askedFrom), ...(want && { want }) }];
    });
  for (const draft of drafts) memory.wants.set(draft.settings.service, wantOf(draft));
  return shareLimits(drafts, bystanders);
}
