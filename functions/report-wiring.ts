import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { accountSources, priceSources } from '../lib/account/account-sources.ts';
import { accountUsage } from '../lib/account/account-usage.ts';
import { tableCache } from '../lib/account/document-cache.ts';
import { defaultTagRules } from '../lib/account/tags.ts';
import type { ReportChannel } from '../lib/deliver/channel.ts';
import { consoleLink } from '../lib/deliver/console-link.ts';
import { mailChannel } from '../lib/deliver/mail-channel.ts';
import { s3ReportFiles } from '../lib/deliver/report-files.ts';
import { dynamoReportItems } from '../lib/deliver/report-items.ts';
import type { ReportInput, ReportRun } from '../lib/deliver/run-report.ts';
import { topicChannel } from '../lib/deliver/topic-channel.ts';
import type { ServicePlan } from '../lib/model/plan.ts';
import type { ReportPlan } from '../lib/model/report-plan.ts';
import { readBindings } from '../lib/observe/bindings.ts';
import { readAppliedTexts } from '../lib/observe/fresh-applied.ts';
import { bundledPrices } from '../lib/report/prices/bundled-prices.ts';

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; the CostReport construct sets it`);
  return value;
};

export const logger = new Logger();

/** Nobody waits for it: more tries than elsewhere, and time for long answers. */
const client = {
  maxAttempts: 5,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 2000, requestTimeout: 20_000 },
} as const;

const dynamo = new DynamoDBClient(client);
const ssm = new SSMClient(client);
const region = env('AWS_REGION');
const bucket = env('SLUICE_REPORT_BUCKET');
const table = env('SLUICE_TABLE');
const stage = env('SLUICE_STAGE');
const reportPlan = JSON.parse(env('SLUICE_REPORT')) as ReportPlan;

const channels = (): readonly ReportChannel[] => {
  const { from, topicArn } = reportPlan;
  const ses = new SESv2Client(client);
  return [
    ...(from === undefined ? [] : reportPlan.email.map((to) => mailChannel(ses, from, to))),
    ...(topicArn === undefined ? [] : [topicChannel(new SNSClient(client), topicArn)]),
  ];
};

/** Days that count as weekends, of all services together. */
const holidaysOf = (plans: readonly ServicePlan[]): readonly string[] =>
  [...new Set(plans.flatMap(({ calendar }) => calendar.holidays))].toSorted();

/** Without it the report applies nothing; everything else it can still tell. */
const appliedTo = async (plans: readonly ServicePlan[]): Promise<ReportInput['apply']> => {
  try {
    const signal = AbortSignal.timeout(10_000);
    return { plans, applied: await readAppliedTexts(dynamo, table, signal, { consistent: true }) };
  } catch (error) {
    logger.error('What was applied cannot be read: the report applies nothing', { error });
    return undefined;
  }
};

/** Before the function's own time is over, so that what could be read is still told. */
const readingSeconds = 400;

const readInput: ReportRun['readInput'] = async ({ to, hours }) => {
  const now = Date.now() / 1000;
  const { bindings } = await readBindings(ssm, env('SLUICE_PARAMETER_PATH'));
  const plans = bindings.map(({ plan }) => plan);
  const apply = await appliedTo(plans);
  const cache = tableCache(dynamo, table);
  const { usage, book, asked, askedUsd } = await accountUsage(
    accountSources({ regions: [region], stage, rules: defaultTagRules, cache, now }),
    { from: to - hours * 3600, hours, timeZone: reportPlan.timeZone, holidays: holidaysOf(plans) },
    { sources: priceSources(), bundled: bundledPrices, cache, now },
    AbortSignal.timeout(readingSeconds * 1000),
  );
  logger.info('account read', { asked, askedUsd, unavailable: usage.unavailable });
  return { usage, book, ...(apply && { apply }) };
};

export const reportRun: ReportRun = {
  stage,
  plan: reportPlan,
  files: s3ReportFiles(new S3Client(client), bucket),
  items: dynamoReportItems(dynamo, table),
  channels: channels(),
  readInput,
  linkTo: (key) => consoleLink(region, bucket, key),
  decideWith: `sluice report --stage ${stage} --regions ${region}`,
};
