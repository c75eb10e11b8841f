import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { sizedPlan, specOf, stackOf, testApp } from './fixtures.ts';
import { ofType, resolved, statementsOf } from './resolved.ts';

/**
 * Goal: a hundred services deploy: no stack beyond CloudFormation's 500 resources, no role beyond IAM's 10,240
 * characters, and nothing in the first stack waits for a later one.
 */
const names = Array.from({ length: 100 }, (_, index) => `s${String(index).padStart(3, '0')}`);
let templates: ReadonlyMap<string, ReturnType<Template['toJSON']>>;

beforeAll(() => {
  const app = testApp();
  stackOf(
    names.map((name) => specOf(name, sizedPlan)),
    {},
    app,
  );
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  templates = new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]));
});

const templateOf = (stack: string): object => templates.get(stack) ?? {};
const textOf = (value: object): string => JSON.stringify(value);

test('30 services a stack, the scaler in the first', () => {
  const services = [...templates].map(([name, template]) => [name, ofType(template, 'AWS::ECS::Service').length]);
  expect(services).toEqual([
    ['sluice', 30],
    ['sluice-2', 30],
    ['sluice-3', 30],
    ['sluice-4', 10],
  ]);
  for (const template of templates.values()) {
    expect(Object.keys((template as { Resources: object }).Resources).length).toBeLessThanOrEqual(500);
  }
  expect(ofType(templateOf('sluice'), 'AWS::Lambda::Function')).toHaveLength(1);
});

test('the first stack imports nothing, the others only from it, and export nothing', () => {
  expect(textOf(templateOf('sluice'))).not.toContain('Fn::ImportValue');
  for (const name of ['sluice-2', 'sluice-3', 'sluice-4']) {
    expect(
      textOf(templateOf(name))
        .match(/"Fn::ImportValue":"[^:"]+:/g)
        ?.every((one) => one.includes('"sluice:')),
    ).toBe(true);
    expect(templateOf(name)).not.toHaveProperty('Outputs');
  }
});

test('each binding lies in the stack of its service', () => {
  for (const template of templates.values()) {
    const parts = ofType(template, 'AWS::SSM::Parameter').map(([, { Properties }]) => String(Properties.Name));
    const bound = new Set(parts.map((name) => name.split('/')[4]));
    expect(bound.size).toBe(ofType(template, 'AWS::ECS::Service').length);
  }
  const [[, fn] = []] = ofType(templateOf('sluice'), 'AWS::Lambda::Function');
  expect(fn?.Properties.Environment).toMatchObject({ Variables: { SLUICE_BINDINGS_SECONDS: '300' } });
});

describe('rights by name', () => {
  const statements = () => statementsOf(templateOf('sluice')).filter(({ policy }) => policy.startsWith('ScalerTick'));
  const allowing = (action: string) => statements().filter(({ Action }) => [Action].flat().includes(action));

  test('queues by their prefix, services by cluster and tag, roles by path', () => {
    expect(allowing('sqs:GetQueueAttributes').map(({ Resource }) => resolved([Resource].flat()[0]))).toContainEqual(
      expect.stringMatching(/:sqs:.*:sluice-\*$/),
    );
    expect(allowing('ecs:UpdateService')).toEqual([
      expect.objectContaining({ Condition: { StringEquals: { 'aws:ResourceTag/sluice:stage': 'sluice' } } }),
    ]);
    expect(resolved([allowing('ecs:UpdateService')[0]?.Resource].flat()[0])).toMatch(/:service\/<Cluster[^>]*>\/\*$/);
    expect(resolved([allowing('iam:PassRole')[0]?.Resource].flat()[0])).toMatch(/:role\/sluice\/sluice\/\*$/);
  });

  test('what they name is what there is', () => {
    for (const template of templates.values()) {
      for (const [, { Properties }] of ofType(template, 'AWS::ECS::Service')) {
        expect(Properties.Tags).toContainEqual({ Key: 'sluice:stage', Value: 'sluice' });
      }
      const taskRoles = ofType(template, 'AWS::IAM::Role').filter(([id]) => /^(Services|Execution)/.test(id));
      for (const [, { Properties }] of taskRoles) expect(Properties.Path).toBe('/sluice/sluice/');
      const queues = ofType(template, 'AWS::SQS::Queue').filter(([id]) => id.startsWith('Queues'));
      for (const [, { Properties }] of queues) expect(Properties.QueueName).toMatch(/^sluice-s\d{3}/);
    }
  });

  test('no role comes near 10,240 characters', () => {
    for (const template of templates.values()) {
      for (const [, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
        expect(textOf(Properties.Policies ?? {}).replaceAll(/\s/g, '').length).toBeLessThan(8000);
      }
    }
  });
});

test('a queue whose service moves to another stack is kept, so that no job goes with it', () => {
  for (const template of templates.values()) {
    const queues = ofType(template, 'AWS::SQS::Queue').filter(([id]) => id.startsWith('Queues'));
    expect(queues.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(queues.map(() => 'Retain'));
  }
});

test('up to 30 services are listed one by one, in one stack', () => {
  const app = testApp();
  const template = Template.fromStack(
    stackOf(
      names.slice(0, 30).map((name) => specOf(name)),
      {},
      app,
    ),
  ).toJSON();
  expect(app.node.children.filter((child) => Stack.isStack(child))).toHaveLength(1);
  const [update] = statementsOf(template).filter(({ Action }) => [Action].flat().includes('ecs:UpdateService'));
  expect([update?.Resource].flat()).toHaveLength(30);
  const kept = ofType(template, 'AWS::SQS::Queue').filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
  expect(kept).toEqual([]);
});
