import { DescribeReservedInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  type ElastiCacheClient,
  paginateDescribeReservedCacheNodes,
  type ReservedCacheNode,
} from '@aws-sdk/client-elasticache';
import { paginateDescribeReservedDBInstances, type RDSClient, type ReservedDBInstance } from '@aws-sdk/client-rds';
import type { HeldCommitment, UnavailableSource } from '../../report/usage/usage.ts';
import { paymentOptions, yearsOf } from '../commitment-terms.ts';
import type { AccountPart, AccountSource } from '../source.ts';
import { unavailable } from '../unavailable.ts';

export interface ReservationClients {
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
  readonly elasticache: ElastiCacheClient;
}

/** Reserved instances, databases and nodes that are active, each service asked on its own. */
export const reservationsSource = (clients: ReservationClients, region: string): AccountSource => ({
  source: 'reservations',
  region,
  read: async (_window, abortSignal): Promise<AccountPart> => {
    const asked = await Promise.allSettled([
      ofEc2(clients.ec2, region, abortSignal),
      ofRds(clients.rds, region, abortSignal),
      ofElastiCache(clients.elasticache, region, abortSignal),
    ]);
    return {
      commitments: asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
      unavailable: asked.flatMap((answer, i): readonly UnavailableSource[] => {
        if (answer.status === 'fulfilled') return [];
        const line = unavailable('reservations', region, answer.reason);
        return [
          { ...line, source: `${services[i]} ${line.source.toLowerCase()}`.replace(region.toLowerCase(), region) },
        ];
      }),
    };
  },
});

const services = ['EC2', 'RDS', 'ElastiCache'] as const;

const ofEc2 = async (
  client: EC2Client,
  region: string,
  abortSignal: AbortSignal,
): Promise<readonly HeldCommitment[]> => {
  const { ReservedInstances = [] } = await client.send(
    new DescribeReservedInstancesCommand({ Filters: [{ Name: 'state', Values: ['active'] }] }),
    { abortSignal },
  );
  return ReservedInstances.flatMap((one) =>
    toHeld({
      id: one.ReservedInstancesId,
      covers: `ec2/${region}/${familyOf(one.InstanceType)}${isPlainLinux(one.ProductDescription, one.InstanceTenancy) ? '' : '/other-platform'}`,
      count: one.InstanceCount,
      payment: one.OfferingType,
      durationSeconds: one.Duration,
      upfrontUsd: one.FixedPrice,
      usdPerHour: sumOf(one.RecurringCharges?.map(({ Amount }) => Amount)) + (one.UsagePrice ?? 0),
      until: one.End?.getTime(),
    }),
  );
};

/** A reservation for another platform covers none of what is counted as Linux. */
const isPlainLinux = (product = 'Linux/UNIX', tenancy = 'default'): boolean =>
  product.startsWith('Linux/UNIX') && tenancy === 'default';

const ofRds = async (
  client: RDSClient,
  region: string,
  abortSignal: AbortSignal,
): Promise<readonly HeldCommitment[]> => {
  const held: HeldCommitment[] = [];
  for await (const { ReservedDBInstances = [] } of paginateDescribeReservedDBInstances(
    { client },
    {},
    { abortSignal },
  )) {
    for (const one of ReservedDBInstances.filter(({ State }) => State === 'active')) {
      held.push(
        ...toHeld({
          id: one.ReservedDBInstanceId,
          covers: `rds/${region}/${engineOf(one.ProductDescription)}/${familyOf(one.DBInstanceClass)}`,
          count: one.DBInstanceCount,
          ...termsOf(one),
        }),
      );
    }
  }
  return held;
};

const ofElastiCache = async (
  client: ElastiCacheClient,
  region: string,
  abortSignal: AbortSignal,
): Promise<readonly HeldCommitment[]> => {
  const held: HeldCommitment[] = [];
  for await (const { ReservedCacheNodes = [] } of paginateDescribeReservedCacheNodes({ client }, {}, { abortSignal })) {
    for (const one of ReservedCacheNodes.filter(({ State }) => State === 'active')) {
      held.push(
        ...toHeld({
          id: one.ReservedCacheNodeId,
          covers: `elasticache/${region}/${engineOf(one.ProductDescription)}/${familyOf(one.CacheNodeType)}`,
          count: one.CacheNodeCount,
          ...termsOf(one),
        }),
      );
    }
  }
  return held;
};

/** RDS and ElastiCache say it in the same words. */
const termsOf = (
  one: ReservedDBInstance | ReservedCacheNode,
): Pick<Reserved, 'payment' | 'durationSeconds' | 'upfrontUsd' | 'usdPerHour' | 'until'> => ({
  payment: one.OfferingType,
  durationSeconds: one.Duration,
  upfrontUsd: one.FixedPrice,
  usdPerHour:
    sumOf(one.RecurringCharges?.map(({ RecurringChargeAmount }) => RecurringChargeAmount)) + (one.UsagePrice ?? 0),
  until: endOf(one.StartTime, one.Duration),
});

interface Reserved {
  readonly id: string | undefined;
  readonly covers: string;
  readonly count: number | undefined;
  readonly payment: string | undefined;
  readonly durationSeconds: number | undefined;
  /** Of one instance, for the whole term. */
  readonly upfrontUsd: number | undefined;
  /** Of one instance. */
  readonly usdPerHour: number;
  /** Milliseconds. */
  readonly until: number | undefined;
}

const toHeld = (one: Reserved): readonly HeldCommitment[] => {
  const { id, covers, count = 1, payment, durationSeconds, upfrontUsd = 0, usdPerHour, until } = one;
  if (id === undefined || !durationSeconds || until === undefined) return [];
  return [
    {
      id,
      kind: 'reservation',
      covers,
      years: yearsOf(durationSeconds),
      payment: paymentOptions[payment ?? ''] ?? (upfrontUsd > 0 ? 'partial' : 'none'),
      feeUsdPerHour: count * (usdPerHour + upfrontUsd / (durationSeconds / 3600)),
      until: until / 1000,
    },
  ];
};

/** `postgresql` and `postgresql(multi-az)` of a reservation are `postgres` of a database. */
const engineOf = (product = ''): string =>
  product
    .replace(/\(.*\)$/, '')
    .trim()
    .replace(/^postgresql$/, 'postgres');

const familyOf = (type = ''): string => type.replace(/^(db|cache)\./, '').split('.')[0] ?? '';

const endOf = (start: Date | undefined, durationSeconds: number | undefined): number | undefined =>
  start === undefined || durationSeconds === undefined ? undefined : start.getTime() + durationSeconds * 1000;

const sumOf = (amounts: readonly (number | undefined)[] | undefined): number =>
  (amounts ?? []).reduce((sum: number, amount) => sum + (amount ?? 0), 0);
