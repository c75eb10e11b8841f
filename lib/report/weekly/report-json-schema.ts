import { z } from 'zod';
import { appliedParts } from '../../model/applied.ts';
import { adviceKinds } from '../plan/advice.ts';

// Objects are open: a later version may say more, and readers are to take no offence.
const open = z.looseObject;
const number = (description: string) => z.number().describe(description);
const epoch = (description: string) => z.number().int().describe(`${description} Seconds since 1970, UTC.`);
const usdPerMonth = (description = '') => number(`USD per month of 730 hours. ${description}`.trim());
const level = z.enum(['low', 'medium', 'high']);
const owner = z.string().optional().describe('Who is asked before anything changes: a tag’s value.');
const series = z.array(z.number().nullable()).describe('By hour of the week that is told; null is not known.');

const frozenParts = {
  usdPerMonth: usdPerMonth('Fees that find no use any more. In no sum.'),
  from: epoch('When the last of these commitments ends.'),
  commitments: z.array(z.string()),
};

const recommendation = open({
  id: z.string().describe('`<kind>:<resource>`, the same from week to week.'),
  kind: z.enum(adviceKinds),
  resource: z.string(),
  owner,
  title: z.string(),
  usdPerMonth: usdPerMonth('What it saves after all lines above it: these add up.'),
  aloneUsdPerMonth: usdPerMonth('What it would save if nothing else were done: these must never be added.'),
  percentOfResource: number('Of what the resource costs by then.'),
  frozen: open(frozenParts)
    .optional()
    .describe('What it frees of commitments that are paid for: beside `usdPerMonth`, not in it.'),
  evidence: z.array(open({ text: z.string(), series: z.array(z.number()).optional() })),
  risk: level,
  effort: level,
  confidence: level,
  reversible: z.boolean().describe('Can be taken back at once, without loss.'),
  rollback: z.string(),
  ifWrong: open({
    chancePercent: number('That a week breaks the promise because of it.'),
    of: z.enum(['day', 'week']),
    looked: number('How many of them were looked at.'),
    broken: number('How many of them would have broken the promise.'),
    lateJobs: number('Of the worst of them.'),
    usd: number('What the tasks cost that it takes more than usual.'),
  })
    .optional()
    .describe('The chance and the price of being wrong.'),
  patch: z.array(open({ as: z.enum(['config', 'cdk', 'command']), text: z.string() })),
  expiresAt: epoch('When it must be looked at again.'),
});

const commitmentOption = open({
  pool: z.string().describe('What it would cover: a cover key, "" for Fargate and EC2 together, or "databases".'),
  offer: open({
    kind: z.string(),
    years: z.union([z.literal(1), z.literal(3)]),
    payment: z.enum(['none', 'partial', 'all']),
  }),
  discount: number('1 - price under it ÷ on demand.'),
  optimalFeeUsdPerHour: number('Cheapest fee if the coming weeks are as the past ones.'),
  feeUsdPerHour: number('The fee that also bears usage that goes away.'),
  range: z.array(z.number()).length(2).describe('10th to 90th percentile of the optimal fee over resampled weeks.'),
  usdPerMonth: usdPerMonth(),
  afterCapitalUsdPerMonth: usdPerMonth('After the cost of capital of what is paid upfront.'),
  breakEvenHours: number('Hours of use at that level that pay the whole term.'),
  utilization: number('Share of the fee that the past weeks would have used.'),
});

const warning = open({
  resource: z.string(),
  owner,
  severity: z.enum(['warning', 'critical']),
  text: z.string(),
  usdPerMonth: usdPerMonth('What the remedy costs more.').optional(),
  remedy: z.string(),
});

const plan = open({
  usdPerMonthBefore: usdPerMonth(),
  usdPerMonthAfter: usdPerMonth(),
  savingUsdPerMonth: usdPerMonth('Before - after; `recommendations` and `minor` add up to it.'),
  recommendations: z.array(recommendation).describe('In the order in which to do them.'),
  minor: open({ count: z.number().int(), usdPerMonth: usdPerMonth() }).describe(
    'Advice too small for a line of its own.',
  ),
  frozen: z
    .array(open({ id: z.string(), resource: z.string(), title: z.string(), ...frozenParts }))
    .describe('Changes that save nothing before a commitment ends. In no sum.'),
  commitmentOptions: z.array(commitmentOption).describe('All terms side by side, also those that are not advised.'),
  commitNothing: z.string().optional().describe('Why nothing is to be bought, when nothing is.'),
  warnings: z.array(warning).describe('What has too little. In no sum.'),
  unpriced: z.array(z.string()).describe('Resources without a known price: in no sum.'),
  unusedFeesUsdPerMonth: usdPerMonth('Of today’s commitments, what finds no use after the plan.'),
});

const appliedPart = z.enum(appliedParts).describe('Which part of the config it lies over.');

const played = open({ name: z.string(), taskHours: z.number(), usd: z.number(), attainedPercent: z.number() });
const band = open({ expected: z.number(), low: z.number(), high: z.number() });

