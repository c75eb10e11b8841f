import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import type { Config } from '../../../lib/config/schema/config-schema.ts';
import { ExistingService } from '../../../lib/constructs/adopt/existing-service.ts';
import { Scaler } from '../../../lib/constructs/scaler.ts';
import { serviceSpecs } from '../../../lib/constructs/sluice-from-config.ts';
import { SluiceStack } from '../../../lib/constructs/sluice-stack.ts';
import { BadInput } from '../../../lib/model/bad-input.ts';
import type { ServiceBinding } from '../../../lib/model/binding.ts';
import { fixtureFunction, testApp } from '../fixtures.ts';
import { ofType, resolved, statementsOf } from '../resolved.ts';

const code = () => lambda.Code.fromAsset(fixtureFunction);
const specsOf = (services: Config['services'], local = false) => {
  const good = parseConfig({ services });
  if (!good.ok) throw new BadInput(good.issues);
  return serviceSpecs(good, local);
};
const templateOf = (services: Config['services']) =>
  Template.fromStack(new SluiceStack(testApp(), 'sluice', { ...specsOf(services), code: code() })).toJSON();

const bindingOf = (template: object): ServiceBinding =>
  JSON.parse(
    ofType(template, 'AWS::SSM::Parameter')
      .map(([, { Properties }]) => resolved(Properties.Value))
      .join(''),
  );

/** All that a service costs which Sluice does not make. */
const scalerAlone = [
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'AWS::Scheduler::Schedule',
];
const typesIn = (template: { Resources: Record<string, { Type: string }> }) =>
  [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].toSorted();

describe('by names in the config', () => {
  const template = templateOf({
    convert: { existing: { cluster: 'prod', service: 'convert-workers' }, queue: { name: 'convert-jobs' } },
  });

  test('nothing is made but the scaler: no service, no job queue, no network', () => {
    expect(typesIn(template as never)).toEqual(scalerAlone);
    expect(ofType(template, 'AWS::SQS::Queue').map(([id]) => id)).toEqual([
      expect.stringMatching(/^ScalerQueueDead/),
      expect.stringMatching(/^ScalerQueueTicks/),
    ]);
    expect(JSON.stringify(template)).not.toContain('DesiredCount');
  });

  test('the scaler finds them', () => {
    expect(bindingOf(template)).toMatchObject({
      cluster: 'prod',
      ecsService: 'convert-workers',
      plan: { reports: false },
      queues: [{ name: 'convert-jobs', url: expect.stringMatching(/^https:\/\/sqs\..*\/convert-jobs$/) }],
    });
    expect(bindingOf(template)).not.toHaveProperty('taskDefinitions');
  });

  test('its rights name this service and this queue alone', () => {
    const resources = (action: string) =>
      statementsOf(template)
        .filter(({ Action, policy }) => [Action].flat().includes(action) && policy.startsWith('ScalerTick'))
        .flatMap(({ Resource }) => [Resource].flat().map(resolved));
    expect(resources('ecs:UpdateService')).toEqual([
      expect.stringMatching(/^arn:<AWS::Partition>:ecs:.*:service\/prod\/convert-workers$/),
    ]);
    expect(resources('sqs:GetQueueAttributes')).toContainEqual(expect.stringMatching(/^arn:.*:sqs:.*:convert-jobs$/));
  });
});

