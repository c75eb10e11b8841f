import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { RDSClient } from '@aws-sdk/client-rds';
import { SavingsplansClient } from '@aws-sdk/client-savingsplans';
import { describe, expect, it } from 'vitest';
import type { DocumentCache } from '../../lib/account/document-cache.ts';
import { billSource } from '../../lib/account/sources/bill.ts';
import { ec2Source } from '../../lib/account/sources/ec2.ts';
import { elastiCacheSource } from '../../lib/account/sources/elasticache.ts';
import { maxConnectionsOf } from '../../lib/account/sources/max-connections.ts';
import { orphansSource } from '../../lib/account/sources/orphans.ts';
import { rdsSource } from '../../lib/account/sources/rds.ts';
import { reservationsSource } from '../../lib/account/sources/reservations.ts';
import { savingsPlansSource } from '../../lib/account/sources/savings-plans.ts';
import { defaultTagRules } from '../../lib/account/tags.ts';
import { answering, awsError, denied, inPages, settings } from './fake-client.ts';
import { fakeCloudWatch } from './fake-cloudwatch.ts';

/**
 * Goal: each source turns what AWS answers into usage, over pages; what it cannot see is a line, and nothing else goes.
 * Method: the SDK's real clients and paginators on services in memory.
 */
const region = 'eu-north-1';
const from = Date.parse('2026-11-01T00:00Z') / 1000;
const window = { from, hours: 24 };
const never = new AbortController().signal;
const rules = defaultTagRules;

describe('EC2', () => {
  const instance = (id: string, more: object = {}) => ({
    InstanceId: id,
    InstanceType: 'm5.large',
    PlatformDetails: 'Linux/UNIX',
    Monitoring: { State: 'disabled' },
    Tags: [{ Key: 'Team', Value: 'media' }],
    ...more,
  });
  const all = [
    instance('i-1'),
    instance('i-2', { PlatformDetails: 'Windows', Tags: [] }),
    instance('i-3', { InstanceLifecycle: 'spot' }),
    instance('i-4', { Monitoring: { State: 'enabled' } }),
  ];
  const ec2 = (more = {}) =>
    answering(new EC2Client(settings), {
      DescribeInstances: inPages(all, 2, (page) => ({ Reservations: [{ Instances: page }] })),
      ...more,
    });

  it('hours, owners and memory, over pages; Spot is told', async () => {
    const cloudwatch = fakeCloudWatch(
      (metric, statistic, { InstanceId }, h) => {
        if (metric === 'mem_used_percent') return 40;
        if (InstanceId === 'i-1' && h >= 12) return undefined;
        if (statistic === 'SampleCount') return InstanceId === 'i-4' ? 30 : 11;
        return statistic === 'Maximum' ? 30 + h : 10;
      },
      {
        pointsPerPage: 20,
        agents: [
          {
            Dimensions: [
              { Name: 'InstanceId', Value: 'i-1' },
              { Name: 'ImageId', Value: 'a' },
            ],
          },
        ],
      },
    );
    const part = await ec2Source({ ec2: ec2(), cloudwatch }, region, rules).read(window, never);
    const [first, windows, detailed] = part.instances ?? [];
    expect(part.instances).toHaveLength(3);
    expect(first).toMatchObject({ id: 'i-1', owner: 'media', engine: 'linux', type: 'm5.large' });
    // One lost sample is no stop; an hour without any is one.
    expect(first?.hourly.running).toEqual([...new Array(12).fill(1), ...new Array(12).fill(0)]);
    expect(first?.hourly.cpuP99Percent?.slice(10, 14)).toEqual([40, 41, null, null]);
    expect(first?.hourly.memoryMaxPercent?.[0]).toBe(40);
    expect(windows).toMatchObject({ engine: 'windows' });
    expect(windows?.owner).toBeUndefined();
    expect(windows?.hourly.memoryMaxPercent).toBeUndefined();
    expect(detailed?.hourly.running[0]).toBe(0.5);
    expect(part.unavailable).toEqual([expect.objectContaining({ source: '1 EC2 Spot instance in eu-north-1' })]);
    expect(part.asked).toEqual({ metrics: 10 });
  });

  it('without metrics nobody knows when it ran', async () => {
    const cloudwatch = answering(new CloudWatchClient(settings), {
      GetMetricData: () => denied('cloudwatch:GetMetricData'),
      ListMetrics: () => denied('cloudwatch:ListMetrics'),
    });
    const part = await ec2Source({ ec2: ec2(), cloudwatch }, region, rules).read(window, never);
    expect(part.instances?.[0]?.hourly.running).toEqual(new Array(24).fill(null));
    expect(part.unavailable?.map(({ source, needs }) => [source, needs.split(';')[0]])).toEqual([
      ['Memory of EC2 instances in eu-north-1', 'the right cloudwatch:ListMetrics'],
      ['Metrics of EC2 instances in eu-north-1', 'the right cloudwatch:GetMetricData'],
      ['1 EC2 Spot instance in eu-north-1', 'nothing: they are in the bill and in no advice'],
    ]);
  });

  it('only what is in scope', async () => {
    const part = await ec2Source({ ec2: ec2(), cloudwatch: fakeCloudWatch(() => 1) }, region, {
      ...rules,
      scope: { key: 'Team', value: 'other' },
    }).read(window, never);
    expect(part.instances).toEqual([]);
  });

  it('asks for 500 series at a time', async () => {
    const many = Array.from({ length: 400 }, (_, i) => instance(`i-${i}`));
    const calls: Record<string, number> = {};
    const part = await ec2Source(
      {
        ec2: ec2({ DescribeInstances: inPages(many, 100, (page) => ({ Reservations: [{ Instances: page }] })) }),
        cloudwatch: fakeCloudWatch((_metric, statistic) => (statistic === 'SampleCount' ? 12 : 5), { calls }),
      },
      region,
      rules,
    ).read({ from, hours: 2 }, never);
    expect(part.instances).toHaveLength(400);
    expect(part.instances?.every(({ hourly }) => hourly.running.every((share) => share === 1))).toBe(true);
    expect(calls.GetMetricData).toBe(3);
  });
});