const service = open({
  name: z.string(),
  region: z.string(),
  owner,
  usd: number('Of the week, at list prices before commitments. Absent: no price is known.').optional(),
  previousUsd: number('Of the week before.').optional(),
  jobs: z.number(),
  alsoUsd: z.array(open({ what: z.string(), usd: z.number() })).describe('What it cost beside tasks and addresses.'),
  usdPerJob: z.number().optional(),
  slo: open({
    percent: z.number(),
    startWithinSeconds: z.number(),
    attainedPercent: number('Absent: nobody counted late jobs.').optional(),
    errorBudgetUsedPercent: z
      .number()
      .nullable()
      .optional()
      .describe('Of the late jobs that the promise allows. Null: it allows none, and there were some.'),
  }).optional(),
  money: open({ usefulUsd: z.number(), retriedUsd: z.number(), warmIdleUsd: z.number(), startUpUsd: z.number() })
    .optional()
    .describe('Where `usd` went; adds up to it.'),
  replay: open({
    slo: played,
    static: played.describe('The cheapest fixed fleet that keeps the promise, found afterwards.'),
    targetTracking: played,
    promises: z
      .array(open({ startWithinSeconds: z.number(), usdPerMonth: usdPerMonth(), attainedPercent: z.number() }))
      .describe('The price of the promise at half, the same and twice the time.'),
    hours: number('Hours of arrivals that were replayed.'),
    fromHour: number('The first of them: hour of the window, from 0.'),
    ran: open({ usd: z.number().optional(), attainedPercent: z.number().optional() }).describe(
      'What ran in the same hours.',
    ),
  }).optional(),
  noReplay: z.string().optional().describe('Why there is no replay.'),
  pattern: open({
    meanPerHour: z.number(),
    peakPerHour: z.number(),
    peakHour: number('Hour of the window, from 0.'),
    variation: number('Standard deviation ÷ mean.'),
    trendPercentPerWeek: z.number().optional(),
  }).optional(),
  forecast: open({ nextHour: band, nextWeek: band, confidence: number('0 to 1.') }).optional(),
  anomalies: z.array(open({ hour: number('Hour of the window, from 0.'), jobs: z.number(), usual: z.number() })),
  tasks: series,
  jobsByHour: series,
});

const spend = open({
  usd: number('All lines together.'),
  lines: z.array(
    open({
      of: z.enum(['fargate', 'ec2', 'rds', 'elasticache', 'orphan', 'beside', 'commitments']),
      count: z.number().int(),
      usd: number('At list prices; of `commitments` what they took off, fees counted.'),
    }),
  ),
});

const ledgerEntry = open({
  id: z.string(),
  kind: z.enum(adviceKinds),
  resource: z.string(),
  title: z.string(),
  firstAdvisedAt: epoch('When it was advised first.'),
  lastAdvisedAt: epoch('When it was advised last.'),
  predictedUsdPerMonth: usdPerMonth(),
  state: z.string(),
  realisedUsdPerMonth: usdPerMonth('What it has saved since, on the same demand.').optional(),
});

/** `report.json` */
export const weeklyReportSchema = open({
  from: epoch('Start of the week that is told.'),
  to: epoch('Its end.'),
  historyHours: number('Hours of history that the plan rests on.'),
  timeZone: z.string(),
  currency: z.literal('USD'),
  regions: z.array(z.string()).describe('Where all of it runs.'),
  prices: open({ date: z.string(), source: z.string() }),
  services: z.array(service),
  spend: spend.describe('What the told week cost, of everything that has a price. Sluice itself is in `ownUsd`.'),
  previousSpend: spend.optional().describe('The same of the week before.'),
  plan,
  reconciliation: open({ computedUsd: z.number(), billedUsd: z.number(), gapPercent: z.number() })
    .optional()
    .describe('Our sum of the whole window beside the bill.'),
  ledger: z.array(ledgerEntry).describe('What became of earlier advice.'),
  decideWith: z
    .string()
    .optional()
    .describe('How the command begins that decides on advice; `--accept ID` or `--dismiss ID` ends it.'),
  applied: open({
    entries: z
      .record(z.string(), open({}))
      .describe('By service: what lies over its config from now on, where that changed.'),
    actions: z
      .array(
        open({
          service: z.string(),
          part: appliedPart,
          advice: z.string(),
          what: z.enum(['applied', 'undone', 'dropped', 'withheld']),
          text: z.string(),
          undo: z.string().optional(),
        }),
      )
      .describe('What the report did by itself.'),
    inForce: z
      .array(
        open({
          service: z.string(),
          part: appliedPart,
          advice: z.string(),
          by: z.string(),
          at: epoch('Since when.'),
          text: z.string(),
          notInForce: z.string().optional(),
          undo: z.string().describe('The command that takes it back.'),
        }),
      )
      .describe('What lies over the configs from now on.'),
  }),
  ownUsd: number('What Sluice itself cost in that week.').optional(),
  unavailable: z
    .array(open({ source: z.string(), because: z.string(), needs: z.string() }))
    .describe('Sources that could not be read.'),
});

/** `docs/report.schema.json` */
export const reportJsonSchema = (): string =>
  `${JSON.stringify({ title: 'Sluice weekly report', ...z.toJSONSchema(weeklyReportSchema) }, null, 2)}\n`;
