import { BadInput } from '../../model/bad-input.ts';
import { CloudError } from '../../simulate/cloud/cloud-error.ts';
import type { Alarm } from '../../simulate/cloud/cloudwatch/types.ts';
import {
  type CloudWatchEvent,
  type CloudWatchStep,
  initialCloudWatchState,
  nextCloudWatchWakeAt,
  sampleOf,
  samplesOf,
  stepCloudWatch,
} from '../../simulate/cloud/cloudwatch.ts';
import { callCloudWatch } from '../../simulate/cloud/cloudwatch-api.ts';
import type { EcsEffect } from '../../simulate/cloud/ecs/types.ts';
import { createAlarmClock } from './alarm-clock.ts';
import { parseEmbeddedMetrics } from './embedded-metrics.ts';
import type { AlarmView, ControlPlane, ControlPlaneOptions, TemplateResource } from './interface.ts';
import { physicalName } from './template-properties.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The CloudWatch model with a clock. */
export interface CloudWatchHost {
  readonly api: ControlPlane['cloudwatch'];
  call(operation: string, input: Fields): Fields;
  putEcsMetric(effect: Extract<EcsEffect, { type: 'metric' }>): void;
  close(): void;
}

const now = (): number => Date.now() / 1000;

export const createCloudWatchHost = (options: ControlPlaneOptions, onState: () => void): CloudWatchHost => {
  const { region, account, publicationDelaySeconds = 0 } = options;
  let state = initialCloudWatchState({ region, account, publicationDelaySeconds });
  const clock = createAlarmClock(() => feed({ type: 'timePassed' }));

  const commit = (step: CloudWatchStep): void => {
    state = step.state;
    clock.wakeAt(nextCloudWatchWakeAt(state, now()));
    for (const { alarm, actions } of step.effects) options.onAlarmActions?.(alarmView(alarm), actions);
    if (step.effects.length > 0) onState();
  };
  const feed = (event: CloudWatchEvent): void => commit(stepCloudWatch(state, event, now()));
  const call = (operation: string, input: Fields): Fields => {
    const answer = callCloudWatch(state, operation, input, now());
    commit(answer);
    return answer.output;
  };

  const putMetric: ControlPlane['cloudwatch']['putMetric'] = ({ namespace, name, dimensions = {}, value, unit, at }) =>
    feed({ type: 'put', metric: { namespace, name, dimensions }, sample: sampleOf(value, at ?? now(), unit) });

  const putServiceMetric: ControlPlane['cloudwatch']['putServiceMetric'] = ({ at, values, unit, ...metric }) =>
    feed({
      type: 'put',
      metric,
      sample: { ...samplesOf(values, at), unit },
      delaySeconds: options.serviceMetricDelaySeconds ?? 0,
      // A period below a minute is for local runs, and must be readable as such.
      highResolution: (options.metricPeriodSeconds ?? 60) < 60,
    });

  const putEmbeddedMetrics = (line: string): boolean => {
    const data = parseEmbeddedMetrics(line);
    for (const datum of data ?? []) putMetric(datum);
    return data !== undefined;
  };

  const putAlarm = (resource: TemplateResource): { readonly name: string; readonly arn: string } => {
    const name = physicalName(resource, 'AlarmName');
    try {
      call('PutMetricAlarm', { ...resource.Properties, AlarmName: name });
    } catch (error) {
      throw error instanceof CloudError ? refusedAlarm(resource, error) : error;
    }
    return { name, arn: state.alarms.get(name)?.arn ?? '' };
  };

  return {
    api: {
      putMetric,
      putServiceMetric,
      putEmbeddedMetrics,
      putAlarm,
      alarms: () => [...state.alarms.values()].map(alarmView),
    },
    call,
    putEcsMetric: ({ name, cluster, service, at, values }) =>
      putServiceMetric({
        namespace: 'AWS/ECS',
        name,
        dimensions: { ClusterName: cluster, ServiceName: service },
        unit: 'Percent',
        at,
        values,
      }),
    close: () => clock.stop(),
  };
};

const refusedAlarm = (resource: TemplateResource, error: CloudError): BadInput =>
  new BadInput([
    {
      path: `${resource.logicalId}.Properties`,
      found: JSON.stringify(resource.Properties),
      expected: 'an alarm on one metric',
      mend: error.message,
    },
  ]);

const alarmView = ({ spec, arn, state, reason, changedAt }: Alarm): AlarmView => ({
  name: spec.name,
  arn,
  state,
  reason,
  changedAt,
});