describe('RDS', () => {
  const database = (id: string, more: object = {}) => ({
    DBInstanceIdentifier: id,
    DBInstanceClass: 'db.r6g.large',
    Engine: 'mysql',
    MultiAZ: true,
    TagList: [{ Key: 'owner', Value: 'shop' }],
    DBParameterGroups: [{ DBParameterGroupName: 'default.mysql8.0' }],
    ...more,
  });
  const rds = (more = {}) =>
    answering(new RDSClient(settings), {
      DescribeDBInstances: inPages(
        [
          database('a'),
          database('b', { Engine: 'docdb' }),
          database('c', { DBInstanceClass: 'db.serverless' }),
          database('d', { DBInstanceClass: 'db.t3.micro' }),
        ],
        2,
        (DBInstances) => ({ DBInstances }),
        'Marker',
      ),
      DescribeDBParameters: inPages(
        [
          { ParameterName: 'other', ParameterValue: '1' },
          { ParameterName: 'max_connections', ParameterValue: '{DBInstanceClassMemory/12582880}' },
        ],
        1,
        (Parameters) => ({ Parameters }),
        'Marker',
      ),
      ...more,
    });
  const ec2 = answering(new EC2Client(settings), {
    DescribeInstanceTypes: () => ({
      InstanceTypes: [{ InstanceType: 'r6g.large', MemoryInfo: { SizeInMiB: 16_384 } }],
    }),
  });
  const cloudwatch = fakeCloudWatch((metric, statistic) => {
    if (statistic === 'SampleCount') return 60;
    return metric === 'FreeableMemory' ? 8 * 1024 ** 3 : metric === 'SwapUsage' ? 1024 ** 2 : 12;
  });

  it('memory, connection limits and MiB', async () => {
    const part = await rdsSource({ rds: rds(), ec2, cloudwatch }, region, rules).read(window, never);
    expect(part.instances?.map(({ id }) => id)).toEqual(['a', 'd']);
    expect(part.instances?.[0]).toMatchObject({
      owner: 'shop',
      multiAz: true,
      memoryMiB: 16_384,
      maxConnections: 1228,
      engine: 'mysql',
    });
    expect(part.instances?.[1]?.memoryMiB).toBeUndefined();
    expect(part.instances?.[0]?.hourly.freeMemoryMinMiB?.[0]).toBe(8192);
    expect(part.instances?.[0]?.hourly.swapMaxMiB?.[0]).toBe(1);
    expect(part.unavailable).toEqual([
      expect.objectContaining({ source: '1 Aurora Serverless instance in eu-north-1' }),
    ]);
  });

  it('limits that may not be read take nothing else away', async () => {
    const source = rdsSource(
      { rds: rds({ DescribeDBParameters: () => denied('rds:DescribeDBParameters') }), ec2, cloudwatch },
      region,
      rules,
    );
    const part = await source.read(window, never);
    expect(part.instances?.[0]?.maxConnections).toBeUndefined();
    expect(part.instances?.[0]?.hourly.running).toEqual(new Array(24).fill(1));
    expect(part.unavailable?.[0]).toMatchObject({ source: 'Connection limits of RDS in eu-north-1' });
  });

  it.each([
    ['500', undefined, 500],
    ['{DBInstanceClassMemory/12582880}', 16_384, 1228],
    ['LEAST({DBInstanceClassMemory/9531392}, 5000)', 1024 * 64, 5000],
    ['LEAST({DBInstanceClassMemory/9531392},5000)', 1024, 101],
    ['GREATEST({log(DBInstanceClassMemory/805306368)*45},1)', 16_384, undefined],
    ['{DBInstanceClassMemory/12582880}', undefined, undefined],
    ['0', undefined, undefined],
  ])('max_connections %s of %s MiB: %s', (formula, memoryMiB, limit) => {
    expect(maxConnectionsOf(formula, memoryMiB)).toBe(limit);
  });
});

