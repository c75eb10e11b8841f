import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  ClusterNotFoundException,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  GetTaskProtectionCommand,
  InvalidParameterException,
  ListServicesCommand,
  ListTasksCommand,
  RunTaskCommand,
  ServiceNotFoundException,
  StopTaskCommand,
  UpdateServiceCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlarmView, ScheduleInvocation } from '../../lib/local/control-plane.ts';
import { BadInput } from '../../lib/model/bad-input.ts';
import {
  credentials,
  region,
  startTestPlane,
  type TestPlane,
  taskDefinition,
} from './control-plane-fixtures/start-test-plane.ts';

let cloud: TestPlane;
let ecs: ECSClient;
let cloudwatch: CloudWatchClient;
let ssm: SSMClient;
const invocations: ScheduleInvocation[] = [];
const alarmActions: [AlarmView, readonly string[]][] = [];

beforeAll(async () => {
  cloud = await startTestPlane({
    invokeTarget: async (invocation) => {
      invocations.push(invocation);
    },
    onAlarmActions: (alarm, actions) => alarmActions.push([alarm, actions]),
  });
  const client = { region, credentials, endpoint: cloud.plane.url, maxAttempts: 1 };
  ecs = new ECSClient(client);
  cloudwatch = new CloudWatchClient(client);
  ssm = new SSMClient(client);
  cloud.service('Api');
  await cloud.line('ready', 'Api');
});
afterAll(() => cloud.plane.close());

describe('ECS for the unmodified client', () => {
  test('DescribeServices gives counts, deployments, events with dates, and failures for strangers', async () => {
    const { services, failures } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['Api', 'Nobody'] }),
    );
    expect(services?.[0]).toMatchObject({
      serviceName: 'Api',
      desiredCount: 1,
      runningCount: 1,
      pendingCount: 0,
      status: 'ACTIVE',
      createdAt: expect.any(Date),
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', failedTasks: 0 }],
    });
    expect(services?.[0]?.events?.[0]).toMatchObject({ message: '(service Api) has reached a steady state.' });
    expect(failures).toEqual([{ arn: 'arn:aws:ecs:us-east-1:000000000000:service/main/Nobody', reason: 'MISSING' }]);
  });

  test('UpdateService answers with the service as it is after the change', async () => {
    const up = await ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'Api', desiredCount: 2 }));
    expect(up.service).toMatchObject({ desiredCount: 2, pendingCount: 1, deployments: [{ status: 'PRIMARY' }] });
    await cloud.until('two', () => cloud.plane.ecs.services()[0]?.runningCount === 2);
    const down = await ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'Api', desiredCount: 1 }));
    expect(down.service).toMatchObject({ desiredCount: 1, runningCount: 1 });
  });

  test('lists and descriptions agree', async () => {
    const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster: 'main' }));
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'main', serviceName: 'Api' }));
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: taskArns ?? [] }));
    const { taskDefinition: definition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: tasks?.[0]?.taskDefinitionArn }),
    );
    const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['main'] }));
    expect(serviceArns).toEqual(['arn:aws:ecs:us-east-1:000000000000:service/main/Api']);
    expect(tasks?.[0]).toMatchObject({ lastStatus: 'RUNNING', group: 'service:Api', startedAt: expect.any(Date) });
    expect(definition).toMatchObject({ family: 'ApiTask', revision: 1, cpu: '256', memory: '512' });
    expect(clusters?.[0]).toMatchObject({ clusterName: 'main', activeServicesCount: 1, runningTasksCount: 1 });
  });

  test('protection by the API, read back; StopTask stops a protected task all the same', async () => {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'main', serviceName: 'Api' }));
    const set = await ecs.send(
      new UpdateTaskProtectionCommand({
        cluster: 'main',
        tasks: taskArns,
        protectionEnabled: true,
        expiresInMinutes: 5,
      }),
    );
    expect(set.protectedTasks?.[0]).toMatchObject({ protectionEnabled: true, expirationDate: expect.any(Date) });
    const got = await ecs.send(new GetTaskProtectionCommand({ cluster: 'main', tasks: taskArns }));
    expect(got.protectedTasks?.[0]?.protectionEnabled).toBe(true);
    const { task } = await ecs.send(new StopTaskCommand({ cluster: 'main', task: taskArns[0], reason: 'test' }));
    expect(task).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'test' });
    await cloud.until('its replacement', () => cloud.plane.ecs.services()[0]?.runningCount === 1);
  });

  test.each([
    ['unknown cluster', new DescribeServicesCommand({ cluster: 'none', services: ['Api'] }), ClusterNotFoundException],
    [
      'unknown service',
      new UpdateServiceCommand({ cluster: 'main', service: 'None', desiredCount: 1 }),
      ServiceNotFoundException,
    ],
    [
      'eleven services',
      new DescribeServicesCommand({ cluster: 'main', services: Array(11).fill('Api') }),
      InvalidParameterException,
    ],
    [
      'negative count',
      new UpdateServiceCommand({ cluster: 'main', service: 'Api', desiredCount: -1 }),
      InvalidParameterException,
    ],
    [
      'parameter that is not modelled',
      new UpdateServiceCommand({ cluster: 'main', service: 'Api', enableExecuteCommand: true }),
      InvalidParameterException,
    ],
  ])('%s is refused with the right exception', async (_, command, type) => {
    await expect(ecs.send(command as DescribeServicesCommand)).rejects.toBeInstanceOf(type);
  });

  test('an operation that is not modelled is refused by name', async () => {
    const run = ecs.send(new RunTaskCommand({ cluster: 'main', taskDefinition: 'ApiTask' }));
    await expect(run).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('RunTask'),
    });
  });
});

