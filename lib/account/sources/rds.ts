import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type EC2Client, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import {
  type DBInstance,
  paginateDescribeDBInstances,
  paginateDescribeDBParameters,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { MiB } from '../../model/units.ts';
import type { InstanceUsage, UnavailableSource } from '../../report/usage/usage.ts';
import { type HourlyQuery, type HourlySeries, queriesOfResource, readHourly } from '../hourly-metrics.ts';
import { mapSeries, optional, runningShare, sinceCreated } from '../series-math.ts';
import type { AccountPart, AccountSource, AccountWindow } from '../source.ts';
import { isInScope, ownerOf, type TagRules } from '../tags.ts';
import { unavailable } from '../unavailable.ts';
import { maxConnectionsOf } from './max-connections.ts';

export interface RdsClients {
  readonly rds: RDSClient;
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
}

/** Database instances of RDS and Aurora that are there now, with their hours. */
export const rdsSource = (clients: RdsClients, region: string, rules: TagRules): AccountSource => ({
  source: 'rds',
  region,
  read: async (window, abortSignal): Promise<AccountPart> => {
    const all = await databasesOf(clients.rds, rules, abortSignal);
    const databases = all.filter(({ DBInstanceClass }) => DBInstanceClass !== 'db.serverless');
    const [hourly, memory, limits] = await Promise.all([
      readHourly(clients.cloudwatch, { source: 'rds', region }, databases.flatMap(queriesOf), window, abortSignal),
      memoryByClass(clients.ec2, region, databases, abortSignal),
      limitsByGroup(clients.rds, region, databases, abortSignal),
    ]);
    return {
      instances: databases.flatMap((database) => toUsage(database, region, { hourly, memory, limits, window, rules })),
      unavailable: [
        ...hourly.unavailable,
        ...memory.unavailable,
        ...limits.unavailable,
        ...leftOut(all.length - databases.length, region),
      ],
      asked: { metrics: hourly.metrics },
    };
  },
});

/** The same API lists databases of other services. */
const otherServices = new Set(['docdb', 'neptune']);

const databasesOf = async (
  client: RDSClient,
  rules: TagRules,
  abortSignal: AbortSignal,
): Promise<readonly DBInstance[]> => {
  const found: DBInstance[] = [];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client }, {}, { abortSignal })) {
    found.push(...DBInstances);
  }
  return found.filter(({ Engine = '', TagList = [] }) => !otherServices.has(Engine) && isInScope(TagList, rules));
};

const queriesOf = ({ DBInstanceIdentifier: id = '' }: DBInstance): readonly HourlyQuery[] => {
  const of = queriesOfResource(id, 'AWS/RDS', { DBInstanceIdentifier: id });
  return [
    of('cpuMean', 'CPUUtilization', 'Average'),
    of('cpuMax', 'CPUUtilization', 'Maximum'),
    of('samples', 'CPUUtilization', 'SampleCount'),
    of('freeMemory', 'FreeableMemory', 'Minimum'),
    of('swap', 'SwapUsage', 'Maximum'),
    of('connections', 'DatabaseConnections', 'Maximum'),
  ];
};

interface ByKey<Value> {
  readonly known: ReadonlyMap<string, Value>;
  readonly unavailable: readonly UnavailableSource[];
}

/** A class is an EC2 type under another name; RDS itself does not say how much memory it has. */
const memoryByClass = async (
  client: EC2Client,
  region: string,
  databases: readonly DBInstance[],
  abortSignal: AbortSignal,
): Promise<ByKey<MiB>> => {
  const types = [...new Set(databases.map(({ DBInstanceClass = '' }) => DBInstanceClass.replace(/^db\./, '')))];
  return gather('Memory of', region, types.length === 0 ? [] : chunks(types, 100), async (some, known) => {
    // A filter passes over types that EC2 does not know; asking for them by name would be an error.
    const pages = paginateDescribeInstanceTypes(
      { client },
      { Filters: [{ Name: 'instance-type', Values: [...some] }] },
      { abortSignal },
    );
    for await (const { InstanceTypes = [] } of pages) {
      for (const { InstanceType, MemoryInfo } of InstanceTypes) {
        if (InstanceType !== undefined && MemoryInfo?.SizeInMiB !== undefined) {
          known.set(`db.${InstanceType}`, MemoryInfo.SizeInMiB);
        }
      }
    }
  });
};

