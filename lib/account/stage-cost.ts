import type { Usd } from '../model/units.ts';
import { ownUsdPerMonth } from '../report/own-cost.ts';
import type { FoundService } from './source.ts';

/** What Sluice itself costs for these services, shard by shard. */
export const stageUsdPerMonth = (services: readonly FoundService[]): Usd =>
  ownUsdPerMonth(
    [...Map.groupBy(services, ({ usage, shard }) => `${usage.region}/${shard.name}`).values()].map((members) => ({
      tickSeconds: Math.min(...members.map(({ shard }) => shard.tickSeconds)),
      services: members.map(({ queues, busyTasks }) => ({ queues, busyTasks })),
    })),
  );
