import type { AlertState } from '../../model/alert-plan.ts';
import type { ShardState } from '../../model/shard.ts';
import { attempt, type Run, stepSeconds } from '../run.ts';
import type { Acted } from '../steps.ts';
import { alertMessage, type ServiceNews } from './alert-message.ts';
import { newsOf } from './follow-alerts.ts';

/**
 * Sends what the commit of this tick claimed, as one message, and notes that it was sent. Whatever fails or dies on the
 * way is claimed by a later tick; only a death between the two calls tells the same twice, with the same id.
 */
export const tellPeople = async (
  run: Run,
  shard: ShardState,
  alerts: Readonly<Record<string, readonly AlertState[]>> | undefined,
  acted: readonly Acted[],
): Promise<void> => {
  const { deps, tick, now } = run;
  const version = shard.version + 1;
  const news = Object.entries(alerts ?? {}).flatMap(([service, states]): readonly ServiceNews[] => {
    const claimed = newsOf(states, version);
    if (claimed.length === 0) return [];
    const decision = acted.find(({ binding }) => binding.plan.service === service)?.decision;
    return [{ service, states: claimed, shadow: decision?.shadow ?? false, alerts: decision?.alerts ?? [] }];
  });
  if (news.length === 0 || deps.alerts === undefined) return;
  const { stage, topic } = deps.alerts;
  const message = alertMessage(stage, news, now);
  await attempt(run, 'tell people of alerts', stepSeconds.record, async (inner) => {
    await topic.publish(message, inner);
    await deps.state.markTold(tick.shard, version, inner);
  });
};
