import type { ControlPlane, ControlPlaneOptions } from './control-plane/interface.ts';

export type {
  AlarmView,
  ControlPlane,
  ControlPlaneOptions,
  MetricDatum,
  ScheduleInvocation,
  ServiceView,
  TaskView,
  TemplateResource,
} from './control-plane/interface.ts';

/** Our own ECS, CloudWatch, Scheduler and SSM on 127.0.0.1: the pure models of `lib/simulate/cloud` with HTTP, processes and time. */
export const startControlPlane = async (_options: ControlPlaneOptions): Promise<ControlPlane> => {
  throw new Error('the control plane is being built: only its interface is here yet');
};
