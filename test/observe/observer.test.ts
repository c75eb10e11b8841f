import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import type { Policy } from '../../lib/model/policy.ts';
import { AwsObserver } from '../../lib/observe/observer.ts';
import { bindingOf, settingsOf, start } from '../tick/world.ts';
import { AwsFailure, FakeAws } from './fake-aws.ts';

const aws = new FakeAws();
let observer: AwsObserver;
let clients: ConstructorParameters<typeof AwsObserver>[0];

beforeEach(async () => {
  const endpoint = await aws.start();
  const client = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  clients = {
    sqs: new SQSClient(client),
    ecs: new ECSClient(client),
    dynamo: new DynamoDBClient(client),
    cloudwatch: new CloudWatchClient(client),
  };
  observer = new AwsObserver(clients, 'sluice');
  aws.calls.length = 0;
  aws.operations = {
    GetQueueAttributes: () => ({
      Attributes: {
        ApproximateNumberOfMessages: '12',
        ApproximateNumberOfMessagesNotVisible: '3',
        ApproximateNumberOfMessagesDelayed: '0',
      },
    }),
    DescribeServices: ({ services }: { services: string[] }) => ({
      services: services.map((name) => ecsService(name)),
    }),
    GetItem: () => ({}),
    Query: () => ({ Items: [] }),
  };
});
afterEach(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await aws.stop();
});

const ecsService = (serviceName: string, change: object = {}) => ({
  serviceName,
  serviceArn: `arn:aws:ecs:us-east-1:000000000000:service/main/${serviceName}`,
  status: 'ACTIVE',
  desiredCount: 4,
  runningCount: 3,
  pendingCount: 1,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', failedTasks: 0 }],
  ...change,
});

const look = async (bindings: readonly ServiceBinding[], now = start) => {
  const services = bindings.map((binding) => ({
    binding,
    settings: settingsOf(binding.plan),
    previousWork: { at: 1, counts: { started: 5 } },
  }));
  return observer.observe(services, now, new AbortController().signal);
};

const lookAtOne = async (change: { policy?: Policy } = {}, now = start) => {
  const [sighting] = await look([bindingOf('convert', change)], now);
  if (sighting === undefined) throw new Error('nothing was seen');
  return sighting.observation;
};

