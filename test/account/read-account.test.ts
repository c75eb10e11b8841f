import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { accountUsage } from '../../lib/account/account-usage.ts';
import { readAccount } from '../../lib/account/read-account.ts';
import type { AccountPart, AccountSource } from '../../lib/account/source.ts';
import { servicesSource } from '../../lib/account/sources/services.ts';
import { defaultTagRules } from '../../lib/account/tags.ts';
import { toServicePlans } from '../../lib/config/parse-config.ts';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import { bundledPrices } from '../../lib/report/prices/bundled-prices.ts';
import { usageFrom } from '../../lib/report/usage/read-usage.ts';
import type { InstanceUsage } from '../../lib/report/usage/usage.ts';
import { usageFromRollups } from '../../lib/report/usage/usage-from-rollups.ts';
import { usageToFile } from '../../lib/report/usage/usage-to-file.ts';
import { makeReport } from '../../lib/report/weekly/weekly-report.ts';
import { answering, denied, settings } from './fake-client.ts';
import { fakeCloudWatch } from './fake-cloudwatch.ts';

/**
 * Goal: one source's failure or silence is one line and touches no other; two Regions are one report; what was read can
 * be recorded and replayed.
 */
const from = Date.parse('2026-11-01T00:00Z') / 1000;
const request = { from, hours: 168, timeZone: 'Europe/Copenhagen', holidays: [] };
const signal = new AbortController().signal;

const instance = (region: string, id = 'main'): InstanceUsage => ({
  kind: 'rds',
  id,
  region,
  type: 'db.r6g.large',
  engine: 'mysql',
  multiAz: false,
  nodes: 1,
  hourly: { running: new Array(168).fill(1) },
});

const source = (region: string, read: () => Promise<AccountPart>): AccountSource => ({ source: 'rds', region, read });

const planNamed = (name: string): ServicePlan => {
  const [plan] = toServicePlans({ timeZone: 'UTC', services: { [name]: { worker: { image: 'x' } } } });
  if (plan === undefined) throw new Error('no plan');
  return plan;
};

describe('readAccount', () => {
  it('one that fails, one that hangs and one that is denied leave the fourth alone', async () => {
    const { usage } = await readAccount(
      [
        source('us-east-1', async () => ({ instances: [instance('us-east-1')] })),
        source('eu-west-1', async () => {
          throw denied('rds:DescribeDBInstances');
        }),
        source('eu-north-1', () => new Promise(() => {})),
        source('ap-south-1', async () => {
          throw new Error('socket hang up');
        }),
      ],
      request,
      signal,
      0.05,
    );
    expect(usage.instances).toHaveLength(1);
    expect(usage.unavailable.map(({ source: name, needs }) => `${name}: ${needs.split(';')[0]}`)).toEqual([
      'RDS in eu-west-1: the right rds:DescribeDBInstances',
      'RDS in eu-north-1: another run: it took too long',
      'RDS in ap-south-1: another run',
    ]);
  });

  it('databases of one name in two Regions are told apart, and keep the id that commands need', async () => {
    const { usage } = await readAccount(
      ['us-east-1', 'eu-west-1'].map((region) =>
        source(region, async () => ({ instances: [instance(region), instance(region, `only-${region}`)] })),
      ),
      request,
      signal,
    );
    expect(usage.instances.map(({ id, label }) => label ?? id)).toEqual([
      'main (rds, us-east-1)',
      'only-us-east-1',
      'main (rds, eu-west-1)',
      'only-eu-west-1',
    ]);
    expect(usageFrom(usageToFile(usage))).toEqual(usage);
    expect(makeReport(usage, bundledPrices).plan.unpriced).toEqual(['main (rds, eu-west-1)', 'only-eu-west-1']);
  });

  it('a database that has the name of a service is told apart from it', async () => {
    const service = usageFromRollups(
      {
        plan: planNamed('main'),
        region: 'us-east-1',
        publicIpv4: false,
        spotShare: 0,
        interruptible: false,
        rollups: [],
      },
      from,
      168,
    );
    const found = { usage: service, overheads: [], shard: { name: '0', tickSeconds: 10 }, queues: 1, busyTasks: 0 };
    const { usage } = await readAccount(
      [source('us-east-1', async () => ({ services: [found], instances: [instance('us-east-1')] }))],
      request,
      signal,
    );
    expect(usage.instances.map(({ label }) => label)).toEqual(['main (rds, us-east-1)']);
    expect(usageFrom(usageToFile(usage))).toEqual(usage);
  });

  it('nothing at all can be read: a report of lines', async () => {
    const { usage } = await accountUsage(
      [source('us-east-1', async () => Promise.reject(denied('rds:DescribeDBInstances')))],
      request,
      bundledPrices,
      signal,
    );
    expect(makeReport(usage, bundledPrices).unavailable).toHaveLength(1);
  });
});

