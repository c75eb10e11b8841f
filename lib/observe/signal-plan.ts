import type { ServiceBinding } from '../model/binding.ts';
import { type QueueObservation, type Reading, unknown } from '../model/observation.ts';
import { isAlbMeasure, type SignalSource } from '../model/signal.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { albSignal } from './alb-signals.ts';
import { beaconSignal, type SignalWindows } from './beacon-signals.ts';
import type { MetricQuery, MetricSeries } from './metric-query.ts';
import { newestOf } from './newest-of.ts';
import { queueSignal } from './queue-signals.ts';
import { serviceMetric } from './service-metrics.ts';

/** How one signal of one service is found: what to ask CloudWatch, and how to read the answers. */
export interface SignalPlan {
  readonly queries: readonly MetricQuery[];
  /** It reads what the tasks reported themselves. */
  readonly beacon: boolean;
  /** `series` in the order of `queries`. A pure function. */
  readonly read: (series: readonly MetricSeries[], seen: SignalEvidence) => Reading<number>;
}

/** What else was seen of the service at this tick. */
export interface SignalEvidence {
  readonly now: EpochSeconds;
  readonly queues: readonly QueueObservation[];
  readonly windows: SignalWindows;
}

type Bound = Pick<ServiceBinding, 'plan' | 'cluster' | 'ecsService' | 'queues' | 'alb'>;

/**
 * The source of a signal: the user's own definition; else the load balancer, the queues or ECS for the names that they
 * know; else what the tasks report. `periodSeconds`: how often AWS' own services publish.
 */
export function signalPlan(name: string, binding: Bound, periodSeconds: Seconds = 60): SignalPlan {
  const defined = binding.plan.signals?.[name];
  if (defined !== undefined) return definedSignal(name, defined, periodSeconds);
  const alb = albOf(binding);
  if (alb !== undefined && isAlbMeasure(name)) return albSignal(name, alb, alb.latencyPercentile, periodSeconds);
  return (
    queueSignal(name, binding.queues, periodSeconds) ??
    serviceMetric(name, binding, periodSeconds) ??
    beaconSignal(name)
  );
}

function definedSignal(name: string, source: SignalSource, periodSeconds: Seconds): SignalPlan {
  switch (source.from) {
    case 'beacon':
      return beaconSignal(name, source.combine);
    case 'alb':
      return albSignal(source.measure, source, source.latencyPercentile, periodSeconds);
    case 'metric':
      return oneSeries({ metric: source, periodSeconds: source.periodSeconds });
    case 'expression':
      return oneSeries({
        expression: source.expression,
        metrics: source.metrics,
        periodSeconds: source.periodSeconds,
      });
  }
}

const oneSeries = (query: MetricQuery): SignalPlan => ({
  queries: [query],
  beacon: false,
  read: ([series]) => (series === undefined ? unknown('missing') : newestOf(series, query.periodSeconds)),
});

/** The address in the config, else the one that the template made. */
function albOf({ plan, alb }: Bound) {
  const { latencyPercentile = 95, targetGroup = alb?.targetGroup, loadBalancer = alb?.loadBalancer } = plan.alb ?? {};
  return targetGroup === undefined || loadBalancer === undefined
    ? undefined
    : { targetGroup, loadBalancer, latencyPercentile };
}