describe('queues', () => {
  test('the three counters are asked for by name and come as numbers', async () => {
    const { queues } = await lookAtOne();
    const value = { visible: 12, inFlight: 3, delayed: 0 };
    expect(queues).toEqual([{ name: 'convert', counts: { known: true, at: start, value } }]);
    expect(aws.inputsOf<{ AttributeNames: string[] }>('GetQueueAttributes')[0]?.AttributeNames).toHaveLength(3);
  });

  test.each([
    ['nothing in it', {}, 'missing'],
    ['text that is no number', { Attributes: { ApproximateNumberOfMessages: '' } }, 'missing'],
    ['no such queue', new AwsFailure('com.amazonaws.sqs#QueueDoesNotExist'), 'missing'],
    ['no permission', new AwsFailure('AccessDenied'), 'failed'],
    ['a server error', new AwsFailure('InternalError', 'oops', 500), 'failed'],
  ])('an answer with %s is unknown, never zero', async (_, answer, because) => {
    aws.operations.GetQueueAttributes = () => answer;
    expect((await lookAtOne()).queues[0]?.counts).toMatchObject({ known: false, because });
  });

  test('one queue that does not answer leaves the others known', async () => {
    const binding = bindingOf('convert');
    const queues = ['a', 'b'].map((name) => ({ name, url: `http://queue/${name}` }));
    const ok = aws.operations.GetQueueAttributes;
    aws.operations.GetQueueAttributes = (input: never) =>
      (input as { QueueUrl: string }).QueueUrl.endsWith('a') ? 'never' : (ok?.(input) ?? {});
    const [sighting] = await look([{ ...binding, queues }]);
    expect(sighting?.observation.queues.map(({ name, counts }) => [name, counts.known])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(sighting?.observation.service.known).toBe(true);
  }, 10_000);
});

describe('ECS', () => {
  test.each([
    [{ launchType: 'EC2' }, 'launch type EC2'],
    [{ launchType: 'EXTERNAL' }, 'launch type EXTERNAL'],
    [{ capacityProviderStrategy: [{ capacityProvider: 'my-asg' }] }, 'capacity provider my-asg'],
    [{ deploymentController: { type: 'CODE_DEPLOY' } }, 'deployment controller CODE_DEPLOY'],
    [{ deploymentController: { type: 'EXTERNAL' } }, 'deployment controller EXTERNAL'],
    [{ schedulingStrategy: 'DAEMON' }, 'scheduling strategy DAEMON'],
    [{ platformFamily: 'WINDOWS_SERVER_2022_CORE' }, 'operating system WINDOWS_SERVER_2022_CORE'],
  ])('a service with %j is left alone, and the reason is told', async (kind, text) => {
    aws.operations.DescribeServices = ({ services }: { services: string[] }) => ({
      services: services.map((name) => ecsService(name, kind)),
    });
    const { service } = await lookAtOne();
    expect(service).toMatchObject({ known: false, because: 'missing', text: expect.stringContaining(text) });
  });

  test('one on Fargate and Spot, with all that ECS says of it, is seen', async () => {
    const kind = {
      launchType: 'FARGATE',
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT' }],
      deploymentController: { type: 'ECS' },
      schedulingStrategy: 'REPLICA',
      platformFamily: 'Linux',
    };
    aws.operations.DescribeServices = ({ services }: { services: string[] }) => ({
      services: services.map((name) => ecsService(name, kind)),
    });
    expect((await lookAtOne()).service.known).toBe(true);
  });

  test('services are asked for in tens, by cluster', async () => {
    const bindings = Array.from({ length: 23 }, (_, i) => ({
      ...bindingOf(`s${i}`),
      cluster: i < 12 ? 'one' : 'two',
    }));
    const sightings = await look(bindings);
    const asked = aws.inputsOf<{ cluster: string; services: string[] }>('DescribeServices');
    expect(asked.map(({ cluster, services }) => [cluster, services.length]).sort()).toEqual([
      ['one', 10],
      ['one', 2],
      ['two', 1],
      ['two', 10],
    ]);
    expect(sightings.every(({ observation }) => observation.service.known)).toBe(true);
  });

  test.each([
    ['quiet', {}, { desired: 4, running: 3, pending: 1, deploymentInProgress: false, failedStarts: 0 }],
    [
      'rolling out',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 3 }] },
      { deploymentInProgress: true, failedStarts: 3 },
    ],
    [
      'with an old deployment',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }, { status: 'ACTIVE' }] },
      { deploymentInProgress: true, failedStarts: 0 },
    ],
  ])('a service that is %s', async (_, change, value) => {
    aws.operations.DescribeServices = () => ({ services: [ecsService('convert-service', change)] });
    expect((await lookAtOne()).service).toMatchObject({ known: true, at: start, value });
  });

  test.each([
    [{ services: [], failures: [{ arn: 'arn:x/convert-service', reason: 'MISSING' }] }, 'missing', 'MISSING'],
    [{ services: [ecsService('convert-service', { status: 'DRAINING' })] }, 'missing', 'DRAINING'],
    [{ services: [] }, 'missing', 'not in the answer'],
    [new AwsFailure('ClusterNotFoundException'), 'failed', 'ClusterNotFoundException'],
  ])('%j is unknown', async (answer, because, text) => {
    aws.operations.DescribeServices = () => answer;
    const { service, queues } = await lookAtOne();
    expect(service).toMatchObject({ known: false, because, text: expect.stringContaining(text) });
    expect(queues[0]?.counts.known).toBe(true);
  });
});

describe('work', () => {
  const item = (counts: Record<string, number>) => ({
    Item: Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, { N: String(n) }])),
  });

  test('is the growth of the totals', async () => {
    aws.operations.GetItem = () => item({ at: 99, started: 8, busySlotMs: 2500, w_convert_3: 7 });
    const [sighting] = await look([bindingOf('convert')]);
    expect(sighting?.observation.work).toMatchObject({ known: true, value: { started: 3, busySlotSeconds: 2.5 } });
    expect(sighting?.totals?.counts).toEqual({ started: 8, busySlotMs: 2500, w_convert_3: 7 });
    expect(sighting?.workMark).toMatchObject({ at: 99, counts: { started: 8 } });
    expect(aws.inputsOf<{ ConsistentRead?: boolean }>('GetItem')[0]?.ConsistentRead).toBeUndefined();
  });

  test('that cannot be read is unknown, and the next difference is taken from the last reading', async () => {
    aws.operations.GetItem = () => new AwsFailure('ThrottlingException');
    const [sighting] = await look([bindingOf('convert')]);
    expect(sighting?.observation.work).toMatchObject({ known: false, because: 'failed' });
    expect(sighting?.workMark).toEqual({ at: 1, counts: { started: 5 } });
    expect(sighting).not.toHaveProperty('totals');
  });
});

