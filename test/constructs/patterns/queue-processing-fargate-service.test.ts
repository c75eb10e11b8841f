import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as peer from 'aws-cdk-lib/aws-ecs-patterns';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import {
  QueueProcessingFargateService,
  type QueueProcessingFargateServiceProps,
} from '../../../lib/constructs/patterns/queue-processing-fargate-service.ts';
import { Scaler } from '../../../lib/constructs/scaler.ts';
import { StateTable } from '../../../lib/constructs/state-table.ts';
import { fixtureFunction, testApp } from '../fixtures.ts';
import { only, resolved } from '../resolved.ts';

const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/x/y:1');
const code = () => lambda.Code.fromAsset(fixtureFunction);
type PeerProps = peer.QueueProcessingFargateServiceProps;

const withCluster = (make: (stack: Stack, cluster: ecs.ICluster) => Construct) => {
  const stack = new Stack(testApp(), 'app');
  const construct = make(stack, new ecs.Cluster(stack, 'Cluster', { enableFargateCapacityProviders: true }));
  return { template: Template.fromStack(stack).toJSON(), construct };
};
const ours = (props: QueueProcessingFargateServiceProps = {}) => {
  const { template, construct } = withCluster(
    (stack, cluster) => new QueueProcessingFargateService(stack, 'jobs', { image, cluster, code: code(), ...props }),
  );
  return { template, construct: construct as QueueProcessingFargateService };
};
/** Without these the peer warns at each synthesis. */
const quiet = { minHealthyPercent: 100, circuitBreaker: { enable: true } };
const peers = (props: PeerProps) =>
  withCluster((stack, cluster) => new peer.QueueProcessingFargateService(stack, 'jobs', { image, cluster, ...props }))
    .template;

/** The parts of a template that the props speak of, with references by the kind of thing that they point to. */
const partsOf = (template: object) => {
  const text = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value ?? null).replaceAll(/"(?:Ref|Fn::GetAtt)":(?:"[^"]*"|\[[^\]]*\])/g, '"ref":0'));
  const service = only(template, 'AWS::ECS::Service').Properties;
  const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
  const [container] = task.ContainerDefinitions as readonly Record<string, unknown>[];
  const queues = Object.values(
    (template as { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> }).Resources,
  ).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::SQS::Queue' && Properties?.RedrivePolicy && Properties.VisibilityTimeout !== 180,
  );
  return {
    service: text(service) as Record<string, unknown>,
    task: text({ ...task, ContainerDefinitions: undefined }) as Record<string, unknown>,
    container: text(container) as Record<string, unknown>,
    queue: queues[0] && (text(queues[0].Properties) as Record<string, unknown>),
  };
};

const both = (props: PeerProps) => ({ mine: partsOf(ours(props).template), theirs: partsOf(peers(props)) });