describe('own services', () => {
  const [plan] = toServicePlans({
    timeZone: 'Europe/Copenhagen',
    services: {
      convert: { worker: { image: 'x', cpu: 512, memoryMiB: 1024, concurrency: 4 }, tasks: { min: 1, max: 10 } },
    },
  });
  if (plan === undefined) throw new Error('no plan');
  const binding: ServiceBinding = {
    plan,
    shard: '0',
    cluster: 'arn:aws:ecs:us-east-1:1:cluster/main',
    ecsService: 'convert-svc',
    table: 'state',
    queues: [],
  };
  const service = {
    serviceName: 'convert-svc',
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
    networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'ENABLED' } },
    tags: [{ key: 'Owner', value: 'media' }],
  };
  /** Every hour: three tasks, 36 jobs, one of them late. */
  const hour = (h: number) => {
    const totals = {
      started: 36 * (h + 1),
      late: h + 1,
      completed: 36 * (h + 1),
      failed: 0,
      busySlotMs: 36e5 * (h + 1),
    };
    return {
      sk: { S: `HOUR#${new Date((from + h * 3600) * 1000).toISOString().slice(0, 13)}` },
      't512/1024': { N: '10800' },
      observed: { N: '3600' },
      totals: { M: Object.fromEntries(Object.entries(totals).map(([name, n]) => [name, { N: String(n) }])) },
    };
  };
  const clients = (more: { readonly dynamo?: object; readonly ecs?: object; readonly ec2?: object } = {}) => ({
    ec2: answering(new EC2Client(settings), { ...more.ec2 }),
    dynamo: answering(new DynamoDBClient(settings), {
      Query: ({ ScanIndexForward }: { ScanIndexForward?: boolean }) => ({
        Items: ScanIndexForward === false ? [] : Array.from({ length: 168 }, (_, h) => hour(h)),
      }),
      ...more.dynamo,
    }),
    ecs: answering(new ECSClient(settings), { DescribeServices: () => ({ services: [service] }), ...more.ecs }),
    cloudwatch: fakeCloudWatch((metric, statistic, { ClusterName }) =>
      metric.startsWith('Number') ? 100 : ClusterName === 'main' ? (statistic === 'Maximum' ? 60 : 20) : undefined,
    ),
  });
  const read = (more = {}) =>
    accountUsage(
      [
        servicesSource(
          clients(more),
          async () => ({ bindings: [binding], table: 'state' }),
          'us-east-1',
          defaultTagRules,
        ),
      ],
      request,
      bundledPrices,
      signal,
    );

  it('rollups, ECS and CloudWatch make one service, with all that its jobs cost', async () => {
    const { usage, asked } = await read();
    const [convert] = usage.services;
    expect(convert).toMatchObject({
      name: 'convert',
      region: 'us-east-1',
      owner: 'media',
      publicIpv4: true,
      interruptible: true,
    });
    expect(convert?.spotShare).toBeCloseTo(1 / 3, 9);
    expect(convert?.hourly.tasks.every((tasks) => tasks === 3)).toBe(true);
    expect(convert?.hourly.cpuP99Percent?.[0]).toBe(60);
    expect(convert?.overheads).toEqual([
      { what: 'SQS requests of convert', usdPerHour: expect.closeTo(400 * 0.4e-6, 12) },
    ]);
    expect(usage.ownUsdPerMonth).toBeGreaterThan(1.3);
    expect(asked.metrics).toBe(7);
    expect(usageFrom(usageToFile(usage))).toEqual(usage);
    const [story] = makeReport(usage, bundledPrices).services;
    const also = (story?.alsoUsd ?? []).reduce((sum, { usd }) => sum + usd, 0);
    expect(story?.alsoUsd.map(({ what }) => what)).toEqual(['SQS requests of convert', 'Sluice itself']);
    expect(story?.usdPerJob).toBeCloseTo(((story?.usd ?? 0) + also) / (story?.jobs ?? 1), 12);
  });

  it('a Region without the stage is told', async () => {
    const source = servicesSource(clients(), async () => undefined, 'eu-west-1', defaultTagRules);
    const { usage } = await accountUsage([source], request, bundledPrices, signal);
    expect(usage.unavailable).toEqual([expect.objectContaining({ source: 'Own services in eu-west-1' })]);
    expect(usage.ownUsdPerMonth).toBeUndefined();
  });

  it('a table that is denied leaves no service and one line; ECS that is denied leaves a service without an owner', async () => {
    const blind = await read({ dynamo: { Query: () => denied('dynamodb:Query') } });
    expect(blind.usage.services).toEqual([]);
    expect(blind.usage.unavailable[0]?.source).toBe('Hours of convert in us-east-1');
    const { usage } = await read({ ecs: { DescribeServices: () => denied('ecs:DescribeServices') } });
    expect(usage.services[0]).toMatchObject({ name: 'convert', publicIpv4: false, spotShare: 0 });
    expect(usage.services[0]?.owner).toBeUndefined();
    expect(usage.unavailable).toHaveLength(1);
  });
});
