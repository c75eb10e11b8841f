import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import type { AlertDeliveryPlan } from '../../lib/config/alert-plan.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import { specOf, stackOf } from './fixtures.ts';
import { acknowledgements } from './nag-acknowledgements.ts';
import { statementsOf } from './resolved.ts';

const rules = { severity: 'warning', afterSeconds: 60, clearSeconds: 300, repeatSeconds: 14_400 } as const;
const withAlerts = (alerts: AlertDeliveryPlan) => Template.fromStack(stackOf([specOf('convert')], { alerts }));
const theirs = 'arn:aws:sns:us-east-1:123456789012:oncall';

test('without alerts the template has no topic, no right to publish, and 36 resources', () => {
  const template = Template.fromStack(stackOf([specOf('convert')]));
  template.resourceCountIs('AWS::SNS::Topic', 0);
  expect(statementsOf(template.toJSON()).flatMap(({ Action }) => Action)).not.toContain('sns:Publish');
  expect(Object.keys(template.toJSON().Resources)).toHaveLength(36);
});

test('with alerts: a topic that takes TLS only, each address asked, the function told, both alarms wired', () => {
  const template = withAlerts({ rules, email: ['a@example.com', 'b@example.com'] });
  template.resourceCountIs('AWS::SNS::Topic', 1);
  for (const address of ['a@example.com', 'b@example.com'])
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: address });
  const [topic = ''] = Object.keys(template.findResources('AWS::SNS::Topic'));
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        Match.objectLike({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
        }),
      ]),
    },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { SLUICE_ALERTS: JSON.stringify(rules), SLUICE_ALERT_TOPIC: { Ref: topic } } },
  });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.map(({ Properties: p }) => [p.MetricName, p.AlarmActions, p.OKActions]).toSorted()).toEqual([
    ['Errors', [{ Ref: topic }], [{ Ref: topic }]],
    ['Invocations', [{ Ref: topic }], [{ Ref: topic }]],
  ]);
  // Topic, its policy, two subscriptions, one more alarm.
  expect(Object.keys(template.toJSON().Resources)).toHaveLength(36 + 5);
});

test('a topic of the user’s: nothing of it is made, the right is for it alone, and the binding names it', () => {
  const template = withAlerts({ rules, topicArn: theirs, email: [] });
  template.resourceCountIs('AWS::SNS::Topic', 0);
  template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
  const publish = statementsOf(template.toJSON()).filter(({ Action }) => [Action].flat().includes('sns:Publish'));
  expect(publish.map(({ Resource }) => Resource)).toEqual([theirs]);
  expect(JSON.stringify(template.findResources('AWS::SSM::Parameter'))).toContain(theirs);
});

test('cdk-nag finds nothing new in it', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-nag-alerts-'));
  try {
    const app = createApp({ outdir, builtinCloudFormationValidation: false });
    stackOf([specOf('convert')], { alerts: { rules, email: ['a@example.com'] } }, app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow('Acknowledge with');
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as NagReport;
    const found = report.pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
      ),
    );
    const fresh = found.filter(
      ({ rule, path }) => !acknowledgements.some((one) => one.id === rule && one.path.test(path)),
    );
    expect(fresh).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

interface NagReport {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

test('the config becomes rules of telling; numbers go to the services, their own first', () => {
  const parsed = parseConfig({
    alerts: { email: ['a@example.com'], repeat: 'never', clear: '10m', cpuWarning: 70, watch: ['cpu'] },
    services: { a: {}, b: { alerts: { cpuWarning: 60, off: ['maxReached'] } } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(parsed.alerts).toEqual({
    rules: { severity: 'warning', afterSeconds: 60, clearSeconds: 600 },
    email: ['a@example.com'],
  });
  expect(parsed.plans.map(({ alerts }) => alerts)).toEqual([
    { numbers: { cpuWarning: 70 }, watch: ['cpu'] },
    { numbers: { cpuWarning: 60 }, watch: ['cpu'], off: ['maxReached'] },
  ]);
  const bare = parseConfig({ alerts: {}, services: { a: {} } });
  expect(bare.ok && [bare.warnings.map(({ code }) => code), bare.plans[0]?.alerts]).toEqual([
    expect.arrayContaining(['nobodyTold']),
    undefined,
  ]);
  expect(parseConfig({ services: { a: {} } })).not.toHaveProperty('alerts');
});