describe('signals', () => {
  const policy: Policy = { type: 'dampened', cpu: 70, memory: 80, latencyMs: 500, ratePerTask: 50 };
  const minutes = (...pairs: (readonly [minutesAgo: number, value: number])[]) => ({
    Timestamps: pairs.map(([ago]) => start - ago * 60),
    Values: pairs.map(([, value]) => value),
    StatusCode: 'Complete',
  });

  test('a policy that needs none asks CloudWatch nothing', async () => {
    expect((await lookAtOne()).signals).toEqual({});
    expect(aws.inputsOf('GetMetricData')).toHaveLength(0);
  });

  test('the newest complete minute, with the end of that minute as its time', async () => {
    aws.operations.GetMetricData = () => ({
      MetricDataResults: [
        { Id: 'q0', ...minutes([2, 41], [3, 99]) },
        { Id: 'q1', StatusCode: 'Complete', Timestamps: [], Values: [] },
      ],
    });
    const { signals } = await lookAtOne({ policy }, start + 10);
    expect(signals.cpu).toEqual({ known: true, at: start - 60, value: 41 });
    expect(signals.memory).toMatchObject({ known: false, because: 'missing' });
    expect(signals.latencyMs).toMatchObject({ known: false, because: 'missing' });
    const [input] = aws.inputsOf<{ EndTime: number; StartTime: number }>('GetMetricData');
    expect(input).toMatchObject({ EndTime: start, StartTime: start - 300 });
  });

  test('at most once a minute, and a failure is asked for again only then', async () => {
    let calls = 0;
    aws.operations.GetMetricData = () =>
      ++calls === 1 ? new AwsFailure('AccessDenied') : { MetricDataResults: [{ Id: 'q0', ...minutes([1, 50]) }] };
    const cpuAt = async (now: number) => (await lookAtOne({ policy }, now)).signals.cpu;
    for (let t = 0; t < 60; t += 10) expect(await cpuAt(start + t)).toMatchObject({ known: false, because: 'failed' });
    for (let t = 60; t < 120; t += 10)
      expect(await cpuAt(start + t)).toMatchObject({ known: true, value: 50, at: start });
    expect(calls).toBe(2);
  });

  test('more than 500 go in several calls, and pages are followed', async () => {
    const bindings = Array.from({ length: 300 }, (_, i) => bindingOf(`s${i}`, { policy: { ...policy } }));
    aws.operations.GetMetricData = (input: never) => {
      const { MetricDataQueries, NextToken } = input as { MetricDataQueries: { Id: string }[]; NextToken?: string };
      if (NextToken === undefined) return { MetricDataResults: [], NextToken: 'more' };
      return { MetricDataResults: MetricDataQueries.map(({ Id }) => ({ Id, ...minutes([1, 7]) })) };
    };
    const sightings = await look(bindings);
    expect(sightings.every(({ observation: { signals } }) => signals.cpu?.known && signals.memory?.known)).toBe(true);
    const sizes = aws
      .inputsOf<{ MetricDataQueries: unknown[] }>('GetMetricData')
      .map((one) => one.MetricDataQueries.length);
    expect(sizes.sort()).toEqual([100, 100, 500, 500]);
  });

  test('queue depth and active jobs come from the queues, and are unknown with them', async () => {
    const byQueue: Policy = { type: 'queueFactor', rules: [] };
    const { signals } = await lookAtOne({ policy: byQueue });
    expect(signals).toEqual({
      activeJobs: { known: true, at: start, value: 3 },
      queueDepth: { known: true, at: start, value: 12 },
    });
    aws.operations.GetQueueAttributes = () => ({});
    expect((await lookAtOne({ policy: byQueue })).signals.queueDepth?.known).toBe(false);
  });

  const metric = (name: string) => ({ namespace: 'App', metric: name, dimensions: {}, statistic: 'Sum' });
  const tracking = (...names: string[]): Policy => ({
    type: 'targetTracking',
    signals: names.map((signal) => ({ signal, target: 1 })),
  });
  type Sent = {
    readonly StartTime: number;
    readonly EndTime: number;
    readonly MetricDataQueries: readonly {
      readonly Id: string;
      readonly Expression?: string;
      readonly ReturnData?: boolean;
      readonly MetricStat?: { readonly Metric: { readonly MetricName: string }; readonly Period: number };
    }[];
  };

  test('an expression brings its metrics along, under ids of its own', async () => {
    const expression = { from: 'expression', expression: '100 * e / r', periodSeconds: 60 } as const;
    const share = { ...expression, metrics: { e: metric('Errors'), r: metric('Requests') } };
    aws.operations.GetMetricData = () => ({ MetricDataResults: [{ Id: 'q1', ...minutes([1, 12]) }] });
    const plan = { policy: tracking('cpu', 'share'), signals: { share } };
    const [sighting] = await look([bindingOf('convert', plan)]);
    expect(sighting?.observation.signals.share).toEqual({ known: true, at: start, value: 12 });
    const [{ MetricDataQueries } = { MetricDataQueries: [] }] = aws.inputsOf<Sent>('GetMetricData');
    expect(
      MetricDataQueries.map(({ Id, Expression, MetricStat, ReturnData }) => [
        Id,
        Expression ?? MetricStat?.Metric.MetricName,
        ReturnData,
      ]),
    ).toEqual([
      ['q0', 'CPUUtilization', undefined],
      ['q1', '100 * q1_e / q1_r', undefined],
      ['q1_e', 'Errors', false],
      ['q1_r', 'Requests', false],
    ]);
  });

  test('each period has a call of its own, aligned to it, and is asked for again only when a new one may be there', async () => {
    const signals = { slow: { from: 'metric', ...metric('Slow'), periodSeconds: 300 } } as const;
    const binding = bindingOf('convert', { policy: tracking('cpu', 'slow'), signals });
    const wholeAt = (now: number) => Math.floor(now / 300) * 300 - 300;
    let now = start + 130;
    aws.operations.GetMetricData = (input: never) => {
      const slow = (input as Sent).MetricDataQueries[0]?.MetricStat?.Period === 300;
      return { MetricDataResults: slow ? [{ Id: 'q0', Timestamps: [wholeAt(now)], Values: [7] }] : [] };
    };
    const [sighting] = await look([binding], now);
    expect(sighting?.observation.signals.slow).toEqual({ known: true, at: start, value: 7, periodSeconds: 300 });
    const ranges = aws
      .inputsOf<Sent>('GetMetricData')
      .map(({ StartTime, EndTime }) => [StartTime - start, EndTime - start]);
    expect(ranges.sort()).toEqual([
      [-1500, 0],
      [-180, 120],
    ]);
    for (; now < start + 430; now += 10) await look([binding], now);
    const slowCalls = aws
      .inputsOf<Sent>('GetMetricData')
      .filter(({ StartTime, EndTime }) => EndTime - StartTime === 1500);
    expect(slowCalls).toHaveLength(2);
  });

  test('one expression that CloudWatch does not understand takes nothing from the others, and is asked alone from then on', async () => {
    const bad = { from: 'expression', expression: 'e +', metrics: { e: metric('Errors') }, periodSeconds: 60 } as const;
    const bindings = Array.from({ length: 8 }, (_, i) =>
      bindingOf(`s${i}`, i === 5 ? { policy: tracking('cpu', 'bad'), signals: { bad } } : { policy: tracking('cpu') }),
    );
    aws.operations.GetMetricData = (input: never) => {
      const { MetricDataQueries } = input as Sent;
      if (MetricDataQueries.some(({ Expression }) => Expression?.endsWith('+')))
        return new AwsFailure('ValidationError', 'Error in expression');
      return { MetricDataResults: MetricDataQueries.map(({ Id }) => ({ Id, ...minutes([1, 50]) })) };
    };
    const sightings = await look(bindings);
    expect(sightings.every(({ observation }) => observation.signals.cpu?.known)).toBe(true);
    expect(sightings[5]?.observation.signals.bad).toMatchObject({
      known: false,
      because: 'failed',
      text: expect.stringContaining('Error in expression'),
    });
    aws.calls.length = 0;
    await look(bindings, start + 60);
    expect(
      aws
        .inputsOf<Sent>('GetMetricData')
        .map(({ MetricDataQueries }) => MetricDataQueries.length)
        .sort(),
    ).toEqual([2, 8]);
  });

  test('a service without a queue: load balancer and tasks tell, and nobody asks SQS', async () => {
    const policy = tracking('requestsPerSecond', 'connections');
    const binding = {
      ...bindingOf('web', { policy, queues: [] }),
      queues: [],
      alb: { targetGroup: 'targetgroup/web/1', loadBalancer: 'app/web/2' },
    };
    aws.operations.GetMetricData = () => ({
      MetricDataResults: [
        { Id: 'q0', ...minutes([1, 300]) },
        { Id: 'q1', ...minutes([1, 2]) },
      ],
    });
    aws.operations.Query = () => ({
      Items: [{ sk: { S: `SIGNALS#00${start}` }, s_connections: { N: '9' }, n_connections: { N: '2' } }],
    });
    const [sighting] = await look([binding], start + 5);
    expect(sighting?.observation.queues).toEqual([]);
    expect(sighting?.observation.signals).toEqual({
      requestsPerSecond: { known: true, at: start, value: 5 },
      connections: { known: true, at: start, value: 9 },
    });
    expect(aws.inputsOf('GetQueueAttributes')).toEqual([]);
    aws.operations.Query = () => new AwsFailure('ThrottlingException');
    const [later] = await look([binding], start + 10);
    expect(later?.observation.signals.connections).toMatchObject({ known: false, because: 'failed' });
    expect(later?.observation.signals.requestsPerSecond?.known).toBe(true);
  });
});