describe('ElastiCache', () => {
  const cluster = (id: string, more: object = {}) => ({
    CacheClusterId: id,
    CacheNodeType: 'cache.r6g.large',
    Engine: 'redis',
    NumCacheNodes: 1,
    ARN: `arn:${id}`,
    ...more,
  });
  const elasticache = (more = {}) =>
    answering(new ElastiCacheClient(settings), {
      DescribeCacheClusters: inPages(
        [
          cluster('g-1', { ReplicationGroupId: 'g' }),
          cluster('g-2', { ReplicationGroupId: 'g' }),
          cluster('m', { Engine: 'memcached', NumCacheNodes: 3 }),
        ],
        2,
        (CacheClusters) => ({ CacheClusters }),
        'Marker',
      ),
      DescribeReplicationGroups: () => ({ ReplicationGroups: [{ ReplicationGroupId: 'g', ARN: 'arn:g' }] }),
      ListTagsForResource: ({ ResourceName }: { ResourceName: string }) => ({
        TagList: ResourceName === 'arn:g' ? [{ Key: 'team', Value: 'shop' }] : [],
      }),
      ...more,
    });
  const metrics = (commands: number) =>
    fakeCloudWatch((metric, statistic, { CacheClusterId }) => {
      if (statistic === 'SampleCount') return CacheClusterId === 'm' ? 180 : 60;
      if (metric === 'EngineCPUUtilization') return CacheClusterId === 'g-2' ? 70 : 20;
      if (metric.endsWith('Cmds')) return commands;
      return metric === 'CurrConnections' ? 4 : metric === 'Evictions' ? 2 : 15;
    });

  it('a group is one cache; the busiest node and engine count', async () => {
    const part = await elastiCacheSource({ elasticache: elasticache(), cloudwatch: metrics(9) }, region, rules).read(
      window,
      never,
    );
    const [group, memcached] = part.instances ?? [];
    expect(group).toMatchObject({ id: 'g', nodes: 2, engine: 'redis', owner: 'shop' });
    expect(group?.hourly.cpuP99Percent?.[0]).toBe(70);
    expect(group?.hourly.evictions?.[0]).toBe(4);
    expect(group?.hourly.connections?.[0]).toBe(4);
    expect(memcached).toMatchObject({ id: 'm', nodes: 3 });
    expect(memcached?.hourly.running[0]).toBe(1);
  });

  it("ElastiCache's own connections are nobody's, where no command came", async () => {
    const part = await elastiCacheSource({ elasticache: elasticache(), cloudwatch: metrics(0) }, region, rules).read(
      window,
      never,
    );
    expect(part.instances?.[0]?.hourly.connections?.[0]).toBe(0);
    expect(part.instances?.[1]?.hourly.connections?.[0]).toBe(4);
  });

  it('without tags: no owner; and with a scope nothing, since nobody knows what is in it', async () => {
    const blind = elasticache({ ListTagsForResource: () => denied('elasticache:ListTagsForResource') });
    const free = await elastiCacheSource({ elasticache: blind, cloudwatch: metrics(1) }, region, rules).read(
      window,
      never,
    );
    expect(free.instances).toHaveLength(2);
    expect(free.unavailable?.[0]?.source).toBe('Tags of ElastiCache in eu-north-1');
    const scoped = elastiCacheSource({ elasticache: blind, cloudwatch: metrics(1) }, region, {
      ...rules,
      scope: { key: 'team' },
    });
    expect((await scoped.read(window, never)).instances).toEqual([]);
  });
});

