import { readLog } from '../../act/decision-log.ts';
import { DynamoStateStore } from '../../act/dynamo-state-store.ts';
import type { ServiceBinding } from '../../model/binding.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import { unknown } from '../../model/observation.ts';
import type { ShardState } from '../../model/shard.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { type Overrides, overrideOf, readOverrides } from '../../observe/overrides.ts';
import { readQueueCounts } from '../../observe/queue-counts.ts';
import { readServiceCounts } from '../../observe/service-counts.ts';
import type { ServiceStatus } from '../../report/why/status.ts';
import { appliedLines, appliedTexts } from './applied-stage.ts';
import { muteWords } from './set-override.ts';
import type { DeployedStage } from './stage.ts';

/** Looks at ECS, SQS, the state and the log of these services, all at once. What cannot be read is unknown. */
export const stageStatus = async (
  stage: DeployedStage,
  bindings: readonly ServiceBinding[],
  now: EpochSeconds,
): Promise<readonly ServiceStatus[]> => {
  const signal = AbortSignal.timeout(20_000);
  const { ecs, sqs, dynamo } = stage.clients;
  const [tasks, queues, shards, overrides, texts, lasts] = await Promise.all([
    readServiceCounts(ecs, bindings, now, signal),
    Promise.all(bindings.map((binding) => queuesOf(binding, (url) => readQueueCounts(sqs, url, now, signal)))),
    shardStates(stage, bindings, signal),
    readOverrides(dynamo, stage.table, signal, { consistent: true }),
    appliedTexts(stage),
    Promise.all(bindings.map(({ plan }) => lastDecision(stage, plan.service, now))),
  ]);
  return bindings.map(({ plan, shard, alertTopic }, i) => {
    const applied = appliedLines([plan], texts).lines;
    const [last, override] = [lasts[i], overrideOf(overrides, plan.service, now)];
    const lastTickAt = shards.get(shard)?.services[plan.service]?.lastTickAt;
    return {
      service: plan.service,
      mode: plan.mode,
      tickSeconds: plan.tickSeconds,
      seen: {
        now,
        queues: queues[i] ?? [],
        service: tasks[i] ?? unknown('missing'),
        work: unknown('hidden'),
        signals: {},
      },
      ...(lastTickAt === undefined ? {} : { lastTickAt }),
      ...(last === undefined ? {} : { last }),
      ...(override === undefined ? {} : { override }),
      ...(applied.length > 0 && { applied }),
      ...mutesOf(overrides, plan.service, now),
      told: alertTopic !== undefined,
    };
  });
};

const mutesOf = ({ mutes }: Overrides, service: string, now: EpochSeconds) => {
  const [own, all] = [mutes?.[service], mutes?.['']].map((mute) => (mute && mute.until > now ? mute : undefined));
  const words = [...(own ? [muteWords(own)] : []), ...(all ? [`all services ${muteWords(all)}`] : [])];
  return words.length === 0 ? {} : { mutes: words };
};

const queuesOf = (
  { queues }: ServiceBinding,
  read: (url: string) => ReturnType<typeof readQueueCounts>,
): Promise<ServiceStatus['seen']['queues']> =>
  Promise.all(queues.map(async ({ name, url }) => ({ name, counts: await read(url) })));

const shardStates = async (
  stage: DeployedStage,
  bindings: readonly ServiceBinding[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ShardState>> => {
  const store = new DynamoStateStore(stage.clients.dynamo, stage.table);
  const names = [...new Set(bindings.map(({ shard }) => shard))];
  return new Map(await Promise.all(names.map(async (shard) => [shard, await store.load(shard, signal)] as const)));
};

const reachesSeconds: readonly Seconds[] = [900, 24 * 3600];

const lastDecision = async (
  stage: DeployedStage,
  service: string,
  now: EpochSeconds,
): Promise<DecisionRecord | undefined> => {
  for (const reach of reachesSeconds) {
    const records = await readLog(stage.clients.dynamo, stage.table, service, now - reach, now + 60);
    if (records.length > 0) return records.at(-1);
  }
  return undefined;
};
