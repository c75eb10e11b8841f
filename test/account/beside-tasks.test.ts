import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient, type Service } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { priced } from '../../lib/account/priced.ts';
import { priceNeeds } from '../../lib/account/prices/price-needs.ts';
import type { AccountReading } from '../../lib/account/read-account.ts';
import { type Beside, besideTasks, type SharingService } from '../../lib/account/sources/beside-tasks.ts';
import { bundledPrices } from '../../lib/report/prices/bundled-prices.ts';
import type { FargateUsage } from '../../lib/report/usage/usage.ts';
import { answering, denied, settings } from './fake-client.ts';
import { fakeCloudWatch } from './fake-cloudwatch.ts';

/**
 * Goal: logs and NAT gateways are parts of what a job costs: every byte and every hour once, shared as it is said.
 * Method: two services in a network of two private subnets and a public one; figures reckoned by hand.
 */
const window = { from: Date.parse('2026-11-01T00:00Z') / 1000, hours: 24 };
const gib = 2 ** 30;

const service = (name: string, meanTasks: number, subnets: readonly string[]): SharingService => ({
  name,
  meanTasks,
  ecs: {
    taskDefinition: `${name}:1`,
    networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets] } },
  } as Service,
});
const convert = service('convert', 3, ['private-a', 'private-b']);
const scan = service('scan', 1, ['private-a']);
const open = service('open', 5, ['public']);

const group = (name: string, driver = 'awslogs') => ({
  logConfiguration: { logDriver: driver, options: { 'awslogs-group': name } },
});
/** `private-a` has a table of its own, `private-b` goes by the main one, both to the one gateway. */
const routes = [
  {
    VpcId: 'v',
    Associations: [{ Main: true }],
    Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }],
  },
  {
    VpcId: 'v',
    Associations: [{ SubnetId: 'private-a' }],
    Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }],
  },
  {
    VpcId: 'v',
    Associations: [{ SubnetId: 'public' }],
    Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
  },
];
const subnets = ['private-a', 'private-b', 'public'].map((SubnetId) => ({ SubnetId, VpcId: 'v' }));
const card = (SubnetId: string, InterfaceType = 'interface') => ({ SubnetId, InterfaceType });

const read = (
  services: readonly SharingService[],
  { ec2 = {}, ecs = {}, cards = [] as readonly object[] } = {},
): Promise<Beside> =>
  besideTasks(
    {
      ecs: answering(new ECSClient(settings), {
        DescribeTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => ({
          taskDefinition: {
            containerDefinitions: [
              group('shared'),
              ...(taskDefinition === 'scan:1' ? [group('scan'), group('x', 'splunk')] : []),
            ],
          },
        }),
        ...ecs,
      }),
      ec2: answering(new EC2Client(settings), {
        DescribeSubnets: () => ({ Subnets: subnets }),
        DescribeRouteTables: () => ({ RouteTables: routes }),
        DescribeNetworkInterfaces: () => ({ NetworkInterfaces: cards }),
        ...ec2,
      }),
      // A group sends samples only in hours in which something came: 12 of 24.
      cloudwatch: fakeCloudWatch((metric, _, { LogGroupName }, hour) =>
        metric === 'IncomingBytes'
          ? hour % 2 === 0
            ? (LogGroupName === 'shared' ? 8 : 2) * gib
            : undefined
          : metric === 'BytesOutToDestination'
            ? 3 * gib
            : gib,
      ),
    },
    services,
    'us-east-1',
    window,
    new AbortController().signal,
  );

const sums = (beside: Beside): Readonly<Record<string, number>> => {
  const all: Record<string, number> = {};
  for (const overheads of beside.byService.values())
    for (const { priceKey, perHour } of overheads) all[priceKey] = (all[priceKey] ?? 0) + perHour;
  return all;
};

describe('logs', () => {
  it('are the bytes of the groups that task definitions name, a shared one by task-hours', async () => {
    const { byService, unavailable, metrics } = await read([convert, scan]);
    const logs = (name: string) => (byService.get(name) ?? []).filter(({ priceKey }) => priceKey.startsWith('logs/'));
    expect(logs('convert')).toEqual([
      { what: 'Logs of shared, 75 % by task-hours', priceKey: 'logs/us-east-1', perHour: 3 },
    ]);
    expect(logs('scan').map(({ perHour }) => perHour)).toEqual([1, 1]);
    expect(unavailable).toEqual([]);
    expect(metrics).toBe(4);
  });
});