describe('what is held', () => {
  it('Savings Plans over pages', async () => {
    const plan = (id: string, more: object) => ({
      savingsPlanId: id,
      savingsPlanType: 'Compute',
      paymentOption: 'No Upfront',
      commitment: '1.25',
      end: '2027-06-01T00:00:00.000Z',
      termDurationInSeconds: 31_536_000,
      currency: 'USD',
      ...more,
    });
    const client = answering(new SavingsplansClient(settings), {
      DescribeSavingsPlans: inPages(
        [
          plan('a', {}),
          plan('b', {
            savingsPlanType: 'EC2Instance',
            region: 'us-east-1',
            ec2InstanceFamily: 'm5',
            termDurationInSeconds: 94_608_000,
            paymentOption: 'All Upfront',
          }),
          plan('c', { savingsPlanType: 'SageMaker' }),
          plan('d', { savingsPlanType: 'Database' }),
        ],
        1,
        (savingsPlans) => ({ savingsPlans }),
        'nextToken',
      ),
    });
    const part = await savingsPlansSource(client).read(window, never);
    expect(part.commitments).toEqual([
      {
        id: 'a',
        kind: 'computeSavingsPlan',
        years: 1,
        payment: 'none',
        feeUsdPerHour: 1.25,
        until: Date.parse('2027-06-01') / 1000,
      },
      {
        id: 'b',
        kind: 'ec2SavingsPlan',
        covers: 'ec2/us-east-1/m5',
        years: 3,
        payment: 'all',
        feeUsdPerHour: 1.25,
        until: Date.parse('2027-06-01') / 1000,
      },
      expect.objectContaining({ id: 'd', kind: 'databaseSavingsPlan' }),
    ]);
    expect(part.unavailable).toEqual([expect.objectContaining({ source: 'Savings Plan c' })]);
  });

  it('reservations: upfront money is spread, engines and platforms are told apart, one service denied is one line', async () => {
    const until = new Date('2027-01-01');
    const part = await reservationsSource(
      {
        ec2: answering(new EC2Client(settings), {
          DescribeReservedInstances: () => ({
            ReservedInstances: [
              {
                ReservedInstancesId: 'e',
                InstanceType: 'm5.large',
                InstanceCount: 2,
                Duration: 31_536_000,
                FixedPrice: 438,
                RecurringCharges: [{ Amount: 0.01 }],
                OfferingType: 'Partial Upfront',
                ProductDescription: 'Linux/UNIX (Amazon VPC)',
                End: until,
              },
              {
                ReservedInstancesId: 'w',
                InstanceType: 'm5.large',
                InstanceCount: 1,
                Duration: 31_536_000,
                FixedPrice: 0,
                RecurringCharges: [{ Amount: 0.1 }],
                OfferingType: 'No Upfront',
                ProductDescription: 'Windows',
                End: until,
              },
            ],
          }),
        }),
        rds: answering(new RDSClient(settings), {
          DescribeReservedDBInstances: inPages(
            [
              { ReservedDBInstanceId: 'gone', State: 'retired' },
              {
                ReservedDBInstanceId: 'r',
                State: 'active',
                DBInstanceClass: 'db.r6g.large',
                DBInstanceCount: 1,
                Duration: 94_608_000,
                FixedPrice: 2628,
                OfferingType: 'All Upfront',
                ProductDescription: 'postgresql(multi-az)',
                StartTime: new Date('2026-01-01'),
              },
            ],
            1,
            (ReservedDBInstances) => ({ ReservedDBInstances }),
            'Marker',
          ),
        }),
        elasticache: answering(new ElastiCacheClient(settings), {
          DescribeReservedCacheNodes: () => denied('elasticache:DescribeReservedCacheNodes'),
        }),
      },
      region,
    ).read(window, never);
    expect(part.commitments).toEqual([
      {
        id: 'e',
        kind: 'reservation',
        covers: 'ec2/eu-north-1/m5',
        years: 1,
        payment: 'partial',
        feeUsdPerHour: expect.closeTo(0.12, 9),
        until: until.getTime() / 1000,
      },
      expect.objectContaining({ id: 'w', covers: 'ec2/eu-north-1/m5/other-platform', feeUsdPerHour: 0.1 }),
      {
        id: 'r',
        kind: 'reservation',
        covers: 'rds/eu-north-1/postgres/r6g',
        years: 3,
        payment: 'all',
        feeUsdPerHour: 0.1,
        until: Date.parse('2026-01-01') / 1000 + 94_608_000,
      },
    ]);
    expect(part.unavailable).toEqual([
      expect.objectContaining({
        source: 'ElastiCache reservations held in eu-north-1',
        needs: expect.stringContaining('elasticache:DescribeReservedCacheNodes'),
      }),
    ]);
  });
});

