import type { Usd } from '../../model/units.ts';
import { instanceKey } from './price-book.ts';

const region = 'us-east-1';

/** EC2, Linux, on demand: the price list of 2026-07-20 as another public project carries it. USD per hour of `large`. */
const ec2Large: Readonly<Record<string, Usd>> = {
  m5: 0.096,
  m5a: 0.086,
  m6i: 0.096,
  m6a: 0.0864,
  m6g: 0.077,
  m7i: 0.1008,
  m7a: 0.11592,
  m7g: 0.0816,
  m8g: 0.08976,
  c5: 0.085,
  c5a: 0.077,
  c6i: 0.085,
  c6a: 0.0765,
  c6g: 0.068,
  c7i: 0.08925,
  c7a: 0.10264,
  c7g: 0.0725,
  c8g: 0.07976,
  r5: 0.126,
  r5a: 0.113,
  r6i: 0.126,
  r6a: 0.1134,
  r6g: 0.1008,
  r7i: 0.1323,
  r7a: 0.15215,
  r7g: 0.1071,
  r8g: 0.11782,
};
const ec2Burstable: Readonly<Record<string, Usd>> = { t3: 0.0832, t3a: 0.0752, t4g: 0.0672 };

/** Within these families a price grows with the size exactly, and every one of them has these sizes. */
const doublings: Readonly<Record<string, number>> = { large: 1, xlarge: 2, '2xlarge': 4, '4xlarge': 8, '12xlarge': 24 };
/** All but c5 have these too. */
const withoutThose = 'c5';
const moreDoublings: Readonly<Record<string, number>> = { '8xlarge': 16, '16xlarge': 32 };
const burstable: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
};

/** RDS for MySQL, Single-AZ: several public tables agree, r6g, r7g and m7g within 6 %. Multi-AZ is twice as much. */
const rdsMysql: Readonly<Record<string, Readonly<Record<string, Usd>>>> = {
  t3: { micro: 0.017, small: 0.034, medium: 0.068, large: 0.136, xlarge: 0.272, '2xlarge': 0.544 },
  t4g: { micro: 0.016, small: 0.032, medium: 0.065, large: 0.129 },
  m5: { large: 0.171, xlarge: 0.342, '2xlarge': 0.684, '4xlarge': 1.368 },
  m6i: { large: 0.171, xlarge: 0.342, '2xlarge': 0.684 },
  m6g: { large: 0.152, xlarge: 0.304, '2xlarge': 0.608 },
  m7g: { large: 0.168, xlarge: 0.336, '2xlarge': 0.672 },
  r5: { large: 0.24, xlarge: 0.48, '2xlarge': 0.96 },
  r6i: { large: 0.24, xlarge: 0.48 },
  r6g: { large: 0.215, xlarge: 0.43, '2xlarge': 0.859 },
  r7g: { large: 0.239, xlarge: 0.478, '2xlarge': 0.956 },
};
const rdsPostgres: Readonly<Record<string, Readonly<Record<string, Usd>>>> = {
  t3: { small: 0.036, large: 0.145 },
  t4g: { small: 0.032 },
};

