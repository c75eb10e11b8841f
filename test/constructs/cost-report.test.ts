import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { CostReport } from '../../lib/constructs/report/cost-report.ts';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import type { ReportPlan } from '../../lib/model/report-plan.ts';
import { reportActions } from '../../lib/model/report-rights.ts';
import { fixtureFunction, specOf, stackOf, testApp } from './fixtures.ts';
import { reportAcknowledgements } from './nag-acknowledgements.ts';
import { ofType, resolved, statementsOf } from './resolved.ts';

const report: ReportPlan = {
  at: { weekday: 'fri', minute: 16 * 60 + 5 },
  timeZone: 'America/New_York',
  email: ['team@example.com', 'boss@example.com'],
  from: 'sluice@example.com',
  topicArn: 'arn:aws:sns:us-east-1:123456789012:reports',
};

const withReport = (plan: ReportPlan = report, app: App = testApp()) =>
  stackOf([specOf('convert')], { report: plan }, app);
const template = Template.fromStack(withReport()).toJSON();
const own = (of: object = template) =>
  statementsOf(of)
    .filter(({ policy }) => policy.startsWith('ReportFunction'))
    .map(({ Action, Resource, Condition }) => ({
      actions: [Action].flat(),
      resources: [Resource].flat().map(resolved),
      Condition,
    }));

describe('the config', () => {
  const planOf = (value: object) => {
    const parsed = parseConfig({ timeZone: 'America/New_York', services: { convert: {} }, report: value });
    return parsed.ok ? parsed.report : parsed.issues;
  };
  test('becomes a plan; the first reader is the sender unless one is named', () => {
    expect(planOf({ email: ['a@example.com', 'b@example.com'] })).toEqual({
      at: { weekday: 'mon', minute: 420 },
      timeZone: 'America/New_York',
      email: ['a@example.com', 'b@example.com'],
      from: 'a@example.com',
    });
    const { from, topicArn: topic, email } = report;
    expect(planOf({ at: 'fri 16:05', email, from, topic })).toEqual(report);
    expect(planOf({})).toEqual({ at: { weekday: 'mon', minute: 420 }, timeZone: 'America/New_York', email: [] });
    expect(parseConfig({ services: { convert: {} } })).not.toHaveProperty('report');
  });

  test('a topic that is no ARN is refused', () => {
    expect(planOf({ topic: 'reports' })).toEqual([
      expect.objectContaining({ path: 'report.topic', found: '"reports"', expected: 'the ARN of an SNS topic' }),
    ]);
  });
});

describe('the stack', () => {
  test('has nothing of it unless the config asks for it', () => {
    const plain = Template.fromStack(stackOf([specOf('convert')])).toJSON();
    expect(Object.keys(plain.Resources).filter((id) => id.startsWith('Report'))).toEqual([]);
    const added = Object.keys(template.Resources).filter((id) => !(id in plain.Resources));
    expect(added).toHaveLength(8);
  });

  test('asks once a week in the zone of its readers, and says for when', () => {
    const [[, { Properties } = { Properties: {} }] = []] = ofType(template, 'AWS::Scheduler::Schedule').filter(([id]) =>
      id.startsWith('Report'),
    );
    expect(Properties).toMatchObject({
      ScheduleExpression: 'cron(5 16 ? * FRI *)',
      ScheduleExpressionTimezone: 'America/New_York',
      Target: { Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}', RetryPolicy: { MaximumRetryAttempts: 5 } },
    });
  });

  test('keeps reports encrypted, closed, over TLS only, and after the stack', () => {
    const [[, bucket] = []] = ofType(template, 'AWS::S3::Bucket');
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{}] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1100, Status: 'Enabled' }] },
      },
    });
    expect(JSON.stringify(ofType(template, 'AWS::S3::BucketPolicy'))).toContain('"aws:SecureTransport":"false"');
  });

  test('gives the function 512 MiB and ten minutes', () => {
    const [[, fn] = []] = ofType(template, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('Report'));
    expect(fn?.Properties).toMatchObject({ MemorySize: 512, Timeout: 600 });
  });
});

