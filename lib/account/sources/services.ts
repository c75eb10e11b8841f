import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import { readRollups } from '../../act/dynamo-rollups.ts';
import type { ServiceBinding } from '../../model/binding.ts';
import type { HourlyRollup } from '../../model/hourly-rollup.ts';
import { batchesByCluster } from '../../observe/service-counts.ts';
import type { UnavailableSource } from '../../report/usage/usage.ts';
import { usageFromRollups } from '../../report/usage/usage-from-rollups.ts';
import { type HourlyQuery, type HourlySeries, readHourly } from '../hourly-metrics.ts';
import { optional, totalOf } from '../series-math.ts';
import type { AccountPart, AccountSource, AccountWindow, FoundOverhead, FoundService } from '../source.ts';
import { ownerOf, type TagRules } from '../tags.ts';
import { unavailable } from '../unavailable.ts';
import { besideTasks } from './beside-tasks.ts';

export interface ServiceClients {
  readonly dynamo: DynamoDBClient;
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
}

/** What one Region's stage is made of: its services, and the table with their hours. */
export interface StageHere {
  readonly bindings: readonly ServiceBinding[];
  readonly table: string;
}

/** The services of a stage: their own rollups, what ECS says of them, and CPU and memory by the hour. */
export const servicesSource = (
  clients: ServiceClients,
  /** Rejects when it cannot be read; undefined: there is no stage in this Region. */
  stage: (abortSignal: AbortSignal) => Promise<StageHere | undefined>,
  region: string,
  rules: TagRules,
): AccountSource => ({
  source: 'services',
  region,
  read: async (window, abortSignal): Promise<AccountPart> => {
    const here = await stage(abortSignal);
    if (here === undefined) return { unavailable: [noStage(region)] };
    const { bindings, table } = here;
    const [rollups, seen, hourly] = await Promise.all([
      rollupsOf(clients.dynamo, table, region, bindings, window),
      seenServices(clients.ecs, region, bindings, abortSignal),
      readHourly(clients.cloudwatch, { source: 'services', region }, bindings.flatMap(queriesOf), window, abortSignal),
    ]);
    const sharing = [...seen.byService].flatMap(([name, ecs]) => {
      const own = rollups.byService.get(name);
      return own === undefined ? [] : [{ name, ecs, meanTasks: meanTasks(own) }];
    });
    const beside = await besideTasks(clients, sharing, region, window, abortSignal);
    return {
      services: bindings.flatMap((binding) => {
        const name = binding.plan.service;
        const own = rollups.byService.get(name);
        if (own === undefined) return [];
        const service = found(binding, own, seen.byService.get(name), hourly, region, window, rules);
        return [{ ...service, overheads: [...service.overheads, ...(beside.byService.get(name) ?? [])] }];
      }),
      unavailable: [...rollups.unavailable, ...seen.unavailable, ...hourly.unavailable, ...beside.unavailable],
      asked: { metrics: hourly.metrics + beside.metrics },
    };
  },
});

const noStage = (region: string): UnavailableSource => ({
  source: `Own services in ${region}`,
  because: 'no stage of that name is deployed there',
  needs: 'nothing, if it is not meant to be; else the name of the stage (--stage) or its deploy',
});

/** One service's table rows that cannot be read take no other service away. */
const rollupsOf = async (
  dynamo: DynamoDBClient,
  table: string,
  region: string,
  bindings: readonly ServiceBinding[],
  { from, hours }: AccountWindow,
): Promise<{
  readonly byService: ReadonlyMap<string, readonly HourlyRollup[]>;
  readonly unavailable: readonly UnavailableSource[];
}> => {
  const byService = new Map<string, readonly HourlyRollup[]>();
  const lines: UnavailableSource[] = [];
  for (const { plan } of bindings) {
    try {
      byService.set(plan.service, await readRollups(dynamo, table, plan.service, from, from + hours * 3600));
    } catch (error) {
      const line = unavailable('services', region, error);
      lines.push({ ...line, source: `Hours of ${plan.service} in ${region}` });
    }
  }
  return { byService, unavailable: lines };
};

const seenServices = async (
  ecs: ECSClient,
  region: string,
  bindings: readonly ServiceBinding[],
  abortSignal: AbortSignal,
): Promise<{
  readonly byService: ReadonlyMap<string, Service>;
  readonly unavailable: readonly UnavailableSource[];
}> => {
  const byService = new Map<string, Service>();
  try {
    for (const batch of batchesByCluster(bindings)) {
      const [first] = batch;
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({
          cluster: first?.cluster,
          services: batch.map(({ ecsService }) => ecsService),
          include: ['TAGS'],
        }),
        { abortSignal },
      );
      for (const service of services) {
        const binding = bindings.find(
          ({ cluster, ecsService }) => cluster === first?.cluster && ecsService === service.serviceName,
        );
        if (binding !== undefined) byService.set(binding.plan.service, service);
      }
    }
    return { byService, unavailable: [] };
  } catch (error) {
    const line = unavailable('services', region, error);
    return { byService, unavailable: [{ ...line, source: `Addresses, Spot share and owners in ${region}` }] };
  }
};

/** `arn:aws:ecs:…:cluster/main` or `main`. */
const clusterName = (cluster: string): string => cluster.split('/').at(-1) ?? cluster;