describe('orphans', () => {
  it('free addresses, volumes without samples, gateways without traffic', async () => {
    const hours = 20 * 24;
    const ec2 = answering(new EC2Client(settings), {
      DescribeAddresses: () => ({
        Addresses: [
          { AllocationId: 'eip-1', PublicIp: '1.2.3.4' },
          { AllocationId: 'eip-2', AssociationId: 'x' },
        ],
      }),
      DescribeVolumes: inPages(
        [
          { VolumeId: 'v-1', VolumeType: 'gp3', Size: 100, CreateTime: new Date(0) },
          { VolumeId: 'v-2', VolumeType: 'gp3', Size: 8, CreateTime: new Date((from + 19 * 86_400) * 1000) },
        ],
        1,
        (Volumes) => ({ Volumes }),
      ),
      DescribeNatGateways: inPages(
        [
          { NatGatewayId: 'n-1', CreateTime: new Date(0) },
          { NatGatewayId: 'n-2', CreateTime: new Date(0) },
        ],
        1,
        (NatGateways) => ({ NatGateways }),
      ),
    });
    const cloudwatch = fakeCloudWatch((_metric, _statistic, { VolumeId, NatGatewayId }, h) => {
      if (VolumeId !== undefined) return h < 48 ? 12 : undefined;
      return NatGatewayId === 'n-1' ? 0 : h === hours - 50 ? 1000 : 0;
    });
    const part = await orphansSource({ ec2, cloudwatch }, region, rules).read({ from, hours }, never);
    expect(part.orphans?.map(({ id, idleHours, priceKey, quantity }) => [id, idleHours, priceKey, quantity])).toEqual([
      ['eip-1', 480, 'ipv4/eu-north-1', 1],
      ['v-1', 432, 'volume/eu-north-1/gp3', 100],
      ['v-2', 24, 'volume/eu-north-1/gp3', 8],
      ['n-1', 480, 'nat/eu-north-1', 1],
    ]);
  });

  it('one kind that is denied leaves the others', async () => {
    const ec2 = answering(new EC2Client(settings), {
      DescribeAddresses: () => ({ Addresses: [{ AllocationId: 'eip-1' }] }),
      DescribeVolumes: () => awsError('UnauthorizedOperation', 'You are not authorized to perform this operation.'),
      DescribeNatGateways: () => ({ NatGateways: [] }),
    });
    const part = await orphansSource({ ec2, cloudwatch: fakeCloudWatch(() => 0) }, region, rules).read(window, never);
    expect(part.orphans).toHaveLength(1);
    expect(part.unavailable?.map(({ source }) => source)).toEqual(['Unattached volumes in eu-north-1']);
  });
});

