import type { MetricStat } from '@aws-sdk/client-cloudwatch';
import type { MetricStatistic } from '../model/signal.ts';
import type { Seconds } from '../model/units.ts';

/** A metric as CloudWatch wants it. Without a unit: a wrong one finds nothing and says nothing. */
export const metricStat = (metric: MetricStatistic, periodSeconds: Seconds): MetricStat => ({
  Metric: {
    Namespace: metric.namespace,
    MetricName: metric.metric,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
  },
  Period: periodSeconds,
  Stat: metric.statistic,
});