const queriesOf = ({ plan, cluster, ecsService }: ServiceBinding): readonly HourlyQuery[] => {
  const ecs = (name: string, metric: string, statistic: HourlyQuery['statistic']): HourlyQuery => ({
    id: `${plan.service} ${name}`,
    namespace: 'AWS/ECS',
    metric,
    statistic,
    dimensions: { ClusterName: clusterName(cluster), ServiceName: ecsService },
  });
  return [
    ecs('cpuMean', 'CPUUtilization', 'Average'),
    ecs('cpuMax', 'CPUUtilization', 'Maximum'),
    ecs('memory', 'MemoryUtilization', 'Maximum'),
    ...plan.queues.flatMap(({ name }) =>
      requestMetrics.map(
        (metric): HourlyQuery => ({
          id: `${plan.service} ${name} ${metric}`,
          namespace: 'AWS/SQS',
          metric,
          statistic: 'Sum',
          dimensions: { QueueName: name },
        }),
      ),
    ),
  ];
};

/** Each of them is one request at most: batches make it fewer. */
const requestMetrics = [
  'NumberOfMessagesSent',
  'NumberOfMessagesReceived',
  'NumberOfMessagesDeleted',
  'NumberOfEmptyReceives',
] as const;

const found = (
  binding: ServiceBinding,
  rollups: readonly HourlyRollup[],
  service: Service | undefined,
  { series }: HourlySeries,
  region: string,
  { from, hours }: AccountWindow,
  rules: TagRules,
): FoundService => {
  const { plan } = binding;
  const tags = (service?.tags ?? []).map(({ key, value }) => ({ Key: key, Value: value }));
  const strategy = service?.capacityProviderStrategy ?? [];
  const usage = usageFromRollups(
    {
      plan,
      region,
      ...ownerOf(tags, rules),
      publicIpv4: service?.networkConfiguration?.awsvpcConfiguration?.assignPublicIp === 'ENABLED',
      spotShare: spotShareOf(strategy, meanTasks(rollups)),
      // Whoever runs on Spot today has said that its jobs may be stopped.
      interruptible: strategy.some(
        ({ capacityProvider, weight = 0 }) => capacityProvider === 'FARGATE_SPOT' && weight > 0,
      ),
      rollups,
      metrics: {
        ...optional('cpuMeanPercent', series.get(`${plan.service} cpuMean`)),
        // Of sixty minutes the 99th percentile is the largest.
        ...optional('cpuP99Percent', series.get(`${plan.service} cpuMax`)),
        ...optional('memoryMaxPercent', series.get(`${plan.service} memory`)),
      },
    },
    from,
    hours,
  );
  return {
    usage,
    overheads: plan.queues.flatMap((queue) => requestsOf(plan.service, queue, region, series)),
    shard: { name: binding.shard, tickSeconds: plan.tickSeconds },
    queues: plan.queues.length,
    busyTasks: Math.min(meanTasks(rollups), meanBusySlots(rollups)),
  };
};

const requestsOf = (
  service: string,
  { name, fifo }: ServiceBinding['plan']['queues'][number],
  region: string,
  series: HourlySeries['series'],
): readonly FoundOverhead[] => {
  const requests = totalOf(requestMetrics.map((metric) => series.get(`${service} ${name} ${metric}`)));
  const known = (requests ?? []).filter((value) => value !== null);
  if (known.length === 0) return [];
  return [
    {
      what: `SQS requests of ${name}`,
      priceKey: `sqs${fifo ? '-fifo' : ''}/${region}`,
      perHour: known.reduce((sum, value) => sum + value, 0) / known.length,
    },
  ];
};

type Strategy = NonNullable<Service['capacityProviderStrategy']>;

/** Above the base, tasks are spread by weight. */
const spotShareOf = (strategy: Strategy, tasks: number): number => {
  const weights = strategy.reduce((sum, { weight = 0 }) => sum + weight, 0);
  const spot = strategy.find(({ capacityProvider }) => capacityProvider === 'FARGATE_SPOT');
  if (spot === undefined || tasks <= 0 || weights === 0) return 0;
  const base = strategy.reduce((sum, one) => sum + (one === spot ? 0 : (one.base ?? 0)), 0);
  const ofSpot = Math.min(tasks, spot.base ?? 0);
  const spread = Math.max(0, tasks - base - (spot.base ?? 0));
  return Math.min(1, (ofSpot + (spread * (spot.weight ?? 0)) / weights) / tasks);
};

const meanTasks = (rollups: readonly HourlyRollup[]): number =>
  perObservedSecond(rollups, ({ taskSecondsBySize }) =>
    Object.values(taskSecondsBySize).reduce((sum, s) => sum + s, 0),
  );

const meanBusySlots = (rollups: readonly HourlyRollup[]): number =>
  perObservedSecond(rollups, ({ busySlotSeconds }) => busySlotSeconds);

const perObservedSecond = (rollups: readonly HourlyRollup[], of: (rollup: HourlyRollup) => number): number => {
  const observed = rollups.reduce((sum, { observedSeconds = 3600 }) => sum + observedSeconds, 0);
  return observed > 0 ? rollups.reduce((sum, rollup) => sum + of(rollup), 0) / observed : 0;
};
