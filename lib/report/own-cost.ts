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
const usd = {
  lambdaRequest: 0.2 * perMillion,
  /** Half a gigabyte on ARM for the 0.15 s that a warm tick waits. */
  lambdaTick: 0.15 * 0.5 * 0.0000133334,
  sqsRequest: 0.4 * perMillion,
  write: 0.625 * perMillion,
  read: 0.125 * perMillion,
  schedule: 1 * perMillion,
  alarm: 0.1,
  logsAndStorage: 0.01,
} as const;

/** Sluice's own running cost: functions, queue, table and schedule; not the workers, nor the jobs' own queue. */
export const ownUsdPerMonth = (shards: readonly OwnShard[]): Usd =>
  shards.reduce((sum, shard) => sum + shardUsd(shard), 0);

const shardUsd = ({ tickSeconds, services }: OwnShard): Usd => {
  const ticks = (minutesPerMonth * 60) / tickSeconds;
  const sent = ticks - minutesPerMonth;
  // Five pollers, three polls a minute each; a message ends one early.
  const polls = 5 * 3 * minutesPerMonth + sent / 2;
  return (
    ticks * (usd.lambdaRequest + usd.lambdaTick) +
    (minutesPerMonth + polls + sent) * usd.sqsRequest +
    ticks * (usd.write + 2 * usd.read) +
    minutesPerMonth * (usd.write + usd.schedule) +
    usd.alarm +
    usd.logsAndStorage +
    services.reduce((sum, service) => sum + serviceUsd(service, ticks), 0)
  );
};

const serviceUsd = ({ queues, busyTasks }: OwnShard['services'][number], ticks: number): Usd =>
  ticks * (queues * usd.sqsRequest + 0.5 * usd.read) +
  // Journal and rollups every five minutes, two writes each; what was learnt every quarter of an hour, eight.
  ((minutesPerMonth / 5) * 2 * 2 + (minutesPerMonth / 15) * 8) * usd.write +
  // A beat every ten seconds.
  busyTasks * 6 * minutesPerMonth * usd.write;