describe('the bill', () => {
  const memoryCache = (): DocumentCache => {
    const kept = new Map<string, { readonly document: unknown; readonly at: number }>();
    return {
      get: async (key, notBefore) =>
        (kept.get(key)?.at ?? Number.NEGATIVE_INFINITY) >= notBefore ? kept.get(key)?.document : undefined,
      put: async (key, document, at) => void kept.set(key, { document, at }),
    };
  };
  const group = (service: string, Amount: string, Unit = 'USD') => ({
    Keys: [service],
    Metrics: { AmortizedCost: { Amount, Unit } },
  });
  const client = (groups: readonly object[], calls: Record<string, number> = {}) =>
    answering(
      new CostExplorerClient(settings),
      { GetCostAndUsage: inPages(groups, 2, (Groups) => ({ ResultsByTime: [{ Groups }] }), 'NextPageToken') },
      calls,
    );
  const account = async () => '123456789012';

  it('adds up months and pages, brings whole days to the hours, asks once a day', async () => {
    const calls: Record<string, number> = {};
    const cache = memoryCache();
    const explorer = client(
      [
        group('Amazon Elastic Container Service', '10'),
        group('Tax', '-1'),
        group('Amazon Elastic Container Service', '14'),
      ],
      calls,
    );
    const halfDays = { from: from + 43_200, hours: 48 };
    const read = (now: number) => billSource(explorer, account, [region], cache, now).read(halfDays, never);
    expect(await read(1_000_000)).toEqual({
      bill: [{ service: 'Amazon Elastic Container Service', usd: 48 }],
      asked: { billRequests: 2 },
    });
    expect((await read(1_000_000 + 3600)).asked).toEqual({ billRequests: 0 });
    expect((await read(1_000_000 + 86_400)).asked).toEqual({ billRequests: 2 });
    expect(calls.GetCostAndUsage).toBe(4);
  });

  it('less than a day is not asked for; another currency is refused', async () => {
    expect(
      await billSource(client([]), account, [region], memoryCache(), 0).read({ from: from + 3600, hours: 5 }, never),
    ).toEqual({});
    const yuan = billSource(client([group('EC2', '1', 'CNY')]), account, [region], memoryCache(), 0);
    await expect(yuan.read(window, never)).rejects.toThrow('CNY');
  });
});
