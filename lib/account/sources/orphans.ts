import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  DescribeAddressesCommand,
  type EC2Client,
  type NatGateway,
  paginateDescribeNatGateways,
  paginateDescribeVolumes,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { OrphanUsage, Series, UnavailableSource } from '../../report/usage/usage.ts';
import { type HourlyQuery, readHourly } from '../hourly-metrics.ts';
import type { AccountPart, AccountSource, AccountWindow } from '../source.ts';
import { isInScope, ownerOf, type TagRules } from '../tags.ts';
import { unavailable } from '../unavailable.ts';
import { natByteQueries, natBytes } from './nat-bytes.ts';

/** An orphan before it has a price. */
export interface FoundOrphan extends Omit<OrphanUsage, 'usdPerHour'> {
  /** Key of `PriceBook.others`, and how much of it there is. */
  readonly priceKey: string;
  readonly quantity: number;
}

export interface OrphanClients {
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
}

/** Addresses and volumes that are attached to nothing, and NAT gateways that nothing goes through. */
export const orphansSource = (clients: OrphanClients, region: string, rules: TagRules): AccountSource => ({
  source: 'orphans',
  region,
  read: async (window, abortSignal): Promise<AccountPart> => {
    const parts = await Promise.allSettled([
      addresses(clients.ec2, region, window, rules, abortSignal),
      volumes(clients, region, window, rules, abortSignal),
      gateways(clients, region, window, rules, abortSignal),
    ]);
    return {
      orphans: parts.flatMap((part) => (part.status === 'fulfilled' ? part.value.orphans : [])),
      unavailable: parts.flatMap((part, i): readonly UnavailableSource[] =>
        part.status === 'fulfilled'
          ? part.value.unavailable
          : [{ ...unavailable('orphans', region, part.reason), source: `${kinds[i]} in ${region}` }],
      ),
      asked: { metrics: parts.reduce((sum, part) => sum + (part.status === 'fulfilled' ? part.value.metrics : 0), 0) },
    };
  },
});

const kinds = ['Unattached addresses', 'Unattached volumes', 'NAT gateways'] as const;

interface Found {
  readonly orphans: readonly FoundOrphan[];
  readonly unavailable: readonly UnavailableSource[];
  readonly metrics: number;
}

/** AWS does not say since when an address is free, so what is free now counts as free for the window. */
const addresses = async (
  client: EC2Client,
  region: string,
  { hours }: AccountWindow,
  rules: TagRules,
  abortSignal: AbortSignal,
): Promise<Found> => {
  const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}), { abortSignal });
  const free = Addresses.filter(
    ({ AssociationId, NetworkInterfaceId, ServiceManaged, Tags = [] }) =>
      AssociationId === undefined &&
      NetworkInterfaceId === undefined &&
      ServiceManaged === undefined &&
      isInScope(Tags, rules),
  );
  return {
    orphans: free.flatMap(({ AllocationId, PublicIp, Tags = [] }) =>
      AllocationId === undefined
        ? []
        : [
            {
              id: AllocationId,
              what: `the unattached address ${PublicIp ?? ''}`.trim(),
              region,
              ...ownerOf(Tags, rules),
              idleHours: hours,
              removeCommand: `aws ec2 release-address --allocation-id ${AllocationId} --region ${region}`,
              priceKey: `ipv4/${region}`,
              quantity: 1,
            },
          ],
    ),
    unavailable: [],
    metrics: 0,
  };
};

/** A volume sends metrics only while it is attached. */
const volumes = async (
  { ec2: client, cloudwatch }: OrphanClients,
  region: string,
  window: AccountWindow,
  rules: TagRules,
  abortSignal: AbortSignal,
): Promise<Found> => {
  const free: Volume[] = [];
  const pages = paginateDescribeVolumes(
    { client },
    { Filters: [{ Name: 'status', Values: ['available'] }] },
    { abortSignal },
  );
  for await (const { Volumes = [] } of pages) free.push(...Volumes.filter(({ Tags = [] }) => isInScope(Tags, rules)));
  const queries = free.map(
    ({ VolumeId = '' }): HourlyQuery => ({
      id: VolumeId,
      namespace: 'AWS/EBS',
      metric: 'VolumeIdleTime',
      statistic: 'SampleCount',
      dimensions: { VolumeId },
    }),
  );
  const hourly = await readHourly(cloudwatch, { source: 'orphans', region }, queries, window, abortSignal);
  return {
    orphans: free.flatMap(({ VolumeId: id, VolumeType = 'unknown', Size = 0, Tags = [], CreateTime }) => {
      const samples = id === undefined ? undefined : hourly.series.get(id);
      if (id === undefined || samples === undefined) return [];
      return [
        {
          id,
          what: `the unattached volume (${Size} GiB ${VolumeType})`,
          region,
          ...ownerOf(Tags, rules),
          idleHours: Math.min(
            idleTail(samples, (count) => count === null),
            ageHours(CreateTime, window),
          ),
          removeCommand: `aws ec2 create-snapshot --volume-id ${id} --region ${region}\naws ec2 delete-volume --volume-id ${id} --region ${region}   # when the snapshot is complete`,
          priceKey: `volume/${region}/${VolumeType}`,
          quantity: Size,
        },
      ];
    }),
    unavailable: hourly.unavailable,
    metrics: hourly.metrics,
  };
};

const gateways = async (
  { ec2: client, cloudwatch }: OrphanClients,
  region: string,
  window: AccountWindow,
  rules: TagRules,
  abortSignal: AbortSignal,
): Promise<Found> => {
  const all: NatGateway[] = [];
  const pages = paginateDescribeNatGateways(
    { client },
    { Filter: [{ Name: 'state', Values: ['available'] }] },
    { abortSignal },
  );
  for await (const { NatGateways = [] } of pages)
    all.push(...NatGateways.filter(({ Tags = [] }) => isInScope(Tags, rules)));
  const queries = natByteQueries(all.map(({ NatGatewayId = '' }) => NatGatewayId));
  const hourly = await readHourly(cloudwatch, { source: 'orphans', region }, queries, window, abortSignal);
  return {
    orphans: all.flatMap(({ NatGatewayId: id, Tags = [], CreateTime }) => {
      const bytes = id === undefined ? undefined : natBytes(hourly, id);
      if (id === undefined || bytes === undefined) return [];
      const idleHours = Math.min(
        idleTail(bytes, (sum) => sum === 0),
        ageHours(CreateTime, window),
      );
      if (idleHours < leastIdleHours) return [];
      return [
        {
          id,
          what: 'the NAT gateway without traffic',
          region,
          ...ownerOf(Tags, rules),
          idleHours,
          removeCommand: `aws ec2 delete-nat-gateway --nat-gateway-id ${id} --region ${region}`,
          priceKey: `nat/${region}`,
          quantity: 1,
        },
      ];
    }),
    unavailable: hourly.unavailable,
    metrics: hourly.metrics,
  };
};

/** A gateway that works now and then is no orphan. */
const leastIdleHours = 7 * 24;

/** Hours at the end for which `isIdle` holds without a break. */
const idleTail = (series: Series, isIdle: (value: number | null) => boolean): number => {
  const last = series.findLastIndex((value) => !isIdle(value));
  return series.length - 1 - last;
};

const ageHours = (created: Date | undefined, { from, hours }: AccountWindow): number =>
  created === undefined ? hours : Math.max(0, Math.floor((from + hours * 3600 - created.getTime() / 1000) / 3600));
