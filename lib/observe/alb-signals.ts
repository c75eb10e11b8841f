import { type Reading, unknown } from '../model/observation.ts';
import type { AlbMeasure, TargetGroupAddress } from '../model/signal.ts';
import type { Percent, Seconds } from '../model/units.ts';
import type { MetricPoint, MetricQuery, MetricSeries } from './metric-query.ts';
import { faultOf, newestCount, pointsOf } from './newest-count.ts';
import { dated } from './newest-of.ts';
import type { SignalPlan } from './signal-plan.ts';

/**
 * What a load balancer knows of a target group. It reports nothing while no request flows, and counts of errors only
 * when there are some; `HealthyHostCount` comes every minute and tells a quiet minute from a missing one.
 * Without requests nobody waited and nothing failed: latency and errors are 0 then.
 */
export function albSignal(
  measure: AlbMeasure,
  address: TargetGroupAddress,
  latencyPercentile: Percent,
  periodSeconds: Seconds,
): SignalPlan {
  const query = (metric: string, statistic: string): MetricQuery => ({
    metric: {
      namespace: 'AWS/ApplicationELB',
      metric,
      dimensions: { LoadBalancer: address.loadBalancer, TargetGroup: address.targetGroup },
      statistic,
    },
    periodSeconds,
  });
  const traffic = [query('RequestCount', 'Sum'), query('HealthyHostCount', 'Maximum')];
  const detail = {
    requestsPerSecond: [],
    latencyMs: [query('TargetResponseTime', `p${latencyPercentile}`)],
    errorPercent: [query('HTTPCode_Target_5XX_Count', 'Sum')],
  }[measure];
  return {
    queries: [...traffic, ...detail],
    beacon: false,
    read: ([requests = nothing, hosts = nothing, detail = nothing]) => {
      const fault = faultOf(requests, hosts, detail);
      if (fault !== undefined) return unknown('failed', fault);
      const newest = newestCount(requests, hosts);
      if (newest === undefined) return unknown('missing', 'the load balancer reported nothing in the last minutes');
      return readers[measure](newest, pointsOf(detail), periodSeconds);
    },
  };
}

const nothing: MetricSeries = { points: [] };

type Read = (requests: MetricPoint, detail: readonly MetricPoint[], periodSeconds: Seconds) => Reading<number>;

const readers: Readonly<Record<AlbMeasure, Read>> = {
  requestsPerSecond: ({ at, value }, _, periodSeconds) => dated({ at, value: value / periodSeconds }, periodSeconds),
  latencyMs: ({ at, value }, [latency], periodSeconds) => {
    if (value === 0) return dated({ at, value: 0 }, periodSeconds);
    if (latency === undefined) return unknown('missing', 'requests, and no response time of them yet');
    return dated({ at: latency.at, value: latency.value * 1000 }, periodSeconds);
  },
  errorPercent: ({ at, value }, errors, periodSeconds) => {
    const failed = errors.find((point) => point.at === at)?.value ?? 0;
    return dated({ at, value: value === 0 ? 0 : (100 * failed) / value }, periodSeconds);
  },
};