describe('what is only watched', () => {
  const withDead: ServiceBinding = {
    ...bindingOf('convert'),
    queues: [{ name: 'convert', url: 'http://queue/convert', deadLetterUrl: 'http://queue/convert-dead' }],
  };
  const deadReads = () =>
    aws.inputsOf<{ QueueUrl: string }>('GetQueueAttributes').filter(({ QueueUrl }) => QueueUrl.endsWith('-dead'))
      .length;
  const answer = aws.operations;

  test('dead letters are looked at every ten minutes, with their own time in between', async () => {
    const at = async (seconds: number) => (await look([withDead], start + seconds))[0]?.observation.signals.deadLetters;
    expect(await at(0)).toEqual({ known: true, at: start, value: 12, periodSeconds: 600 });
    expect(await at(590)).toEqual({ known: true, at: start, value: 12, periodSeconds: 600 });
    expect(deadReads()).toBe(1);
    expect(await at(600)).toMatchObject({ at: start + 600 });
    expect(deadReads()).toBe(2);
  });

  test('a look that failed is unknown, and made again after a minute', async () => {
    const { GetQueueAttributes: fine } = aws.operations;
    aws.operations.GetQueueAttributes = () => new AwsFailure('AccessDenied');
    expect((await look([withDead]))[0]?.observation.signals.deadLetters).toMatchObject({ known: false });
    await look([withDead], start + 50);
    expect(deadReads()).toBe(1);
    aws.operations = { ...answer, ...aws.operations, ...(fine && { GetQueueAttributes: fine }) };
    expect((await look([withDead], start + 60))[0]?.observation.signals.deadLetters).toMatchObject({ value: 12 });
  });

  test('a service whose dead-letter queue Sluice does not know has no such signal', async () => {
    expect((await look([bindingOf('convert')]))[0]?.observation.signals).toEqual({});
  });

  test('a watched signal is asked for in periods of five minutes, one that the policy needs in its own', async () => {
    aws.operations.GetMetricData = () => ({ MetricDataResults: [] });
    const policy: Policy = { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] };
    await look([bindingOf('convert', { policy, alerts: { watch: ['cpu', 'memory'] } })]);
    const periods = aws
      .inputsOf<{ MetricDataQueries: { MetricStat: { Period: number; Metric: { MetricName: string } } }[] }>(
        'GetMetricData',
      )
      .flatMap(({ MetricDataQueries }) =>
        MetricDataQueries.map(({ MetricStat: m }) => [m.Metric.MetricName, m.Period]),
      );
    expect(Object.fromEntries(periods)).toEqual({ CPUUtilization: 60, MemoryUtilization: 300 });
  });
});
