import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readRollups } from '../lib/act/dynamo-rollups.ts';
import type { ReportChannel } from '../lib/deliver/channel.ts';
import { consoleLink } from '../lib/deliver/console-link.ts';
import { mailChannel } from '../lib/deliver/mail-channel.ts';
import { s3ReportFiles } from '../lib/deliver/report-files.ts';
import { dynamoReportItems } from '../lib/deliver/report-items.ts';
import type { ReportRun, ReportWindow } from '../lib/deliver/run-report.ts';
import { topicChannel } from '../lib/deliver/topic-channel.ts';
import type { ReportPlan } from '../lib/model/report-plan.ts';
import { readBindings } from '../lib/observe/bindings.ts';
import { bundledPrices } from '../lib/report/prices/bundled-prices.ts';
import type { Usage } from '../lib/report/usage/usage.ts';
import { usageFromRollups } from '../lib/report/usage/usage-from-rollups.ts';

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
const reportPlan = JSON.parse(env('SLUICE_REPORT')) as ReportPlan;

const channels = (): readonly ReportChannel[] => {
  const { from, topicArn } = reportPlan;
  const ses = new SESv2Client(client);
  return [
    ...(from === undefined ? [] : reportPlan.email.map((to) => mailChannel(ses, from, to))),
    ...(topicArn === undefined ? [] : [topicChannel(new SNSClient(client), topicArn)]),
  ];
};

const ownUsage = async ({ to, hours }: ReportWindow): Promise<Usage> => {
  const from = to - hours * 3600;
  const { bindings, issues } = await readBindings(ssm, env('SLUICE_PARAMETER_PATH'));
  for (const issue of issues) logger.error('A binding does not parse; its service is not in the report', { issue });
  const services = [];
  for (const binding of bindings) {
    const rollups = await readRollups(dynamo, table, binding.plan.service, from, to);
    const history = { plan: binding.plan, region, publicIpv4: false, spotShare: 0, interruptible: false, rollups };
    services.push(usageFromRollups(history, from, hours));
  }
  return {
    currency: 'USD',
    timeZone: reportPlan.timeZone,
    holidays: [...new Set(bindings.flatMap(({ plan }) => plan.calendar.holidays))].toSorted(),
    from,
    hours,
    services,
    instances: [],
    orphans: [],
    commitments: [],
    bill: [],
    unavailable: [],
  };
};

export const reportRun: ReportRun = {
  stage: env('SLUICE_STAGE'),
  plan: reportPlan,
  files: s3ReportFiles(new S3Client(client), bucket),
  items: dynamoReportItems(dynamo, table),
  channels: channels(),
  readInput: async (window) => ({ usage: await ownUsage(window), book: bundledPrices }),
  linkTo: (key) => consoleLink(region, bucket, key),
};
