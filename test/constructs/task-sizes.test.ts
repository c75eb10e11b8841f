import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { planOf, sizedPlan, specOf, stackOf } from './fixtures.ts';
import { ofType, only, resolved, statementsOf } from './resolved.ts';

const plain = Template.fromStack(stackOf([specOf('convert')])).toJSON();
const sized = Template.fromStack(stackOf([specOf('convert', sizedPlan), specOf('archive')])).toJSON();

const tasksOf = (template: object, service: string) =>
  ofType(template, 'AWS::ECS::TaskDefinition').filter(([id]) => id.startsWith(`Services${service}`));

describe('a task definition for each size', () => {
  test('the plan’s own and each that a window names, once', () => {
    const sizes = tasksOf(sized, 'convert').map(([, { Properties }]) => `${Properties.Cpu}/${Properties.Memory}`);
    expect(sizes.toSorted()).toEqual(['1024/2048', '256/512', '512/1024']);
    expect(tasksOf(sized, 'archive')).toHaveLength(1);
  });

  test('with the same container, roles and platform, and the base one in the service', () => {
    const [first, ...others] = tasksOf(sized, 'convert').map(([, { Properties }]) => {
      const { Cpu, Memory, Family, ...rest } = Properties;
      expect([Cpu, Memory, Family]).not.toContain(undefined);
      return rest;
    });
    for (const other of others) expect(other).toEqual(first);
    const service = ofType(sized, 'AWS::ECS::Service').find(([id]) => id.startsWith('Servicesconvert'));
    expect(resolved(service?.[1].Properties.TaskDefinition)).toMatch(/^<ServicesconvertWorkerTask/);
  });

  test('a variable that is added goes to all of them', () => {
    const stack = stackOf([specOf('convert', sizedPlan)]);
    stack.worker('convert').addEnvironment('BUCKET', 'payloads');
    Template.fromStack(stack).allResourcesProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Environment: Match.arrayWith([{ Name: 'BUCKET', Value: 'payloads' }]) }),
      ],
    });
  });

  test('a window with the size of the service adds nothing', () => {
    const plan = planOf('convert', {
      schedule: [{ name: 'day', days: 'every', size: { cpu: 512, memoryMiB: 1024 } }],
    });
    const template = Template.fromStack(stackOf([{ plan, source: { image: 'i' } }])).toJSON();
    expect(tasksOf(template, 'convert')).toHaveLength(1);
    expect(passing(template)).toEqual([]);
  });
});

const passing = (template: object) =>
  statementsOf(template).filter(({ Action }) => [Action].flat().includes('iam:PassRole'));

describe('iam:PassRole', () => {
  test('is given to nobody while no window names a size', () => {
    expect(passing(plain)).toEqual([]);
  });

  test('covers the roles of the services whose schedule names sizes, towards ECS only', () => {
    const [statement, ...others] = passing(sized);
    expect(others).toEqual([]);
    expect(statement?.policy).toMatch(/^ScalerTickRole/);
    expect(statement?.Action).toBe('iam:PassRole');
    expect([statement?.Resource].flat().map(resolved).toSorted()).toEqual([
      expect.stringMatching(/^<Execution.*\.Arn>$/),
      expect.stringMatching(/^<ServicesconvertRole.*\.Arn>$/),
    ]);
    expect(statement?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
  });
});

describe('a deploy restarts the tick function', () => {
  const hashOf = (image: string): unknown => {
    const template = Template.fromStack(stackOf([{ plan: planOf('convert', sizedPlan), source: { image } }])).toJSON();
    const { Environment } = only(template, 'AWS::Lambda::Function').Properties;
    return (Environment as { Variables: Record<string, unknown> }).Variables.SLUICE_CONFIG_HASH;
  };

  test('when it makes new revisions, whose ARNs are the same tokens as before', () => {
    expect(hashOf('public.ecr.aws/x/y:1')).toBe(hashOf('public.ecr.aws/x/y:1'));
    expect(hashOf('public.ecr.aws/x/y:2')).not.toBe(hashOf('public.ecr.aws/x/y:1'));
  });

  test('after the bindings are written, not before', () => {
    const [tick] = ofType(sized, 'AWS::Lambda::Function');
    const bindings = ofType(sized, 'AWS::SSM::Parameter').map(([id]) => id);
    expect(bindings.filter((id) => !tick?.[1].DependsOn?.includes(id))).toEqual([]);
  });
});

describe('an automatic size', () => {
  const autoSize = { min: { cpu: 256, memoryMiB: 512 }, max: { cpu: 4096, memoryMiB: 8192 } };
  const auto = Template.fromStack(stackOf([specOf('convert', { autoSize }), specOf('archive')])).toJSON();
  const fixed = Template.fromStack(stackOf([specOf('convert'), specOf('archive')])).toJSON();

  test('from 0.25 vCPU / 0.5 GB to 4 vCPU / 8 GB has twenty task definitions, the service’s own among them', () => {
    const sizes = tasksOf(auto, 'convert').map(([, { Properties }]) => `${Properties.Cpu}/${Properties.Memory}`);
    expect(new Set(sizes).size).toBe(20);
    expect(sizes).toHaveLength(20);
    expect(sizes[0]).toBe('512/1024');
    expect(sizes).toEqual(expect.arrayContaining(['256/512', '1024/8192', '2048/4096', '4096/8192']));
    expect(tasksOf(auto, 'archive')).toHaveLength(1);
  });

  test('adds those and the parameters that name them to the stack, and nothing else', () => {
    const added = Object.keys(auto.Resources).length - Object.keys(fixed.Resources).length;
    const parameters = ofType(auto, 'AWS::SSM::Parameter').length - 2;
    expect(added).toBe(19 + parameters);
    expect(parameters).toBeLessThanOrEqual(3);
  });

  test('needs the right to pass the roles that its window sizes would need too, and no right in ECS beyond', () => {
    expect(passing(auto)).toHaveLength(1);
    const updating = (template: object) =>
      statementsOf(template).filter(({ Action }) => [Action].flat().some((action) => /^ecs:/.test(String(action))));
    const actions = (template: object) => updating(template).map(({ Action }) => Action);
    expect(actions(auto)).toEqual(actions(fixed));
  });
});