describe('side by side with the peer', () => {
  test.each<readonly [string, PeerProps, (parts: ReturnType<typeof partsOf>) => unknown]>([
    ['serviceName', { serviceName: 'worker' }, ({ service }) => service.ServiceName],
    ['image', {}, ({ container }) => container.Image],
    ['command', { command: ['node', 'a.js'] }, ({ container }) => container.Command],
    ['containerName', { containerName: 'main' }, ({ container }) => container.Name],
    ['containerName by default', {}, ({ container }) => container.Name],
    ['cpu and memoryLimitMiB', { cpu: 512, memoryLimitMiB: 2048 }, ({ task }) => [task.Cpu, task.Memory]],
    ['size by default', {}, ({ task }) => [task.Cpu, task.Memory]],
    ['ephemeralStorageGiB', { ephemeralStorageGiB: 50 }, ({ task }) => task.EphemeralStorage],
    ['family', { family: 'mine' }, ({ task }) => task.Family],
    [
      'runtimePlatform',
      {
        runtimePlatform: {
          cpuArchitecture: ecs.CpuArchitecture.ARM64,
          operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
        },
      },
      ({ task }) => task.RuntimePlatform,
    ],
    ['maxReceiveCount', { maxReceiveCount: 7 }, ({ queue }) => queue?.RedrivePolicy],
    ['maxReceiveCount by default', {}, ({ queue }) => queue?.RedrivePolicy],
    ['visibilityTimeout', { visibilityTimeout: Duration.minutes(5) }, ({ queue }) => queue?.VisibilityTimeout],
    [
      'minHealthyPercent',
      { minHealthyPercent: 50, maxHealthyPercent: 150 },
      ({ service }) => {
        const { MinimumHealthyPercent, MaximumPercent } = service.DeploymentConfiguration as Record<string, unknown>;
        return [MinimumHealthyPercent, MaximumPercent];
      },
    ],
    [
      'circuitBreaker',
      { circuitBreaker: { rollback: false } },
      ({ service }) => (service.DeploymentConfiguration as Record<string, unknown>).DeploymentCircuitBreaker,
    ],
    ['propagateTags', { propagateTags: ecs.PropagatedTagSource.SERVICE }, ({ service }) => service.PropagateTags],
    ['enableECSManagedTags', { enableECSManagedTags: true }, ({ service }) => service.EnableECSManagedTags],
    ['enableExecuteCommand', { enableExecuteCommand: true }, ({ service }) => service.EnableExecuteCommand],
    [
      'platformVersion',
      { platformVersion: ecs.FargatePlatformVersion.VERSION1_4 },
      ({ service }) => service.PlatformVersion,
    ],
    [
      'capacityProviderStrategies',
      {
        capacityProviderStrategies: [
          { capacityProvider: 'FARGATE_SPOT', weight: 2 },
          { capacityProvider: 'FARGATE', weight: 1, base: 1 },
        ],
      },
      ({ service }) => [service.CapacityProviderStrategy, service.LaunchType],
    ],
    ['the launch type by default', {}, ({ service }) => [service.LaunchType, service.CapacityProviderStrategy]],
    [
      'assignPublicIp',
      { assignPublicIp: false },
      ({ service }) =>
        (service.NetworkConfiguration as { AwsvpcConfiguration: { AssignPublicIp: string } }).AwsvpcConfiguration
          .AssignPublicIp,
    ],
    [
      'healthCheck',
      {
        healthCheck: {
          command: ['CMD', 'true'],
          interval: Duration.seconds(10),
          retries: 3,
          timeout: Duration.seconds(5),
        },
      },
      ({ container }) => container.HealthCheck,
    ],
    ['enableLogging', { enableLogging: false }, ({ container }) => container.LogConfiguration],
    [
      'logDriver',
      {
        logDriver: ecs.LogDrivers.splunk({
          secretToken: ecs.Secret.fromSsmParameter({
            parameterArn: 'arn:aws:ssm:x:1:parameter/t',
            grantRead: () => ({}),
          } as never),
          url: 'https://x',
        }),
      },
      ({ container }) => (container.LogConfiguration as { LogDriver: string }).LogDriver,
    ],
    [
      'environment',
      { environment: { A: 'b' } },
      ({ container }) =>
        (container.Environment as readonly { Name: string }[])
          .filter(({ Name }) => !Name.startsWith('SLUICE_'))
          .toSorted((a, b) => (a.Name < b.Name ? -1 : 1)),
    ],
  ])('%s', (_, props, of) => {
    const { mine, theirs } = both(props);
    expect(of(mine)).toEqual(of(theirs));
  });

  test('a queue and a task definition of the user’s own', () => {
    const made = (pattern: typeof peer.QueueProcessingFargateService | typeof QueueProcessingFargateService) =>
      withCluster((stack, cluster) => {
        const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Own', { cpu: 1024, memoryLimitMiB: 2048 });
        taskDefinition.addContainer('mine', { image });
        return new pattern(stack, 'jobs', {
          ...quiet,
          cluster,
          taskDefinition,
          queue: new sqs.Queue(stack, 'Q'),
          ...(pattern === QueueProcessingFargateService && { code: code() }),
        });
      }).template;
    const mine = partsOf(made(QueueProcessingFargateService));
    const theirs = partsOf(made(peer.QueueProcessingFargateService));
    expect(mine.container).toEqual(theirs.container);
    expect(mine.task).toEqual(theirs.task);
  });
});

describe('what is better', () => {
  const { template, construct } = ours();

  test('no desired count, no scalable target, no alarms on the queue', () => {
    const text = JSON.stringify(template);
    for (const word of ['DesiredCount', 'AWS::ApplicationAutoScaling', 'ApproximateNumberOfMessages'])
      expect(text).not.toContain(word);
  });

  test('time to drain, task protection, roll-back, logs that end, TLS only', () => {
    const { container, service } = partsOf(template);
    expect(container.StopTimeout).toBe(120);
    expect(service.DeploymentConfiguration).toMatchObject({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
    });
    expect(JSON.stringify(template)).toContain('ecs:UpdateTaskProtection');
    expect(JSON.stringify(template)).toContain('aws:SecureTransport');
  });

  test('the bounds by default are the peer’s, and the promise decides', () => {
    expect([construct.minCapacity, construct.maxCapacity]).toEqual([1, 2]);
    expect(construct.plan).toMatchObject({ policy: { type: 'slo' }, reports: false });
  });
});

describe('the scaling props', () => {
  test.each<readonly [string, QueueProcessingFargateServiceProps, object]>([
    ['bounds', { minScalingCapacity: 0, maxScalingCapacity: 40 }, { tasks: { min: 0, max: 40 } }],
    [
      'a CPU target joins the promise',
      { cpuTargetUtilizationPercent: 70 },
      {
        policy: {
          type: 'max',
          of: [{ type: 'slo' }, { type: 'targetTracking', signals: [{ signal: 'cpu', target: 70 }] }],
        },
      },
    ],
    [
      'a CPU target that is turned off',
      { cpuTargetUtilizationPercent: 70, disableCpuBasedScaling: true },
      { policy: { type: 'slo' } },
    ],
    [
      'a cooldown',
      { cooldown: Duration.minutes(2) },
      { behavior: { scaleOut: { cooldownSeconds: 120 }, scaleIn: { cooldownSeconds: 120 } } },
    ],
    [
      'the promise',
      { slo: { percent: 95, startWithinSeconds: 30 }, mode: 'shadow' },
      { mode: 'shadow', queues: [{ percent: 95, startWithinSeconds: 30 }] },
    ],
    [
      'a policy of one’s own',
      { policy: { type: 'backlogPerTask', target: 5 } },
      { policy: { type: 'backlogPerTask', target: 5 } },
    ],
    [
      'priors and concurrency',
      { priors: { serviceSeconds: 3 }, concurrency: 8 },
      { priors: { serviceSeconds: 3 }, worker: { concurrency: 8 } },
    ],
  ])('%s', (_, props, plan) => {
    expect(ours(props).construct.plan).toMatchObject(plan);
  });
});