test.each([
  [
    { arn: 'arn:aws:sqs:eu-central-1:123456789012:jobs' },
    'https://sqs.eu-central-1.<AWS::URLSuffix>/123456789012/jobs',
  ],
  [
    { url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs' },
    'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs',
  ],
])('a queue by %j', (queue, url) => {
  const service = 'arn:aws:ecs:eu-central-1:123456789012:service/prod/convert';
  const template = templateOf({ convert: { existing: { service }, queue } });
  expect(bindingOf(template)).toMatchObject({
    cluster: 'prod',
    ecsService: 'convert',
    queues: [{ name: 'jobs', url }],
  });
  expect(JSON.stringify(statementsOf(template))).toContain(service);
});

test('a service that Sluice makes may read a queue that is there already', () => {
  const queue = { arn: 'arn:aws:sqs:eu-central-1:123456789012:jobs' };
  const template = templateOf({ convert: { queue, worker: { image: 'i' } } });
  expect(ofType(template, 'AWS::ECS::Service')).toHaveLength(1);
  expect(ofType(template, 'AWS::SQS::Queue')).toHaveLength(2);
  const [consume] = statementsOf(template).filter(({ Action }) => [Action].flat().includes('sqs:ReceiveMessage'));
  expect(consume?.Resource).toBe(queue.arn);
});

describe('by constructs, in five lines', () => {
  const theirs = (app: App) => {
    const stack = new Stack(app, 'theirs');
    const cluster = new ecs.Cluster(stack, 'Cluster');
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('main', { image: ecs.ContainerImage.fromRegistry('i') });
    const service = new ecs.FargateService(stack, 'Service', {
      cluster,
      taskDefinition,
      minHealthyPercent: 100,
      circuitBreaker: { enable: true },
    });
    return { stack, service, queue: new sqs.Queue(stack, 'Jobs', { enforceSSL: true }) };
  };

  test('the stack of the service stays as it was', () => {
    const without = Template.fromStack(theirs(testApp()).stack).toJSON();
    const app = testApp();
    const { stack, service, queue } = theirs(app);
    const convert = new ExistingService(stack, 'convert', { service, queue, tasks: { max: 20 }, mode: 'shadow' });
    new Scaler(stack, 'Scaler', { services: [convert], code: code() });
    const template = Template.fromStack(stack).toJSON();
    for (const [id, resource] of Object.entries(without.Resources)) expect(template.Resources[id]).toEqual(resource);
    expect(bindingOf(template)).toMatchObject({
      plan: { service: 'convert', tasks: { min: 0, max: 20 }, mode: 'shadow', reports: false },
      cluster: expect.stringMatching(/^<Cluster/),
      ecsService: expect.stringMatching(/^<Service.*Name>$/),
      queues: [{ name: 'convert', url: expect.stringMatching(/^<Jobs/) }],
    });
  });

  test('imported ones, from another account’s ARN or a name', () => {
    const stack = new Stack(testApp(), 'mine');
    const service = ecs.FargateService.fromServiceArnWithCluster(
      stack,
      'Theirs',
      'arn:aws:ecs:eu-central-1:123456789012:service/prod/convert',
    );
    const queue = sqs.Queue.fromQueueArn(stack, 'Jobs', 'arn:aws:sqs:eu-central-1:123456789012:orders.fifo');
    const convert = new ExistingService(stack, 'convert', { service, queue });
    new Scaler(stack, 'Scaler', { services: [convert], code: code() });
    expect(bindingOf(Template.fromStack(stack).toJSON())).toMatchObject({
      cluster: 'prod',
      ecsService: 'convert',
      plan: { queues: [{ name: 'orders.fifo', fifo: true }] },
    });
  });

  test('several classes of jobs', () => {
    const { stack, service, queue } = theirs(testApp());
    const slow = new sqs.Queue(stack, 'Slow');
    const { plan, queues } = new ExistingService(stack, 'convert', {
      service,
      queues: [
        { name: 'fast', queue, slo: { percent: 99, startWithinSeconds: 10 } },
        { name: 'slow', queue: slow },
      ],
      slo: { startWithinSeconds: 600 },
    });
    expect(plan.queues).toMatchObject([
      { name: 'fast', startWithinSeconds: 10 },
      { name: 'slow', startWithinSeconds: 600 },
    ]);
    expect(queues.map(({ name }) => name)).toEqual(['fast', 'slow']);
  });

  test('what is wrong with the words is said with path, found, expected and mend', () => {
    const { stack, service, queue } = theirs(testApp());
    expect(() => new ExistingService(stack, 'convert', { service, queue, tasks: { min: 5, max: 2 } })).toThrow(
      'services.convert.tasks: found min 5 above max 2',
    );
    expect(() => new ExistingService(stack, 'quiet', { service, policy: { type: 'slo' } })).toThrow(
      'services.quiet.policy: found the policy "slo" without a queue',
    );
  });
});

describe('in a local run', () => {
  const made = { queue: { arn: 'arn:aws:sqs:eu-central-1:123456789012:jobs' }, worker: { entry: 'a.ts' } };
  const there = { existing: { cluster: 'prod', service: 'x' }, queue: { name: 'x' } };

  test('services that are elsewhere are left out, and even an existing queue is made', () => {
    const { services, existing } = specsOf({ made, there }, true);
    expect(services.map(({ plan, existingQueues }) => [plan.service, existingQueues])).toEqual([['made', undefined]]);
    expect(existing).toEqual([]);
  });

  test('nothing to run is bad input', () => {
    expect(() => specsOf({ there }, true)).toThrow('services: found only services that exist in AWS (there)');
  });
});
