import type { InstanceKind } from '../../report/usage/usage.ts';
import { type PriceItem, type PriceList, withoutPrefix } from './price-list.ts';
import type { InstanceNeed } from './price-needs.ts';

/** The product that an instance is. Undefined: the list has none, or its licence makes it another product. */
export const readInstancePrice = async (
  list: PriceList,
  need: InstanceNeed,
  abortSignal: AbortSignal,
): Promise<PriceItem | undefined> => {
  const query = queries[need.kind](need);
  if (query === undefined) return undefined;
  const attributes = { instanceType: need.type, regionCode: need.region, ...query.attributes };
  for await (const item of list.products(query.serviceCode, attributes, abortSignal)) {
    const isIt =
      item.onDemandUsd !== undefined &&
      item.attributes.instanceType === need.type &&
      query.usage.test(withoutPrefix(item.usageType));
    if (isIt) return item;
  }
  return undefined;
};

interface Query {
  readonly serviceCode: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of the usage type without its prefix: the same filters also find rows for other ways to pay. */
  readonly usage: RegExp;
}

const queries: Readonly<Record<InstanceKind, (need: InstanceNeed) => Query | undefined>> = {
  ec2: ({ engine }) =>
    engine === 'linux'
      ? {
          serviceCode: 'AmazonEC2',
          attributes: {
            operatingSystem: 'Linux',
            tenancy: 'Shared',
            capacitystatus: 'Used',
            preInstalledSw: 'NA',
            licenseModel: 'No License required',
          },
          usage: /^BoxUsage:/,
        }
      : undefined,
  rds: ({ engine, multiAz }) => {
    const databaseEngine = databaseEngines[engine];
    return databaseEngine === undefined
      ? undefined
      : {
          serviceCode: 'AmazonRDS',
          attributes: { databaseEngine, deploymentOption: multiAz ? 'Multi-AZ' : 'Single-AZ' },
          usage: multiAz ? /^Multi-AZUsage:/ : /^InstanceUsage:/,
        };
  },
  elasticache: ({ engine }) => {
    const cacheEngine = cacheEngines[engine];
    return cacheEngine === undefined
      ? undefined
      : {
          serviceCode: 'AmazonElastiCache',
          attributes: { cacheEngine, productFamily: 'Cache Instance' },
          usage: /^NodeUsage:/,
        };
  },
};

/** Engines without a licence in their price. */
const databaseEngines: Readonly<Record<string, string>> = {
  mysql: 'MySQL',
  postgres: 'PostgreSQL',
  mariadb: 'MariaDB',
  'aurora-mysql': 'Aurora MySQL',
  'aurora-postgresql': 'Aurora PostgreSQL',
};

const cacheEngines: Readonly<Record<string, string>> = { redis: 'Redis', valkey: 'Valkey', memcached: 'Memcached' };
