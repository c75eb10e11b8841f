import type { ServiceBinding } from '../model/binding.ts';
import type { ShardState } from '../model/shard.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { instantsToSend, instantsToWake, periodOf } from './due.ts';
import { attempt, type Run, stepSeconds } from './run.ts';
import type { Decided } from './steps.ts';

/** Sent before anything else: if this invocation dies, the ticks to come are on their way. A failure costs only their punctuality. */
export async function sendTicksBetween(
  run: Run,
  bindings: readonly ServiceBinding[],
  shard: ShardState,
): Promise<number> {
  const instants = instantsToSend(periodsIn(bindings, shard), run.now, shard.sentUntil);
  return sendTicks(run, instants);
}

/** Services that were idle and are not any more: their ticks until the next minute's are not in the queue yet. */
export async function wake(
  run: Run,
  bindings: readonly ServiceBinding[],
  shard: ShardState,
  decided: readonly Decided[],
): Promise<number> {
  const woken = decided.filter(
    ({ binding, hot, decision }) => periodOf(binding, decision.state.hot) < periodOf(binding, hot),
  );
  if (woken.length === 0) return 0;
  const awake = woken.map(({ binding, decision }) => periodOf(binding, decision.state.hot));
  const asleep = periodsIn(bindings, shard);
  return sendTicks(run, instantsToWake({ asleep, awake }, run.now, Math.max(shard.sentUntil, run.sentUntil)));
}

const periodsIn = (bindings: readonly ServiceBinding[], shard: ShardState): readonly Seconds[] =>
  bindings.map((binding) => periodOf(binding, shard.services[binding.plan.service]));

async function sendTicks(run: Run, instants: readonly EpochSeconds[]): Promise<number> {
  const { deps, tick, now } = run;
  const last = instants.at(-1);
  if (last === undefined) return 0;
  const sent = await attempt(run, 'send ticks', stepSeconds.send, async (inner) => {
    await deps.sender.send(tick.shard, instants, now, inner);
    await deps.state.markSent(tick.shard, last, inner);
    return instants.length;
  });
  if (sent !== undefined) run.sentUntil = last;
  return sent ?? 0;
}