describe('refused, each with what to write instead', () => {
  test.each<readonly [string, Record<string, unknown>, RegExp]>([
    [
      'scalingSteps',
      {
        scalingSteps: [
          { upper: 0, change: -1 },
          { lower: 100, change: 1 },
        ],
      },
      /app\/jobs\.scalingSteps: found steps .*policy: \{"type":"steps","signal":"queueDepth","adjustment":"change","steps":\[\{"to":0,"by":-1\},\{"from":100,"by":1\}\]\}/,
    ],
    [
      'a CPU target beside a policy',
      { cpuTargetUtilizationPercent: 60, policy: { type: 'slo' } },
      /cpuTargetUtilizationPercent: found a CPU target beside "policy"/,
    ],
    [
      'a cooldown beside a behavior',
      { cooldown: Duration.seconds(9), behavior: {} },
      /cooldown: found a cooldown beside "behavior"/,
    ],
    [
      'CODE_DEPLOY',
      { deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY } },
      /deploymentController: found deployment controller CODE_DEPLOY/,
    ],
    [
      'EXTERNAL',
      { deploymentController: { type: ecs.DeploymentControllerType.EXTERNAL } },
      /deploymentController: found deployment controller EXTERNAL/,
    ],
    [
      'Windows',
      { runtimePlatform: { operatingSystemFamily: ecs.OperatingSystemFamily.WINDOWS_SERVER_2022_CORE } },
      /runtimePlatform: found operating system WINDOWS_SERVER_2022_CORE/,
    ],
    [
      'an Auto Scaling group',
      { capacityProviderStrategies: [{ capacityProvider: 'my-asg' }] },
      /capacityProviderStrategies: found capacity provider my-asg/,
    ],
    [
      'healthCheckGracePeriod',
      { healthCheckGracePeriod: Duration.seconds(60) },
      /healthCheckGracePeriod: found 1 minute; expected nothing: there is no load balancer/,
    ],
    ['desiredTaskCount', { desiredTaskCount: 3 }, /desiredTaskCount: .*each deploy would reset the count/],
    ['neither image nor task definition', { image: undefined }, /image: found neither/],
    ['both', { taskDefinition: {} }, /image: found "image" and "taskDefinition"/],
    [
      'a queue with props of a queue',
      { queue: {}, visibilityTimeout: Duration.seconds(5) },
      /visibilityTimeout: found "visibilityTimeout" beside "queue"/,
    ],
    ['a network beside the cluster', { vpc: {} }, /vpc: found "vpc" beside "cluster"/],
  ])('%s', (_, props, message) => {
    expect(() => ours(props as QueueProcessingFargateServiceProps)).toThrow(message);
  });

  test('all at once, in one message', () => {
    expect(() => ours({ scalingSteps: [], healthCheckGracePeriod: Duration.seconds(60) })).toThrow(
      /scalingSteps: .*\n.*healthCheckGracePeriod: /,
    );
  });
});

describe('scalers', () => {
  test('two services in a stack keep apart, or share one', () => {
    const stack = new Stack(testApp(), 'app');
    const cluster = new ecs.Cluster(stack, 'Cluster');
    const table = new StateTable(stack, 'State');
    const alone = new QueueProcessingFargateService(stack, 'alone', { image, cluster, code: code() });
    const shared = ['a', 'b'].map(
      (id) => new QueueProcessingFargateService(stack, id, { image, cluster, table, scaler: false }),
    );
    new Scaler(stack, 'Scaler', { services: shared, table, code: code() });
    const names = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(({ Properties }) =>
      resolved(Properties.Name),
    );
    expect(names.toSorted()).toEqual([
      '/sluice/app-alone/services/alone/0',
      '/sluice/app/services/a/0',
      '/sluice/app/services/b/0',
    ]);
    expect(alone.scaler).toBeDefined();
  });

  test('two Scalers of one stage are refused: each would scale the services of both', () => {
    const stack = new Stack(testApp(), 'app');
    const cluster = new ecs.Cluster(stack, 'Cluster');
    const service = () =>
      new QueueProcessingFargateService(stack, `s${stack.node.children.length}`, { image, cluster, scaler: false });
    new Scaler(stack, 'One', { services: [service()], code: code() });
    expect(() => new Scaler(stack, 'Two', { services: [service()], code: code() })).toThrow(
      'app/Two.stage: found "app", the stage of app/One too',
    );
  });
});
