import {
  combiningOf,
  isAlbMeasure,
  type LoadBalancerSignals,
  type MetricStatistic,
  type SignalSource,
} from '../model/signal.ts';
import type { CheckedService } from './schema/service-schema.ts';
import type { CheckedSignal } from './schema/signal-schema.ts';

/** Checked definitions → sources, every default filled in. */
export const signalSources = (signals: CheckedService['signals']): Readonly<Record<string, SignalSource>> =>
  Object.fromEntries(Object.entries(signals).map(([name, signal]) => [name, signalSource(name, signal)]));

const usualPercentile = 95;

const signalSource = (name: string, signal: CheckedSignal): SignalSource => {
  const periodSeconds = signal.periodSeconds ?? 60;
  if (signal.source !== undefined) return { from: 'beacon', combine: signal.combine ?? combiningOf(name) };
  if (signal.expression !== undefined)
    return {
      from: 'expression',
      expression: signal.expression,
      metrics: Object.fromEntries(
        Object.entries(signal.metrics ?? {}).map(([id, metric]) => [id, statisticOf(metric)]),
      ),
      periodSeconds,
    };
  if (signal.albTargetGroup !== undefined)
    return {
      from: 'alb',
      targetGroup: targetGroupName(signal.albTargetGroup),
      loadBalancer: loadBalancerName(signal.loadBalancer ?? ''),
      measure: signal.measure ?? (isAlbMeasure(name) ? name : 'requestsPerSecond'),
      latencyPercentile: signal.latencyPercentile ?? usualPercentile,
    };
  return { from: 'metric', ...statisticOf(signal), periodSeconds };
};

export const albPlan = ({
  targetGroup,
  loadBalancer,
  latencyPercentile,
}: NonNullable<CheckedService['alb']>): LoadBalancerSignals => ({
  ...(targetGroup !== undefined && { targetGroup: targetGroupName(targetGroup) }),
  ...(loadBalancer !== undefined && { loadBalancer: loadBalancerName(loadBalancer) }),
  latencyPercentile,
});

const statisticOf = ({
  namespace = '',
  metric = '',
  dimensions = {},
  statistic = 'Average',
}: Partial<MetricStatistic>): MetricStatistic => ({ namespace, metric, dimensions, statistic });

/** CloudWatch's dimensions are the tails of the ARNs. */
const targetGroupName = (arnOrName: string): string => arnOrName.slice(arnOrName.lastIndexOf('targetgroup/'));
const loadBalancerName = (arnOrName: string): string => arnOrName.slice(arnOrName.lastIndexOf('app/'));