/** `max_connections` as each parameter group writes it: a number, or a formula of the memory. */
const limitsByGroup = async (
  client: RDSClient,
  region: string,
  databases: readonly DBInstance[],
  abortSignal: AbortSignal,
): Promise<ByKey<string>> => {
  const groups = [...new Set(databases.flatMap(groupOf))];
  return gather('Connection limits of', region, groups, async (group, known) => {
    const pages = paginateDescribeDBParameters({ client }, { DBParameterGroupName: group }, { abortSignal });
    for await (const { Parameters = [] } of pages) {
      const value = Parameters.find(({ ParameterName }) => ParameterName === 'max_connections')?.ParameterValue;
      if (value !== undefined) {
        known.set(group, value);
        return;
      }
    }
  });
};

const gather = async <Item, Value>(
  what: string,
  region: string,
  items: readonly Item[],
  ask: (item: Item, known: Map<string, Value>) => Promise<void>,
): Promise<ByKey<Value>> => {
  const known = new Map<string, Value>();
  try {
    for (const item of items) await ask(item, known);
    return { known, unavailable: [] };
  } catch (error) {
    const line = unavailable('rds', region, error);
    return { known, unavailable: [{ ...line, source: `${what} ${line.source}` }] };
  }
};

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const groupOf = ({ DBParameterGroups = [] }: DBInstance): readonly string[] =>
  DBParameterGroups.flatMap(({ DBParameterGroupName }) => DBParameterGroupName ?? []).slice(0, 1);

interface Known {
  readonly hourly: HourlySeries;
  readonly memory: ByKey<MiB>;
  readonly limits: ByKey<string>;
  readonly window: AccountWindow;
  readonly rules: TagRules;
}

const toUsage = (
  database: DBInstance,
  region: string,
  { hourly: { series }, memory, limits, window, rules }: Known,
): readonly InstanceUsage[] => {
  const { DBInstanceIdentifier: id, DBInstanceClass: type, Engine: engine, TagList = [], MultiAZ } = database;
  if (id === undefined || type === undefined || engine === undefined) return [];
  const samples = series.get(`${id} samples`);
  const memoryMiB = memory.known.get(type);
  const limit = limits.known.get(groupOf(database)[0] ?? '');
  const maxConnections = limit === undefined ? undefined : maxConnectionsOf(limit, memoryMiB);
  const inMiB = (name: string) => {
    const bytes = series.get(`${id} ${name}`);
    return bytes && mapSeries(bytes, (value) => value / 1024 ** 2);
  };
  return [
    {
      kind: 'rds',
      id,
      region,
      ...ownerOf(TagList, rules),
      type,
      engine,
      multiAz: MultiAZ === true,
      nodes: 1,
      ...(memoryMiB === undefined ? {} : { memoryMiB }),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      hourly: {
        running:
          samples === undefined
            ? new Array<null>(window.hours).fill(null)
            : sinceCreated(runningShare(samples, 60), [database.InstanceCreateTime], window),
        ...optional('cpuMeanPercent', series.get(`${id} cpuMean`)),
        // Of sixty minutes the 99th percentile is the largest.
        ...optional('cpuP99Percent', series.get(`${id} cpuMax`)),
        ...optional('freeMemoryMinMiB', inMiB('freeMemory')),
        ...optional('swapMaxMiB', inMiB('swap')),
        ...optional('connections', series.get(`${id} connections`)),
      },
    },
  ];
};

const leftOut = (serverless: number, region: string): readonly UnavailableSource[] =>
  serverless === 0
    ? []
    : [
        {
          source: `${serverless} Aurora Serverless instance${serverless === 1 ? '' : 's'} in ${region}`,
          because: 'they have no class and scale by themselves',
          needs: 'nothing: they are in the bill and in no advice',
        },
      ];
