import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { describe, expect, test } from 'vitest';
import { featureFlags } from '../../lib/constructs/feature-flags.ts';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import { danishCalendar, sizedPlan, specOf, stackOf, testApp } from './fixtures.ts';

const resourcesOf = (count: number, changes: Partial<ServicePlan> = {}): number => {
  const services = Array.from({ length: count }, (_, index) => specOf(`s${String(index).padStart(2, '0')}`, changes));
  return Object.keys(Template.fromStack(stackOf(services)).toJSON().Resources).length;
};

test('one service costs at most 40 resources, network, sizes and all; a stack of 500 has room for 55 services', () => {
  const first = resourcesOf(1);
  const each = resourcesOf(2) - first;
  const sizes = resourcesOf(1, sizedPlan);
  const holidays = resourcesOf(1, { ...sizedPlan, calendar: danishCalendar });
  console.log(
    `resources: ${first} for one service, ${each} for each further one, ${sizes} with three sizes, ${holidays} with public holidays too`,
  );
  expect(first).toBeLessThanOrEqual(38);
  expect(sizes).toBeLessThanOrEqual(40);
  // Function, role and schedule of the stage, however many services there are.
  expect(holidays - sizes).toBe(3);
  expect(each).toBeLessThanOrEqual(8);
  expect(resourcesOf(55)).toBeLessThanOrEqual(500);
});

test('a service, a queue and a part of the stack may share a name', () => {
  const stack = stackOf([specOf('Cluster'), specOf('Scaler'), specOf('Services')]);
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::ECS::Service'))).toHaveLength(3);
});

test('no account and no Region is written down', () => {
  const text = JSON.stringify(Template.fromStack(stackOf([specOf('convert')])).toJSON());
  expect(text.match(/(?<![0-9a-f])\d{12}(?![0-9a-f])|(us|eu|ap)-[a-z]+-\d/g)).toBeNull();
});

test('queues get predictable names, per stage', () => {
  const app = testApp();
  const fifo = { name: 'orders.fifo', percent: 99, startWithinSeconds: 60, fifo: true };
  const template = Template.fromStack(stackOf([specOf('convert'), specOf('orders', { queues: [fifo] })], {}, app));
  const names = Object.values(template.findResources('AWS::SQS::Queue'))
    .map(({ Properties }) => Properties.QueueName)
    .filter((name) => name !== undefined);
  expect(names.toSorted()).toEqual([
    'sluice-convert',
    'sluice-convert-dead',
    'sluice-orders-dead.fifo',
    'sluice-orders.fifo',
  ]);
});

test('a cluster of the user is used as it is, with no network beside it', () => {
  const app = testApp();
  const theirs = new Stack(app, 'theirs');
  const vpc = new ec2.Vpc(theirs, 'Vpc', { restrictDefaultSecurityGroup: false });
  const cluster = new ecs.Cluster(theirs, 'Cluster', { vpc, enableFargateCapacityProviders: true });
  const template = Template.fromStack(stackOf([specOf('convert')], { cluster }, app));
  template.resourceCountIs('AWS::EC2::VPC', 0);
  template.resourceCountIs('AWS::ECS::Cluster', 0);
  template.hasResourceProperties('AWS::ECS::Service', {
    NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
  });
});

test('the flags of CDK come from the code', () => {
  const app: App = createApp({ outdir: undefined });
  for (const [flag, value] of Object.entries(featureFlags)) expect(app.node.tryGetContext(flag)).toEqual(value);
});

describe('what one service takes', () => {
  const countOf = (services: Parameters<typeof stackOf>[0]): number =>
    Object.keys(Template.fromStack(stackOf(services)).toJSON().Resources).length;

  test('36 resources, 39 with public holidays: not above 40 (docs/deploy.md)', () => {
    expect(countOf([specOf('convert')])).toBe(36);
    expect(countOf([specOf('convert', { calendar: danishCalendar })])).toBe(39);
  });

  test('a further one takes 8, of which Sluice itself needs one', () => {
    expect(countOf([specOf('convert'), specOf('archive')]) - countOf([specOf('convert')])).toBe(8);
    const template = Template.fromStack(stackOf([specOf('convert'), specOf('archive')]));
    template.resourceCountIs('AWS::SSM::Parameter', 2);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });
});
