import { type CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import { type EC2Client, type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { InstanceUsage, UnavailableSource } from '../../report/usage/usage.ts';
import { type HourlyQuery, type HourlySeries, readHourly } from '../hourly-metrics.ts';
import { optional, runningShare, sinceCreated } from '../series-math.ts';
import type { AccountPart, AccountSource, AccountWindow } from '../source.ts';
import { isInScope, ownerOf, type TagRules } from '../tags.ts';
import { unavailable } from '../unavailable.ts';

/** Instances that are there now, running or stopped, with their hours. */
export const ec2Source = (
  clients: { readonly ec2: EC2Client; readonly cloudwatch: CloudWatchClient },
  region: string,
  rules: TagRules,
): AccountSource => ({
  source: 'ec2',
  region,
  read: async (window, abortSignal): Promise<AccountPart> => {
    const all = await instancesOf(clients.ec2, rules, abortSignal);
    const instances = all.filter(({ InstanceLifecycle }) => InstanceLifecycle !== 'spot');
    const agents = await agentDimensions(clients.cloudwatch, region, instances, abortSignal);
    const hourly = await readHourly(
      clients.cloudwatch,
      { source: 'ec2', region },
      instances.flatMap((instance) => queriesOf(instance, agents.byInstance)),
      window,
      abortSignal,
    );
    return {
      instances: instances.flatMap((instance) => toUsage(instance, region, hourly, window, rules)),
      unavailable: [...agents.unavailable, ...hourly.unavailable, ...leftOut(all.length - instances.length, region)],
      asked: { metrics: hourly.metrics },
    };
  },
});

const instancesOf = async (
  client: EC2Client,
  rules: TagRules,
  abortSignal: AbortSignal,
): Promise<readonly Instance[]> => {
  const found: Instance[] = [];
  const pages = paginateDescribeInstances(
    { client },
    { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }] },
    { abortSignal },
  );
  for await (const { Reservations = [] } of pages)
    found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  return found.filter(({ Tags = [] }) => isInScope(Tags, rules));
};

type Dimensions = Readonly<Record<string, string>>;

/** The agent chooses its own dimensions, so that they must be looked up. */
const agentDimensions = async (
  client: CloudWatchClient,
  region: string,
  instances: readonly Instance[],
  abortSignal: AbortSignal,
): Promise<{
  readonly byInstance: ReadonlyMap<string, Dimensions>;
  readonly unavailable: readonly UnavailableSource[];
}> => {
  const byInstance = new Map<string, Dimensions>();
  if (instances.length === 0) return { byInstance, unavailable: [] };
  try {
    const pages = paginateListMetrics(
      { client },
      { Namespace: 'CWAgent', MetricName: 'mem_used_percent' },
      { abortSignal },
    );
    for await (const { Metrics = [] } of pages) {
      for (const { Dimensions = [] } of Metrics) {
        const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
        const id = dimensions.InstanceId;
        const before = id === undefined ? undefined : byInstance.get(id);
        // The same instance under fewer dimensions is the same figure.
        if (id !== undefined && (before === undefined || Dimensions.length < Object.keys(before).length)) {
          byInstance.set(id, dimensions);
        }
      }
    }
    return { byInstance, unavailable: [] };
  } catch (error) {
    const line = unavailable('ec2', region, error);
    return { byInstance, unavailable: [{ ...line, source: `Memory of ${line.source}` }] };
  }
};

const queriesOf = ({ InstanceId = '' }: Instance, agents: ReadonlyMap<string, Dimensions>): readonly HourlyQuery[] => {
  const cpu = {
    namespace: 'AWS/EC2',
    metric: 'CPUUtilization',
    dimensions: { InstanceId },
  };
  const agent = agents.get(InstanceId);
  return [
    { id: `${InstanceId} cpuMean`, statistic: 'Average', ...cpu },
    { id: `${InstanceId} cpuMax`, statistic: 'Maximum', ...cpu },
    { id: `${InstanceId} samples`, statistic: 'SampleCount', ...cpu },
    ...(agent === undefined
      ? []
      : [
          {
            id: `${InstanceId} memory`,
            namespace: 'CWAgent',
            metric: 'mem_used_percent',
            statistic: 'Maximum' as const,
            dimensions: agent,
          },
        ]),
  ];
};

const toUsage = (
  instance: Instance,
  region: string,
  { series }: HourlySeries,
  window: AccountWindow,
  rules: TagRules,
): readonly InstanceUsage[] => {
  const { InstanceId: id, InstanceType: type, Tags = [], Monitoring } = instance;
  if (id === undefined || type === undefined) return [];
  const samples = series.get(`${id} samples`);
  const perHour = Monitoring?.State === 'enabled' ? 60 : 12;
  return [
    {
      kind: 'ec2',
      id,
      region,
      ...ownerOf(Tags, rules),
      type,
      engine: engineOf(instance),
      multiAz: false,
      nodes: 1,
      hourly: {
        running:
          samples === undefined
            ? new Array<null>(window.hours).fill(null)
            : sinceCreated(runningShare(samples, perHour), bornAt(instance), window),
        ...optional('cpuMeanPercent', series.get(`${id} cpuMean`)),
        // Of sixty minutes the 99th percentile is the largest.
        ...optional('cpuP99Percent', series.get(`${id} cpuMax`)),
        ...optional('memoryMaxPercent', series.get(`${id} memory`)),
      },
    },
  ];
};

/** `LaunchTime` is the last start; the first volume and interface came with the instance. */
const bornAt = ({
  LaunchTime,
  BlockDeviceMappings = [],
  NetworkInterfaces = [],
}: Instance): readonly (Date | undefined)[] => [
  LaunchTime,
  ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.AttachTime),
  ...NetworkInterfaces.map(({ Attachment }) => Attachment?.AttachTime),
];

/** `linux` alone has the plain price: another platform or tenancy is another product. */
const engineOf = ({ PlatformDetails = 'Linux/UNIX', Placement }: Instance): string => {
  const platform =
    PlatformDetails === 'Linux/UNIX' ? 'linux' : PlatformDetails.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const tenancy = Placement?.Tenancy ?? 'default';
  return tenancy === 'default' ? platform : `${platform}-${tenancy}`;
};

const leftOut = (spot: number, region: string): readonly UnavailableSource[] =>
  spot === 0
    ? []
    : [
        {
          source: `${spot} EC2 Spot instance${spot === 1 ? '' : 's'} in ${region}`,
          because: 'their price changes by the hour, and nothing here would be right for them',
          needs: 'nothing: they are in the bill and in no advice',
        },
      ];
