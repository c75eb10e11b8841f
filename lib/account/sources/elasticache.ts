import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  type CacheCluster,
  type ElastiCacheClient,
  ListTagsForResourceCommand,
  paginateDescribeCacheClusters,
  paginateDescribeReplicationGroups,
} from '@aws-sdk/client-elasticache';
import type { InstanceUsage, Series, UnavailableSource } from '../../report/usage/usage.ts';
import { type HourlyQuery, type HourlySeries, queriesOfResource, readHourly } from '../hourly-metrics.ts';
import { largestOf, optional, runningShare, sinceFirst, totalOf } from '../series-math.ts';
import type { AccountPart, AccountSource } from '../source.ts';
import { isInScope, ownerOf, type Tag, type TagRules } from '../tags.ts';
import { unavailable } from '../unavailable.ts';

export interface ElastiCacheClients {
  readonly elasticache: ElastiCacheClient;
  readonly cloudwatch: CloudWatchClient;
}

/** Caches made of nodes: a replication group is one cache, and so is a cluster of its own. */
export const elastiCacheSource = (clients: ElastiCacheClients, region: string, rules: TagRules): AccountSource => ({
  source: 'elasticache',
  region,
  read: async (window, abortSignal): Promise<AccountPart> => {
    const all = await cachesOf(clients.elasticache, abortSignal);
    const { caches, unavailable: untagged } = await withTags(clients.elasticache, all, region, rules, abortSignal);
    const hourly = await readHourly(
      clients.cloudwatch,
      { source: 'elasticache', region },
      caches.flatMap(({ members, engine }) => members.flatMap((member) => queriesOf(member, engine))),
      window,
      abortSignal,
    );
    return {
      instances: caches.map((cache) => toUsage(cache, region, hourly, window.hours, rules)),
      unavailable: [...untagged, ...hourly.unavailable],
      asked: { metrics: hourly.metrics },
    };
  },
});

interface Cache {
  readonly id: string;
  readonly arn?: string;
  readonly type: string;
  readonly engine: string;
  readonly nodes: number;
  /** Cluster ids: what CloudWatch goes by. */
  readonly members: readonly string[];
  readonly tags: readonly Tag[];
}

const cachesOf = async (client: ElastiCacheClient, abortSignal: AbortSignal): Promise<readonly Cache[]> => {
  const clusters: CacheCluster[] = [];
  for await (const { CacheClusters = [] } of paginateDescribeCacheClusters({ client }, {}, { abortSignal })) {
    clusters.push(...CacheClusters);
  }
  const groupArns = new Map<string, string>();
  if (clusters.some(({ ReplicationGroupId }) => ReplicationGroupId !== undefined)) {
    for await (const { ReplicationGroups = [] } of paginateDescribeReplicationGroups({ client }, {}, { abortSignal })) {
      for (const { ReplicationGroupId, ARN } of ReplicationGroups) {
        if (ReplicationGroupId !== undefined && ARN !== undefined) groupArns.set(ReplicationGroupId, ARN);
      }
    }
  }
  const byCache = Map.groupBy(
    clusters,
    ({ ReplicationGroupId, CacheClusterId = '' }) => ReplicationGroupId ?? CacheClusterId,
  );
  return [...byCache].flatMap(([id, members]): readonly Cache[] => {
    const [first] = members;
    if (first?.CacheNodeType === undefined || first.Engine === undefined) return [];
    const arn = groupArns.get(id) ?? first.ARN;
    return [
      {
        id,
        ...(arn === undefined ? {} : { arn }),
        type: first.CacheNodeType,
        engine: first.Engine,
        nodes: members.reduce((sum, { NumCacheNodes = 1 }) => sum + NumCacheNodes, 0),
        members: members.map(({ CacheClusterId = '' }) => CacheClusterId),
        tags: [],
      },
    ];
  });
};

/** Without tags nobody knows the owner, and a scope cannot be applied: then nothing of it is looked at. */
const withTags = async (
  client: ElastiCacheClient,
  caches: readonly Cache[],
  region: string,
  rules: TagRules,
  abortSignal: AbortSignal,
): Promise<{ readonly caches: readonly Cache[]; readonly unavailable: readonly UnavailableSource[] }> => {
  const tagged: Cache[] = [];
  try {
    for (const cache of caches) {
      if (cache.arn === undefined) {
        tagged.push(cache);
        continue;
      }
      const { TagList = [] } = await client.send(new ListTagsForResourceCommand({ ResourceName: cache.arn }), {
        abortSignal,
      });
      tagged.push({ ...cache, tags: TagList });
    }
    return { caches: tagged.filter(({ tags }) => isInScope(tags, rules)), unavailable: [] };
  } catch (error) {
    const line = unavailable('elasticache', region, error);
    return {
      caches: rules.scope === undefined ? caches : [],
      unavailable: [{ ...line, source: `Tags of ${line.source}` }],
    };
  }
};

const queriesOf = (member: string, engine: string): readonly HourlyQuery[] => {
  const of = queriesOfResource(member, 'AWS/ElastiCache', { CacheClusterId: member });
  return [
    of('cpuMean', 'CPUUtilization', 'Average'),
    of('cpuMax', 'CPUUtilization', 'Maximum'),
    of('samples', 'CPUUtilization', 'SampleCount'),
    of('connections', 'CurrConnections', 'Maximum'),
    of('evictions', 'Evictions', 'Sum'),
    ...(engine === 'memcached'
      ? []
      : [
          // One thread works on commands: on a large node it is full long before the node is.
          of('engineMax', 'EngineCPUUtilization', 'Maximum'),
          of('memory', 'DatabaseMemoryUsagePercentage', 'Maximum'),
          ...commandMetrics.map((metric) => of(metric, metric, 'Sum')),
        ]),
  ];
};

const commandMetrics = ['GetTypeCmds', 'SetTypeCmds', 'EvalBasedCmds', 'PubSubBasedCmds'] as const;

const toUsage = (
  { id, type, engine, nodes, members, tags }: Cache,
  region: string,
  { series }: HourlySeries,
  hours: number,
  rules: TagRules,
): InstanceUsage => {
  const of = (name: string): readonly (Series | undefined)[] =>
    members.map((member) => series.get(`${member} ${name}`));
  const samples = largestOf(of('samples'));
  return {
    kind: 'elasticache',
    id,
    region,
    ...ownerOf(tags, rules),
    type,
    engine,
    multiAz: false,
    nodes,
    hourly: {
      running:
        samples === undefined
          ? new Array<null>(hours).fill(null)
          : sinceFirst(runningShare(samples, 60 * (nodes / members.length))),
      ...optional('cpuMeanPercent', largestOf(of('cpuMean'))),
      ...optional('cpuP99Percent', largestOf([...of('cpuMax'), ...of('engineMax')])),
      ...optional('memoryMaxPercent', largestOf(of('memory'))),
      ...optional('connections', clientsOnly(largestOf(of('connections')), totalOf(commandMetrics.flatMap(of)))),
      ...optional('evictions', totalOf(of('evictions'))),
    },
  };
};

/** ElastiCache holds up to four connections itself. In an hour without any command nobody else can be told from it. */
const clientsOnly = (connections: Series | undefined, commands: Series | undefined): Series | undefined =>
  connections?.map((count, h) => (count === null || commands?.[h] !== 0 ? count : Math.max(0, count - 4)));
