import { Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../lib/constructs/sluice-stack.ts';
import { queueOf } from '../../lib/constructs/worker/worker-environment.ts';
import { planOf, specOf, stackOf } from './fixtures.ts';
import { ofType, only, resolved } from './resolved.ts';

const templateOf = (spec: ServiceSpec): Template => Template.fromStack(stackOf([spec]));
const convert = templateOf(specOf('convert'));

describe('the ECS service', () => {
  test('has no desired count, so that a deploy never resets it', () => {
    convert.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent(), LaunchType: Match.absent() });
  });

  test('rolls back what does not start, keeps its tasks where they are, and says its percentages', () => {
    convert.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      AvailabilityZoneRebalancing: 'DISABLED',
    });
  });

  test.each([
    [false, 'FARGATE'],
    [true, 'FARGATE_SPOT'],
  ])('spot %s runs on %s', (spot, provider) => {
    templateOf({ ...specOf('convert'), spot }).hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: provider, Weight: 1 }],
    });
  });

  test('both providers belong to the cluster itself, so that no service is created before them', () => {
    convert.hasResourceProperties('AWS::ECS::Cluster', { CapacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  });

  test('public subnets, public addresses, no NAT gateway, nothing let in', () => {
    convert.resourceCountIs('AWS::EC2::NatGateway', 0);
    convert.hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } },
    });
    convert.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  test('waits for the way out and for the rights of its tasks', () => {
    const dependencies = only(convert.toJSON(), 'AWS::ECS::Service').DependsOn ?? [];
    // The rights of both roles are inside them: they exist when the roles do.
    for (const wanted of [/DefaultRoute/, /ServicesconvertRole/, /^Execution/]) {
      expect(dependencies.some((id) => wanted.test(id))).toBe(true);
    }
  });
});

describe('the task definition', () => {
  test('gives a job two minutes to end, and takes size and architecture from the plan', () => {
    convert.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '512',
      Memory: '1024',
      RuntimePlatform: { CpuArchitecture: 'ARM64' },
      ContainerDefinitions: [Match.objectLike({ Image: 'public.ecr.aws/x/y:1', StopTimeout: 120 })],
    });
  });

  test('tells the worker runtime all that it needs, by the names of docs/architecture.md', () => {
    const template = templateOf({
      ...specOf('convert'),
      source: { image: 'i', environment: { MODEL: 'small', SLUICE_SERVICE: 'not for the user to say' } },
    });
    const [container] = only(template.toJSON(), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions as [
      { Environment: { Name: string; Value: unknown }[] },
    ];
    const environment = Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, resolved(Value)]));
    expect({ ...environment, SLUICE_QUEUES: JSON.parse(environment.SLUICE_QUEUES ?? '') }).toEqual({
      SLUICE_STAGE: 'sluice',
      SLUICE_SERVICE: 'convert',
      SLUICE_TABLE: expect.stringMatching(/^<State/),
      SLUICE_QUEUES: [
        {
          name: 'convert',
          url: expect.stringMatching(/^<QueuesconvertJobs/),
          startWithinSeconds: 60,
          fifo: false,
          deadLetterUrl: expect.stringMatching(/^<QueuesconvertDead/),
        },
      ],
      SLUICE_CONCURRENCY: '4',
      SLUICE_STOP_TIMEOUT_SECONDS: '120',
      SLUICE_BEAT_SECONDS: '10',
      SLUICE_SIGNAL_SECONDS: '60',
      MODEL: 'small',
    });
  });

  test('asks the health server of a worker that has one, and no other', () => {
    const checkOf = (environment: Record<string, string>) => {
      const template = templateOf({ ...specOf('convert'), source: { image: 'i', environment } });
      const [container] = only(template.toJSON(), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions as [
        { HealthCheck?: { Command: string[] } },
      ];
      return container.HealthCheck?.Command.join(' ');
    };
    expect(checkOf({})).toBeUndefined();
    expect(checkOf({ SLUICE_HEALTH_PORT: '9090' })).toMatch(/127\.0\.0\.1:9090\/health/);
  });

  test.each([
    [{ image: 'i' }, undefined],
    [{ image: 'i', command: ['node', 'worker.js'] }, { command: ['node', 'worker.js'] }],
    [{ entry: 'test/constructs/fixtures/worker.ts' }, { entry: 'test/constructs/fixtures/worker.ts' }],
  ])('%j runs locally as %j', (source, local) => {
    const task = only(templateOf({ plan: planOf('convert'), source }).toJSON(), 'AWS::ECS::TaskDefinition');
    expect(task.Metadata?.['sluice:local']).toEqual(local);
  });
});

test('a worker may be granted more, and be told more', () => {
  const stack = stackOf([specOf('convert')]);
  const bucket = new s3.Bucket(stack, 'Payloads');
  bucket.grantRead(stack.worker('convert'));
  stack.worker('convert').addEnvironment('BUCKET', bucket.bucketName);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({ Environment: Match.arrayWith([{ Name: 'BUCKET', Value: Match.anyValue() }]) }),
    ],
  });
  expect(JSON.stringify(ofType(template.toJSON(), 'AWS::IAM::Policy'))).toContain('s3:GetObject*');
  expect(() => stack.worker('convret')).toThrow('No service convret in sluice; there are: convert.');
});

test('a queue that the plan names and nobody gave is refused', () => {
  expect(() => queueOf('convert', [])).toThrow('The plan names a queue convert, but no queue of that name was given');
});