describe('CloudWatch for the unmodified client', () => {
  const minute = Math.floor(Date.now() / 60_000) * 60_000;

  test('what was put, gzipped when large, can be read in statistics and percentiles', async () => {
    const MetricData = Array.from({ length: 200 }, (_, i) => ({
      MetricName: 'wait',
      Dimensions: [{ Name: 'Service', Value: 'api' }],
      Timestamp: new Date(minute - 60_000),
      Value: i + 1,
      Unit: 'Seconds' as const,
    }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
    const stats = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount', 'p95'];
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(minute - 120_000),
        EndTime: new Date(minute),
        MetricDataQueries: stats.map((Stat, i) => ({
          Id: `m${i}`,
          MetricStat: {
            Metric: { Namespace: 'Test', MetricName: 'wait', Dimensions: [{ Name: 'Service', Value: 'api' }] },
            Period: 60,
            Stat,
          },
        })),
      }),
    );
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[100.5], [20100], [1], [200], [200], [190]]);
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([new Date(minute - 60_000)]);
  });

  test('metric math that is not modelled and other operations are refused by name', async () => {
    const math = new GetMetricDataCommand({
      StartTime: new Date(minute),
      EndTime: new Date(minute + 1),
      MetricDataQueries: [{ Id: 'e1', Expression: 'RATE(m1)' }],
    });
    await expect(cloudwatch.send(math)).rejects.toThrow('RATE is not modelled');
    await expect(cloudwatch.send(new ListMetricsCommand({}))).rejects.toThrow('ListMetrics is not modelled');
  });

  test('alarms can be put and described, from the template too', async () => {
    const alarm = {
      MetricName: 'Invocations',
      Namespace: 'AWS/Lambda',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 3,
    } as const;
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        ...alarm,
        AlarmName: 'heartbeat',
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
      }),
    );
    const Properties = {
      ...alarm,
      Threshold: '1',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    };
    expect(cloud.plane.cloudwatch.putAlarm({ logicalId: 'Beat', Properties }).name).toBe('Beat');
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['heartbeat', 'Beat'] }));
    expect(
      MetricAlarms?.map(({ AlarmName, StateValue, TreatMissingData }) => [AlarmName, StateValue, TreatMissingData]),
    ).toEqual([
      ['Beat', 'INSUFFICIENT_DATA', 'breaching'],
      ['heartbeat', 'INSUFFICIENT_DATA', 'missing'],
    ]);
  });

  test('an EMF line becomes metrics; any other line is left alone', async () => {
    const line = {
      _aws: {
        Timestamp: minute,
        CloudWatchMetrics: [
          { Namespace: 'Sluice', Dimensions: [['service']], Metrics: [{ Name: 'ticks', Unit: 'Count' }] },
        ],
      },
      service: 'tick',
      ticks: [2, 3],
    };
    expect(cloud.plane.cloudwatch.putEmbeddedMetrics(JSON.stringify(line))).toBe(true);
    expect(cloud.plane.cloudwatch.putEmbeddedMetrics('plain')).toBe(false);
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(minute),
        EndTime: new Date(minute + 60_000),
        MetricDataQueries: [
          {
            Id: 'm',
            MetricStat: {
              Metric: { Namespace: 'Sluice', MetricName: 'ticks', Dimensions: [{ Name: 'service', Value: 'tick' }] },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([5]);
  });
});

describe('SSM for the unmodified client', () => {
  test('GetParametersByPath pages by ten and goes deep only when told to', async () => {
    for (let i = 10; i < 22; i += 1) cloud.plane.ssm.putParameter(`/sluice/test/services/s${i}/0`, `value ${i}`);
    const Path = '/sluice/test/';
    const first = await ssm.send(new GetParametersByPathCommand({ Path, Recursive: true }));
    const second = await ssm.send(
      new GetParametersByPathCommand({ Path, Recursive: true, NextToken: first.NextToken }),
    );
    expect([first.Parameters?.length, second.Parameters?.length, second.NextToken]).toEqual([10, 2, undefined]);
    expect((await ssm.send(new GetParametersByPathCommand({ Path }))).Parameters).toEqual([]);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `${Path}services/s10/0` }));
    expect(Parameter).toMatchObject({ Value: 'value 10', Type: 'String', LastModifiedDate: expect.any(Date) });
  });

  test('what is missing, too long or not modelled is refused', async () => {
    await expect(ssm.send(new GetParameterCommand({ Name: 'no' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    await expect(ssm.send(new PutParameterCommand({ Name: 'x', Value: 'y' }))).rejects.toThrow(
      'PutParameter is not modelled',
    );
    expect(() => cloud.plane.ssm.putParameter('long', 'x'.repeat(4097))).toThrow(BadInput);
  });
});

describe('the template', () => {
  test('a rate schedule invokes its target at once, with the context attributes filled in', async () => {
    cloud.plane.scheduler.createSchedule({
      logicalId: 'Tick',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        State: 'ENABLED',
        Target: { Arn: 'arn:fn', RoleArn: 'arn:role', Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}' },
      },
    });
    const [invocation] = invocations;
    expect(invocation).toMatchObject({ schedule: 'Tick', targetArn: 'arn:fn', attempt: 1 });
    expect(JSON.parse(invocation?.input ?? '').scheduledAt).toBe(invocation?.scheduledTime);
  });

  test.each([
    ['a target group of elsewhere', { LoadBalancers: [{ TargetGroupArn: 'arn:x' }] }, 'LoadBalancers.0.TargetGroupArn'],
    ['a Classic Load Balancer', { LoadBalancers: [{ LoadBalancerName: 'x' }] }, 'LoadBalancers.0.TargetGroupArn'],
    ['Service Connect', { ServiceConnectConfiguration: {} }, 'Strange.Properties.ServiceConnectConfiguration'],
    ['a daemon', { SchedulingStrategy: 'DAEMON' }, 'Strange.Properties.SchedulingStrategy'],
    ['EC2', { LaunchType: 'EC2' }, 'Strange.Properties.LaunchType'],
  ])('a service with %s is refused by name', (_, more, path) => {
    const Properties = { Cluster: 'main', TaskDefinition: 'ApiTask', ...more };
    expect(() => cloud.plane.ecs.createService({ logicalId: 'Strange', Properties })).toThrow(path);
  });

  test('a worker with only an image has no local run', () => {
    const imageOnly = { ...taskDefinition('ImageOnly', {}), Metadata: {} };
    expect(() => cloud.plane.ecs.registerTaskDefinition(imageOnly)).toThrow('only an image');
  });
});
