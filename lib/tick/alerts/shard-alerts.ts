import type { AlertState } from '../../model/alert-plan.ts';
import type { ServiceBinding } from '../../model/binding.ts';
import type { ShardState } from '../../model/shard.ts';
import type { Seconds } from '../../model/units.ts';
import { isMuted, type Overrides } from '../../observe/overrides.ts';
import type { Run } from '../run.ts';
import type { Decided } from '../steps.ts';
import { type AlertsNow, followAlerts } from './follow-alerts.ts';

/** A service that no binding names any more is gone. A newer deployment may know more of them for a moment. */
const goneSeconds: Seconds = 3600;

/**
 * The alerts of all services of a shard after this tick, to be committed with its state: who commits them tells what they
 * claim. Undefined: nobody is to be told of anything.
 */
export const shardAlerts = (
  run: Run,
  shard: ShardState,
  bindings: readonly ServiceBinding[],
  decided: readonly Decided[],
  overrides: Overrides | undefined,
): Readonly<Record<string, readonly AlertState[]>> | undefined => {
  const { alerts } = run.deps;
  if (alerts === undefined) return undefined;
  const before = shard.alerts ?? {};
  const bound = new Set(bindings.map(({ plan }) => plan.service));
  const bySeen = new Map(decided.map((service) => [service.binding.plan.service, service]));
  const names = [...new Set([...Object.keys(before), ...bySeen.keys()])];
  const after = names.map((service) => {
    const states = before[service] ?? [];
    const common = {
      now: run.now,
      version: shard.version + 1,
      confirmed: new Set(shard.told ?? []),
      isMuted: (code: string) => overrides !== undefined && isMuted(overrides, service, code, run.now),
    };
    const one = bySeen.get(service);
    const raised = one ? raisedBy(run, one) : bound.has(service) ? untouched : goneFrom(states, run);
    return [service, followAlerts(states, alerts.plan, { ...common, ...raised })] as const;
  });
  return Object.fromEntries(after.filter(([, states]) => states.length > 0));
};

type Raised = Pick<AlertsNow, 'raised' | 'isJudged'>;

const untouched: Raised = { isJudged: () => false };

/** What ECS refused at the tick before is known only now; it refuses it again at each tick. */
const raisedBy = (run: Run, { binding, decision }: Decided): Raised => ({
  raised: [...decision.alerts, ...run.deps.memory.refusalsOf(binding.plan.service, run.now)],
  // Where nothing was decided, nothing was judged either.
  isJudged: (code) => decision.kind !== 'hold' && decision.unjudged?.includes(code) !== true,
});

const goneFrom = (states: readonly AlertState[], run: Run): Raised =>
  states.every(({ seen }) => run.now - seen >= goneSeconds) ? { raised: [], isJudged: () => true } : untouched;
