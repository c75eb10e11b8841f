import type { Series } from '../../report/usage/usage.ts';
import type { HourlyQuery, HourlySeries } from '../hourly-metrics.ts';
import { totalOf } from '../series-math.ts';

/** What asks CloudWatch for the bytes of NAT gateways; `natBytes` reads the answer. */
export const natByteQueries = (gateways: readonly string[]): readonly HourlyQuery[] =>
  gateways.flatMap((NatGatewayId) =>
    byteMetrics.map((metric) => ({
      id: `${NatGatewayId} ${metric}`,
      namespace: 'AWS/NATGateway',
      metric,
      statistic: 'Sum',
      dimensions: { NatGatewayId },
    })),
  );

export const natBytes = ({ series }: HourlySeries, gateway: string): Series | undefined =>
  totalOf(byteMetrics.map((metric) => series.get(`${gateway} ${metric}`)));

/** Each byte goes through once: out to the world, or in from it. */
const byteMetrics = ['BytesOutToDestination', 'BytesInFromDestination'] as const;