/** ElastiCache for Redis OSS: the price list of 2026-10-02. Valkey costs 0.8 of it for every type that both have. */
const redis: Readonly<Record<string, Readonly<Record<string, Usd>>>> = {
  t3: { micro: 0.017, small: 0.034, medium: 0.068 },
  t4g: { micro: 0.016, small: 0.032, medium: 0.065 },
  m5: { large: 0.156, xlarge: 0.311, '2xlarge': 0.623, '4xlarge': 1.245, '12xlarge': 3.744, '24xlarge': 7.488 },
  m6g: {
    large: 0.149,
    xlarge: 0.297,
    '2xlarge': 0.593,
    '4xlarge': 1.186,
    '8xlarge': 2.372,
    '12xlarge': 3.557,
    '16xlarge': 4.743,
  },
  m7g: {
    large: 0.158,
    xlarge: 0.315,
    '2xlarge': 0.629,
    '4xlarge': 1.257,
    '8xlarge': 2.514,
    '12xlarge': 3.77,
    '16xlarge': 5.028,
  },
  r5: { large: 0.216, xlarge: 0.431, '2xlarge': 0.862, '4xlarge': 1.724, '12xlarge': 5.184, '24xlarge': 10.368 },
  r6g: {
    large: 0.206,
    xlarge: 0.411,
    '2xlarge': 0.821,
    '4xlarge': 1.642,
    '8xlarge': 3.284,
    '12xlarge': 4.925,
    '16xlarge': 6.567,
  },
  r6gd: { xlarge: 0.781, '2xlarge': 1.56, '4xlarge': 3.12, '8xlarge': 6.24, '12xlarge': 9.358, '16xlarge': 12.477 },
  c7gn: {
    large: 0.255,
    xlarge: 0.509,
    '2xlarge': 1.018,
    '4xlarge': 2.037,
    '8xlarge': 4.073,
    '12xlarge': 6.11,
    '16xlarge': 8.147,
  },
  r7g: {
    large: 0.219,
    xlarge: 0.437,
    '2xlarge': 0.873,
    '4xlarge': 1.745,
    '8xlarge': 3.491,
    '12xlarge': 5.235,
    '16xlarge': 6.981,
  },
};
const valkeyOnly: Readonly<Record<string, Readonly<Record<string, Usd>>>> = {
  c8gn: { large: 0.1837, xlarge: 0.3674, '2xlarge': 0.7348, '4xlarge': 1.4696 },
  m8g: {
    large: 0.1266,
    xlarge: 0.2531,
    '2xlarge': 0.5062,
    '4xlarge': 1.0125,
    '8xlarge': 2.025,
    '12xlarge': 3.0375,
    '16xlarge': 4.05,
  },
  r8g: {
    large: 0.1756,
    xlarge: 0.3511,
    '2xlarge': 0.7022,
    '4xlarge': 1.4044,
    '8xlarge': 2.8088,
    '12xlarge': 4.2132,
    '16xlarge': 5.6177,
  },
};

/** USD per hour by `instanceKey`. */
export const bundledInstances: Readonly<Record<string, Usd>> = Object.fromEntries([
  ...inSteps(ec2Large, doublings),
  ...inSteps(Object.fromEntries(Object.entries(ec2Large).filter(([family]) => family !== withoutThose)), moreDoublings),
  ...inSteps(ec2Burstable, burstable),
  ...database('mysql', rdsMysql),
  ...database('postgres', rdsPostgres),
  ...cache('redis', redis, 1),
  ...cache('valkey', redis, 0.8),
  ...cache('valkey', valkeyOnly, 1),
]);

type Row = readonly [key: string, usdPerHour: Usd];

function inSteps(large: Readonly<Record<string, Usd>>, steps: Readonly<Record<string, number>>): readonly Row[] {
  return Object.entries(large).flatMap(([family, usd]) =>
    Object.entries(steps).map(
      ([size, factor]): Row => [instanceKey('ec2', region, 'linux', `${family}.${size}`, false), rounded(usd * factor)],
    ),
  );
}

function database(engine: string, families: typeof rdsMysql): readonly Row[] {
  return typesOf(families).flatMap(([type, usd]): readonly Row[] => [
    [instanceKey('rds', region, engine, `db.${type}`, false), usd],
    [instanceKey('rds', region, engine, `db.${type}`, true), rounded(2 * usd)],
  ]);
}

function cache(engine: string, families: typeof redis, factor: number): readonly Row[] {
  return typesOf(families).map(([type, usd]) => [
    instanceKey('elasticache', region, engine, `cache.${type}`, false),
    rounded(factor * usd),
  ]);
}

function typesOf(families: Readonly<Record<string, Readonly<Record<string, Usd>>>>): readonly Row[] {
  return Object.entries(families).flatMap(([family, sizes]) =>
    Object.entries(sizes).map(([size, usd]): Row => [`${family}.${size}`, usd]),
  );
}

/** A product of decimals without the dust of binary fractions. */
function rounded(usd: Usd): Usd {
  return Math.round(usd * 1e6) / 1e6;
}
