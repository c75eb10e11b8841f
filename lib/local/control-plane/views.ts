import { countTasks, tasksOf } from '../../simulate/cloud/ecs/describe.ts';
import { isProtected } from '../../simulate/cloud/ecs/task-life.ts';
import type { EcsState, Service, Task } from '../../simulate/cloud/ecs/types.ts';
import type { ServiceView, TaskView } from './interface.ts';

export const taskView = (state: EcsState, task: Task, pid?: number): TaskView => ({
  id: task.id,
  arn: task.arn,
  cluster: task.cluster,
  service: task.service.slice(task.cluster.length + 1),
  taskDefinition: task.definition,
  lastStatus: task.status,
  desiredStatus: task.desired,
  createdAt: task.createdAt,
  ...present('pullStartedAt', task.pullStartedAt),
  ...present('startedAt', task.startedAt),
  ...present('stoppingAt', task.stoppingAt),
  ...present('stoppedAt', task.stoppedAt),
  ...present('stopCode', task.stopCode),
  ...present('stoppedReason', task.stoppedReason),
  ...present('exitCode', task.exitCode),
  ...present('protectedUntil', task.protectedUntil),
  ...present('pid', pid),
  cpu: state.definitions.get(task.definition)?.cpu ?? 0,
  memoryMiB: state.definitions.get(task.definition)?.memoryMiB ?? 0,
  cpuSeconds: task.usage.cpuSeconds,
  rssMiB: task.usage.memoryMiB,
});

const present = <K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [name in K]: V });

export const serviceView = (state: EcsState, service: Service, now: number): ServiceView => {
  const tasks = tasksOf(state, service);
  const [primary] = service.deployments;
  return {
    name: service.name,
    arn: service.arn,
    cluster: service.cluster,
    taskDefinition: primary?.definition ?? '',
    desiredCount: service.desiredCount,
    ...countTasks(state, tasks),
    stoppingCount: tasks.filter((task) => task.desired === 'STOPPED' && task.status !== 'STOPPED').length,
    protectedCount: tasks.filter((task) => isProtected(task, now)).length,
    deploymentInProgress: service.deployments.length > 1 || primary?.rolloutState === 'IN_PROGRESS',
    failedTasks: primary?.failedTasks ?? 0,
    events: service.events,
  };
};
