import { CloudError } from '../../simulate/cloud/cloud-error.ts';
import {
  initialSchedulerState,
  nextSchedulerWakeAt,
  type SchedulerEffect,
  type SchedulerEvent,
  stepScheduler,
} from '../../simulate/cloud/scheduler.ts';
import { createAlarmClock } from './alarm-clock.ts';
import type { ControlPlane, ControlPlaneOptions } from './interface.ts';
import { readSchedule } from './read-schedule.ts';
import { refuse } from './template-properties.ts';

/** The Scheduler model with a clock. */
export interface SchedulerHost {
  readonly api: ControlPlane['scheduler'];
  close(): void;
}

const now = (): number => Date.now() / 1000;

export const createSchedulerHost = (options: ControlPlaneOptions): SchedulerHost => {
  let state = initialSchedulerState(options.seed);
  const clock = createAlarmClock(() => feed({ type: 'timePassed' }));

  const feed = (event: SchedulerEvent): void => {
    const step = stepScheduler(state, event, now());
    state = step.state;
    clock.wakeAt(nextSchedulerWakeAt(state));
    for (const effect of step.effects) void invoke(effect);
  };

  const invoke = async ({ type: _, ...invocation }: SchedulerEffect): Promise<void> => {
    const { executionId } = invocation;
    try {
      await options.invokeTarget?.(invocation);
      feed({ type: 'succeeded', executionId });
    } catch {
      feed({ type: 'failed', executionId });
    }
  };

  const createSchedule: ControlPlane['scheduler']['createSchedule'] = (resource) => {
    const spec = readSchedule(resource);
    const group = String(resource.Properties.GroupName ?? 'default');
    const arn = `arn:aws:scheduler:${options.region}:${options.account}:schedule/${group}/${spec.name}`;
    try {
      feed({ type: 'createSchedule', spec, arn });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      refuse(resource, 'ScheduleExpression', spec.expression, 'rate(…), cron(…) or at(…)', error.message);
    }
    return { name: spec.name, arn };
  };

  return { api: { createSchedule, stopAll: () => feed({ type: 'deleteAll' }) }, close: () => clock.stop() };
};
