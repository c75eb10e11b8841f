import type { Seconds, Usd } from '../model/units.ts';

/** One shard as far as it costs something. */
export interface OwnShard {
  readonly tickSeconds: Seconds;
  readonly services: readonly {
    readonly queues: number;
    /** Mean count of tasks at work: each of them reports what it did. */
    readonly busyTasks: number;
  }[];
}

const minutesPerMonth = 43_800;
const perMillion = 1e-6;

/** List prices of us-east-1, November 2026, without free tiers; docs/deploy.md has the same sum with its arithmetic. */
export const ownPrices = {
  lambdaRequest: 0.2 * perMillion,
  /** ARM. */
  lambdaGbSecond: 0.0000133334,
  sqsRequest: 0.4 * perMillion,
  writeUnit: 0.625 * perMillion,
  readUnit: 0.125 * perMillion,
  schedule: 1 * perMillion,
  alarm: 0.1,
} as const;
const usd = ownPrices;

/** What a warm tick waits, with half a gigabyte. */
export const secondsPerTick = 0.15;
const lambdaTick = secondsPerTick * 0.5 * usd.lambdaGbSecond;
const logsAndStorage = 0.01;

/** Sluice's own running cost: functions, queue, table and schedule; not the workers, nor the jobs' own queue. */
export const ownUsdPerMonth = (shards: readonly OwnShard[]): Usd =>
  shards.reduce((sum, shard) => sum + shardUsd(shard), 0);

const shardUsd = ({ tickSeconds, services }: OwnShard): Usd => {
  const ticks = (minutesPerMonth * 60) / tickSeconds;
  const sent = ticks - minutesPerMonth;
  // Five pollers, three polls a minute each; a message ends one early.
  const polls = 5 * 3 * minutesPerMonth + sent / 2;
  return (
    ticks * (usd.lambdaRequest + lambdaTick) +
    (minutesPerMonth + polls + sent) * usd.sqsRequest +
    ticks * (usd.writeUnit + 2 * usd.readUnit) +
    minutesPerMonth * (usd.writeUnit + usd.schedule) +
    usd.alarm +
    logsAndStorage +
    services.reduce((sum, service) => sum + serviceUsd(service, ticks), 0)
  );
};

const serviceUsd = ({ queues, busyTasks }: OwnShard['services'][number], ticks: number): Usd =>
  ticks * (queues * usd.sqsRequest + 0.5 * usd.readUnit) +
  // Dead letters, every ten minutes.
  (minutesPerMonth / 10) * queues * usd.sqsRequest +
  // Journal and rollups every five minutes, two writes each; what was learnt every quarter of an hour, eight.
  ((minutesPerMonth / 5) * 2 * 2 + (minutesPerMonth / 15) * 8) * usd.writeUnit +
  // A beat every ten seconds.
  busyTasks * 6 * minutesPerMonth * usd.writeUnit;
