import { flushEverySeconds } from '../../lib/act/journal-buffer.ts';
import { deadLetterSeconds } from '../../lib/observe/dead-letters.ts';
import { secondsPerTick, ownPrices as usd } from '../../lib/report/own-cost.ts';

/** Pollers that Lambda keeps on the tick queue: 5 at first, down to 2 when it is quiet. */
export interface CostCase {
  readonly idle: boolean;
  readonly pollers: number;
}

export interface CostRow {
  readonly what: string;
  readonly arithmetic: string;
  readonly usdPerMonth: number;
  /** Not billed within the free tiers that last for ever; of SQS' requests, the first million. */
  readonly free?: true | { readonly sqsRequests: number };
}

const tickSeconds = 10;
const minutes = 730 * 60;
const sqsFreeRequests = 1e6;

/** What Sluice adds for one service a month. Idle is a service that is looked at by Scheduler's ticks alone (`lookPeriod`). */
export const ownCost = ({ idle, pollers }: CostCase): readonly CostRow[] => {
  const ticks = idle ? minutes : (minutes * 60) / tickSeconds;
  const queued = ticks - minutes;
  const sends = idle ? 0 : minutes;
  const polls = pollers * 3 * minutes + queued / 2;
  const flushes = (minutes * 60) / flushEverySeconds;
  const saves = minutes / 15;
  const looks = (minutes * 60) / deadLetterSeconds;
  const sqs = (what: string, requests: number, arithmetic: string): CostRow => ({
    what: `SQS, ${what}`,
    arithmetic: `${arithmetic} × 0.40 / M`,
    usdPerMonth: requests * usd.sqsRequest,
    free: { sqsRequests: requests },
  });
  const writes = (what: string, count: number, units: number, arithmetic: string): CostRow => ({
    what: `DynamoDB, ${what}`,
    arithmetic: `${arithmetic} × 0.625 / M`,
    usdPerMonth: count * units * usd.writeUnit,
  });
  return [
    {
      what: 'Lambda, requests',
      arithmetic: `${count(ticks)} × 0.20 / M`,
      usdPerMonth: ticks * usd.lambdaRequest,
      free: true,
    },
    {
      what: 'Lambda, time',
      arithmetic: `${count(ticks)} × ${secondsPerTick} s × 0.5 GB × 0.0000133334 (ARM)`,
      usdPerMonth: ticks * secondsPerTick * 0.5 * usd.lambdaGbSecond,
      free: true,
    },
    sqs('counters of the job queue', ticks, count(ticks)),
    sqs('dead letters, every 10 min', looks, count(looks)),
    sqs('ticks: send', sends, `${count(sends)} batches`),
    sqs(
      "ticks: Lambda's polls",
      polls,
      `(${pollers} pollers × 3 a minute × ${count(minutes)} + half of ${count(queued)})`,
    ),
    sqs('ticks: deletes', queued, count(queued)),
    writes('commit of the state', ticks, 1, `${count(ticks)} × 1 WRU`),
    {
      what: 'DynamoDB, reads: state (1 RRU), overrides (at most 1), totals (0.5)',
      arithmetic: `${count(ticks)} × 2.5 × 0.125 / M`,
      usdPerMonth: ticks * 2.5 * usd.readUnit,
    },
    writes('ticks sent', sends, 1, `${count(sends)} × 1 WRU`),
    writes('journal and rollups, every 5 min', flushes, 4, `${count(flushes)} × 2 items × 2 WRU`),
    writes('what was learnt, every 15 min', saves, 8, `${count(saves)} × 8 WRU at most`),
    {
      what: 'EventBridge Scheduler',
      arithmetic: `${count(minutes)} × 1.00 / M`,
      usdPerMonth: minutes * usd.schedule,
      free: true,
    },
    { what: 'CloudWatch alarm', arithmetic: '1 × 0.10', usdPerMonth: usd.alarm, free: true },
    {
      what: 'CloudWatch metrics, logs of the functions, storage, SSM, ECS calls',
      arithmetic: 'no custom metric; a line for each action; under 0.1 GB',
      usdPerMonth: 0.01,
    },
  ];
};

export const sumOf = (rows: readonly CostRow[]): number => rows.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);

/** What is left of it where the account uses the free tiers for nothing else. */
export const sumWithFreeTiers = (rows: readonly CostRow[]): number => {
  const requests = rows.reduce((sum, { free }) => sum + (typeof free === 'object' ? free.sqsRequests : 0), 0);
  const sqs = Math.max(0, requests - sqsFreeRequests) * usd.sqsRequest;
  return sqs + sumOf(rows.filter(({ free }) => free === undefined));
};

/** A further service in the shard shares function, ticks and commit: its counters, dead letters, totals, journal, rollups and learnt state remain. */
export const furtherServiceCost = (): number => {
  const ticks = (minutes * 60) / tickSeconds;
  const flushes = (minutes * 60) / flushEverySeconds;
  return (
    (ticks + (minutes * 60) / deadLetterSeconds) * usd.sqsRequest +
    ticks * 0.5 * usd.readUnit +
    flushes * 4 * usd.writeUnit +
    (minutes / 15) * 8 * usd.writeUnit
  );
};

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const money = (value: number, digits = 2): string => value.toFixed(digits);

const busy: CostCase = { idle: false, pollers: 5 };

/** The part of docs/deploy.md between its marks. */
export const ownCostTables = (): string => {
  const rows = ownCost(busy);
  const idle = ownCost({ idle: true, pollers: 5 });
  const lines = rows.map(({ what, arithmetic, usdPerMonth }, i) =>
    [what, arithmetic, money(usdPerMonth, 3), money(idle[i]?.usdPerMonth ?? 0, 3)].join(' | '),
  );
  const sums = (pollers: number, sum: (rows: readonly CostRow[]) => number): string =>
    [false, true].map((isIdle) => `**${money(sum(ownCost({ idle: isIdle, pollers })))}**`).join(' | ');
  return [
    '| what | arithmetic, when busy | USD a month, busy | idle |',
    '|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
    `| **sum, 5 pollers** | | ${sums(5, sumOf)} |`,
    `| **sum, 2 pollers** | | ${sums(2, sumOf)} |`,
    `| **with free tiers, 5 pollers** | | ${sums(5, sumWithFreeTiers)} |`,
    '',
    `A further service in the same shard: **${money(furtherServiceCost())}** (counters, dead letters, totals, journal and rollups, learnt state), less when idle. No function, queue or alarm of its own.`,
  ].join('\n');
};

const marks = ['<!-- made by npm run docs: own cost -->', '<!-- end -->'] as const;

/** A page with the part between the marks made anew. */
export const withOwnCost = (page: string): string => {
  const [begin, end] = marks.map((mark) => page.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`no marks: ${marks.join(' … ')}`);
  return `${page.slice(0, begin + marks[0].length)}\n${ownCostTables()}\n${page.slice(end)}`;
};