describe('a NAT gateway', () => {
  it('is shared by task-hours: all of it once, hours and bytes', async () => {
    const beside = await read([convert, scan]);
    expect(sums(beside)).toMatchObject({ 'nat/us-east-1': 1, 'nat-bytes/us-east-1': 4 });
    expect(beside.byService.get('scan')?.filter(({ resource }) => resource === 'nat-1')).toEqual([
      expect.objectContaining({ what: 'Hours of nat-1, 25 % of it by what stands behind it', perHour: 0.25 }),
      expect.objectContaining({ priceKey: 'nat-bytes/us-east-1', perHour: 1 }),
    ]);
  });

  it('that others use as well is theirs by their number; endpoints and the gateway itself are nobody', async () => {
    const cards = [
      ...Array.from({ length: 16 }, () => card('private-a')),
      card('private-b', 'vpc_endpoint'),
      card('public'),
    ];
    expect(sums(await read([convert, scan], { cards }))).toMatchObject({
      'nat/us-east-1': 0.25,
      'nat-bytes/us-east-1': 1,
    });
  });

  it('is nothing to a service with a way of its own', async () => {
    const { byService } = await read([open, scan]);
    expect(byService.get('open')?.filter(({ resource }) => resource !== undefined)).toEqual([]);
    expect(byService.get('scan')?.find(({ priceKey }) => priceKey === 'nat/us-east-1')?.perHour).toBe(1);
  });
});

it('what may not be read is a line and takes nothing else away', async () => {
  const blind = await read([convert], {
    ecs: { DescribeTaskDefinition: () => denied('ecs:DescribeTaskDefinition') },
    ec2: { DescribeNetworkInterfaces: () => denied('ec2:DescribeNetworkInterfaces') },
  });
  expect(blind.unavailable.map(({ source, needs }) => `${source}: ${needs.split(';')[0]}`)).toEqual([
    'Log volume of the services in us-east-1: the right ecs:DescribeTaskDefinition',
    'Who else stands behind the NAT gateways in us-east-1: the services share them alone: the right ec2:DescribeNetworkInterfaces',
  ]);
  expect(sums(blind)).toMatchObject({ 'nat/us-east-1': 1 });
  const alone = await read([convert], { ec2: { DescribeSubnets: () => denied('ec2:DescribeSubnets') } });
  expect(alone.unavailable.map(({ source }) => source)).toEqual(['NAT gateways of the services in us-east-1']);
  expect(Object.keys(sums(alone))).toEqual(['logs/us-east-1']);
});

it('has its prices in the book, and a gateway that is an orphan is not counted twice', async () => {
  const { byService } = await read([scan]);
  const reading = (orphan: boolean): AccountReading => ({
    usage: { services: [], unavailable: [], instances: [] } as unknown as AccountReading['usage'],
    services: [
      {
        usage: { name: 'scan', region: 'us-east-1' } as FargateUsage,
        overheads: byService.get('scan') ?? [],
        shard: { name: '0', tickSeconds: 10 },
        queues: 1,
        busyTasks: 0,
      },
    ],
    orphans: orphan
      ? [
          {
            id: 'nat-1',
            what: 'x',
            region: 'us-east-1',
            idleHours: 200,
            removeCommand: 'rm',
            priceKey: 'nat/us-east-1',
            quantity: 1,
          },
        ]
      : [],
    asked: { metrics: 0, billRequests: 0 },
  });
  expect(priceNeeds(reading(false)).others).toEqual(['logs/us-east-1', 'nat-bytes/us-east-1', 'nat/us-east-1']);
  const usdPerHour = (orphan: boolean): number =>
    (priced(reading(orphan), bundledPrices).services[0]?.overheads ?? []).reduce((sum, one) => sum + one.usdPerHour, 0);
  // 5 GiB of logs at 0.5, 4 GiB through the gateway and its hour at 0.045.
  expect(usdPerHour(false)).toBeCloseTo(5 * 0.5 + 4 * 0.045 + 0.045, 9);
  expect(usdPerHour(true)).toBeCloseTo(2.5, 9);
});