describe('what the report function may do', () => {
  test('it writes reports and its own marks, and nowhere else', () => {
    const writes = own().filter(({ actions }) => actions.some((action) => /Put|Update|Delete/.test(action)));
    expect(writes).toEqual([
      expect.objectContaining({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
      expect.objectContaining({ Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['REPORT'] } } }),
      expect.objectContaining({ resources: [expect.stringMatching(/^<ReportBucket[^>]*>\/reports\/sluice\/\*$/)] }),
    ]);
  });

  test('it reads all that the report can ask of an account, and on * nothing that writes', () => {
    const everywhere = own().filter(({ resources }) => resources.includes('*'));
    expect(everywhere).toHaveLength(1);
    expect(everywhere[0]?.actions.filter((action) => !/:(Describe|List|Get)[A-Z]/.test(action))).toEqual([]);
    const granted = new Set(own().flatMap(({ actions }) => actions));
    expect(reportActions().filter((action) => !granted.has(action))).toEqual([]);
  });

  test('it sends as the one sender and to the one topic', () => {
    expect(own().filter(({ actions }) => /^s(es|ns):/.test(actions[0] ?? ''))).toEqual([
      expect.objectContaining({
        actions: ['ses:SendEmail'],
        Condition: { StringEquals: { 'ses:FromAddress': 'sluice@example.com' } },
      }),
      { actions: ['sns:Publish'], resources: ['arn:aws:sns:us-east-1:123456789012:reports'], Condition: undefined },
    ]);
  });

  test('and sends nothing where nobody is named', () => {
    const quiet = Template.fromStack(withReport({ at: report.at, timeZone: 'UTC', email: [] })).toJSON();
    expect(
      own(quiet)
        .flatMap(({ actions }) => actions)
        .filter((action) => /^s(es|ns):/.test(action)),
    ).toEqual([]);
  });
});

describe('the rules', () => {
  let outdir: string;
  beforeAll(() => {
    outdir = mkdtempSync(join(tmpdir(), 'sluice-report-'));
  });
  afterAll(() => rmSync(outdir, { recursive: true }));

  test("CDK's own find nothing, and AwsSolutions only what is acknowledged with its reason", () => {
    const app = createApp({ outdir, builtinCloudFormationValidation: true });
    withReport(report, app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow('Acknowledge with');
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      readonly pluginReports: readonly {
        readonly violations: readonly {
          readonly ruleName: string;
          readonly violatingConstructs: readonly { readonly constructPath: string }[];
        }[];
      }[];
    };
    const found = pluginReports
      .flatMap(({ violations }) =>
        violations.flatMap(({ ruleName, violatingConstructs }) =>
          violatingConstructs.map(({ constructPath }) => ({ path: constructPath, id: ruleName })),
        ),
      )
      .filter(({ path }) => path.startsWith('sluice/Report/'));
    const fits = (
      finding: { readonly path: string; readonly id: string },
      one: { readonly path: RegExp; readonly id: string },
    ) => finding.id === one.id && one.path.test(finding.path);
    expect(found.filter((finding) => !reportAcknowledgements.some((one) => fits(finding, one)))).toEqual([]);
    expect(reportAcknowledgements.filter((one) => !found.some((finding) => fits(finding, one)))).toEqual([]);
  });
});

test('a construct of its own can be given ready code', () => {
  const stack = stackOf([specOf('convert')]);
  const { table, tickQueue, configHash } = stack.scaler;
  const made = new CostReport(stack, 'Mine', {
    plan: report,
    table,
    stage: 'other',
    path: '/sluice/other/',
    configHash,
    deadLetterQueue: tickQueue.deadLetterQueue,
    code: lambda.Code.fromAsset(fixtureFunction),
  });
  expect(made.handler.node.path).toBe('sluice/Mine/Function/Handler');
});

describe('what it may write beside its own items', () => {
  const onApplied = (of: object) =>
    own(of)
      .filter(({ Condition }) => JSON.stringify(Condition)?.includes('APPLIED'))
      .map(({ actions }) => actions);
  const applying = (change: object) => Template.fromStack(stackOf([specOf('convert', change)], { report })).toJSON();

  test('is nothing while no service lets it apply advice: it only tells what people have applied', () => {
    expect(onApplied(template)).toEqual([['dynamodb:GetItem']]);
  });

  test('is the one item of applied advice where a service lets it', () => {
    const open = applying({ apply: { schedule: true, minMax: false, downTo: 0 } });
    expect(onApplied(open)).toEqual([['dynamodb:GetItem', 'dynamodb:UpdateItem']]);
    const others = own(open).filter(({ Condition }) => !JSON.stringify(Condition)?.includes('APPLIED'));
    expect(others).toEqual(own().filter(({ Condition }) => !JSON.stringify(Condition)?.includes('APPLIED')));
  });
});
