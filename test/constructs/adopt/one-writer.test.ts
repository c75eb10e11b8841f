import { type App, Stack } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { ExistingService } from '../../../lib/constructs/adopt/existing-service.ts';
import { Scaler } from '../../../lib/constructs/scaler.ts';
import { fixtureFunction, testApp } from '../fixtures.ts';

const code = () => lambda.Code.fromAsset(fixtureFunction);

interface World {
  readonly app: App;
  readonly stack: Stack;
  readonly cluster: ecs.Cluster;
  readonly service: ecs.FargateService;
}

interface Options {
  readonly mode?: 'act' | 'shadow';
  readonly props?: Partial<ecs.FargateServiceProps>;
  readonly taskOf?: (stack: Stack) => ecs.FargateTaskDefinition;
}

const scaled = (
  change: (world: World) => void = () => {},
  { mode = 'act', props = {}, taskOf }: Options = {},
  stackOfScaler?: (app: App) => Stack,
): App => {
  const app = testApp();
  const stack = new Stack(app, 'theirs');
  const cluster = new ecs.Cluster(stack, 'Cluster');
  const taskDefinition = taskOf?.(stack) ?? new ecs.FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('main', { image: ecs.ContainerImage.fromRegistry('i'), memoryLimitMiB: 512 });
  const service = new ecs.FargateService(stack, 'Service', {
    cluster,
    taskDefinition,
    minHealthyPercent: 100,
    ...props,
  });
  const queue = new sqs.Queue(stack, 'Jobs', { enforceSSL: true });
  const mine = stackOfScaler?.(app) ?? stack;
  const convert = new ExistingService(mine, 'convert', { service, queue, mode });
  new Scaler(mine, 'Scaler', { services: [convert], code: code() });
  change({ app, stack, cluster, service });
  return app;
};

describe('a second writer of the desired count is found at synthesis', () => {
  const autoscale = ({ service }: World) =>
    service.autoScaleTaskCount({ maxCapacity: 5 }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50 });

  test('an autoscaler that was added after the Scaler, with its path and the way out', () => {
    expect(() => scaled(autoscale).synth()).toThrow(
      /theirs\/Service\/TaskCount\/Target\/Resource: found an Application Auto Scaling target on the service convert; expected Sluice alone.*Remove "autoScaleTaskCount\(…\)".*mode "shadow"/s,
    );
  });

  test('also when the Scaler is in another stack', () => {
    expect(() => scaled(autoscale, {}, (app) => new Stack(app, 'mine')).synth()).toThrow(
      'an Application Auto Scaling target on',
    );
  });

  test('a target by hand', () => {
    expect(() =>
      scaled(({ stack, cluster, service }) => {
        new appscaling.ScalableTarget(stack, 'Target', {
          serviceNamespace: appscaling.ServiceNamespace.ECS,
          scalableDimension: 'ecs:service:DesiredCount',
          resourceId: `service/${cluster.clusterName}/${service.serviceName}`,
          minCapacity: 1,
          maxCapacity: 2,
        });
      }).synth(),
    ).toThrow('an Application Auto Scaling target on');
  });

  test('in shadow mode it is what Sluice watches', () => {
    expect(() => scaled(autoscale, { mode: 'shadow' }).synth()).not.toThrow();
  });

  test('an autoscaler of another service is nobody’s business', () => {
    const another = ({ stack, cluster, service }: World) => {
      const other = new ecs.FargateService(stack, 'Other', {
        cluster,
        taskDefinition: service.taskDefinition,
        circuitBreaker: { enable: true },
        minHealthyPercent: 100,
      });
      other.autoScaleTaskCount({ maxCapacity: 5 });
    };
    expect(() => scaled(another).synth()).not.toThrow();
  });

  test('a desired count in the template', () => {
    expect(() => scaled(undefined, { props: { desiredCount: 3 } }).synth()).toThrow(
      'theirs/Service/Service: found DesiredCount 3 in the template of convert; expected none. Remove "desiredCount"',
    );
    expect(() => scaled(undefined, { mode: 'shadow', props: { desiredCount: 3 } }).synth()).not.toThrow();
  });
});

describe('refused by name', () => {
  const windows = (stack: Stack) =>
    new ecs.FargateTaskDefinition(stack, 'Windows', {
      cpu: 1024,
      memoryLimitMiB: 2048,
      runtimePlatform: {
        operatingSystemFamily: ecs.OperatingSystemFamily.WINDOWS_SERVER_2022_CORE,
        cpuArchitecture: ecs.CpuArchitecture.X86_64,
      },
    });
  const cfn = (service: ecs.BaseService) => service.node.defaultChild as ecs.CfnService;

  test.each<readonly [string, (world: World) => void, string]>([
    [
      'launch type EC2',
      ({ service }) => {
        cfn(service).launchType = 'EC2';
      },
      'found launch type EC2 of the service convert; expected FARGATE',
    ],
    [
      'launch type EXTERNAL',
      ({ service }) => {
        cfn(service).launchType = 'EXTERNAL';
      },
      'found launch type EXTERNAL',
    ],
    [
      'a capacity provider of an Auto Scaling group',
      ({ service }) => {
        cfn(service).capacityProviderStrategy = [{ capacityProvider: 'my-asg', weight: 1 }];
      },
      'found capacity provider my-asg',
    ],
    [
      'CODE_DEPLOY',
      ({ service }) => {
        cfn(service).deploymentController = { type: 'CODE_DEPLOY' };
      },
      'found deployment controller CODE_DEPLOY',
    ],
    [
      'EXTERNAL',
      ({ service }) => {
        cfn(service).deploymentController = { type: 'EXTERNAL' };
      },
      'found deployment controller EXTERNAL',
    ],
    [
      'a daemon',
      ({ service }) => {
        cfn(service).schedulingStrategy = 'DAEMON';
      },
      'found scheduling strategy DAEMON',
    ],
  ])('%s', (_, change, text) => {
    expect(() => scaled(change).synth()).toThrow(text);
    // In shadow too: Sluice could never take over.
    expect(() => scaled(change, { mode: 'shadow' }).synth()).toThrow(text);
  });

  test('Windows', () => {
    expect(() => scaled(undefined, { taskOf: windows }).synth()).toThrow(
      'found operating system WINDOWS_SERVER_2022_CORE',
    );
  });

  test('a service outside AWS, as CDK makes it', () => {
    const app = testApp();
    const stack = new Stack(app, 'theirs');
    const cluster = new ecs.Cluster(stack, 'Cluster');
    const taskDefinition = new ecs.ExternalTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('main', { image: ecs.ContainerImage.fromRegistry('i'), memoryLimitMiB: 512 });
    const service = new ecs.ExternalService(stack, 'Service', {
      cluster,
      taskDefinition: taskDefinition,
      minHealthyPercent: 100,
    });
    const convert = new ExistingService(stack, 'convert', {
      service,
      policy: { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] },
    });
    new Scaler(stack, 'Scaler', { services: [convert], code: code() });
    expect(() => app.synth()).toThrow('found launch type EXTERNAL of the service convert');
  });
});
