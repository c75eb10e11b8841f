import type { EpochSeconds } from '../../../model/units.ts';
import { isProtected, isWanted } from './task-life.ts';
import type { Deployment, EcsState, Service, Task, TaskDefinition } from './types.ts';

/** Answers as the API gives them: camelCase, times as epoch seconds, absent values absent. */
export type Description = Readonly<Record<string, unknown>>;

export const describeService = (state: EcsState, service: Service): Description => ({
  serviceArn: service.arn,
  serviceName: service.name,
  clusterArn: state.clusters.get(service.cluster)?.arn,
  status: 'ACTIVE',
  desiredCount: service.desiredCount,
  ...countTasks(state, tasksOf(state, service)),
  launchType: service.capacityProviderStrategy.length === 0 ? 'FARGATE' : undefined,
  capacityProviderStrategy: service.capacityProviderStrategy,
  platformFamily: 'Linux',
  platformVersion: 'LATEST',
  schedulingStrategy: 'REPLICA',
  availabilityZoneRebalancing: 'DISABLED',
  taskDefinition: definitionArn(state, service.deployments[0]?.definition),
  deploymentConfiguration: {
    minimumHealthyPercent: service.minimumHealthyPercent,
    maximumPercent: service.maximumPercent,
    deploymentCircuitBreaker: {
      enable: service.circuitBreaker !== undefined,
      rollback: service.circuitBreaker?.rollback ?? false,
    },
  },
  deploymentController: { type: 'ECS' },
  deployments: service.deployments.map((deployment) => describeDeployment(state, service, deployment)),
  events: service.events.map(({ id, at, message }) => ({ id, createdAt: at, message })),
  createdAt: service.createdAt,
  enableExecuteCommand: false,
  loadBalancers: (service.loadBalancing?.targetGroups ?? []).map((targetGroupArn) => ({ targetGroupArn })),
  serviceRegistries: [],
});

const describeDeployment = (state: EcsState, service: Service, deployment: Deployment): Description => {
  const tasks = tasksOf(state, service).filter((task) => task.deployment === deployment.id);
  const primary = deployment.status === 'PRIMARY';
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: definitionArn(state, deployment.definition),
    desiredCount: primary ? service.desiredCount : tasks.filter(isWanted).length,
    ...countTasks(state, tasks),
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
};

export interface TaskCounts {
  readonly runningCount: number;
  readonly pendingCount: number;
}

/** Tasks that got SIGTERM are in DEACTIVATING or STOPPING and so no longer counted as running. */
export const countTasks = (state: EcsState, tasks: readonly Task[]): TaskCounts => {
  const starting = state.settings.pendingCountsAllStarting ? ['PROVISIONING', 'PENDING', 'ACTIVATING'] : ['PENDING'];
  return {
    runningCount: tasks.filter((task) => task.status === 'RUNNING').length,
    pendingCount: tasks.filter((task) => starting.includes(task.status)).length,
  };
};

export const tasksOf = (state: EcsState, service: Service): Task[] =>
  [...state.tasks.values()].filter((task) => task.service === service.key);

export const describeTask = (state: EcsState, task: Task): Description => {
  const definition = state.definitions.get(task.definition);
  const container = definition && describeContainer(task, definition);
  return {
    taskArn: task.arn,
    clusterArn: state.clusters.get(task.cluster)?.arn,
    taskDefinitionArn: definition?.arn,
    group: `service:${task.service.slice(task.cluster.length + 1)}`,
    startedBy: task.deployment,
    availabilityZone: task.zone,
    capacityProviderName: task.provider,
    launchType: 'FARGATE',
    cpu: String(definition?.cpu),
    memory: String(definition?.memoryMiB),
    desiredStatus: task.desired,
    lastStatus: task.status,
    createdAt: task.createdAt,
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    stoppedAt: task.stoppedAt,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: container ? [container] : [],
    tags: [],
  };
};

const describeContainer = (task: Task, definition: TaskDefinition): Description => ({
  containerArn: `${task.arn.replace(':task/', ':container/')}/${definition.container.name}`,
  taskArn: task.arn,
  name: definition.container.name,
  image: definition.container.image,
  lastStatus: containerStatus(task),
  exitCode: task.exitCode,
  reason: task.exitCode === undefined ? task.stoppedReason : undefined,
});

export const containerStatus = (task: Task): 'PENDING' | 'RUNNING' | 'STOPPED' => {
  if (task.status === 'STOPPED' || task.status === 'DEPROVISIONING') return 'STOPPED';
  return task.startedAt === undefined ? 'PENDING' : 'RUNNING';
};

export const describeTaskDefinition = (definition: TaskDefinition): Description => ({
  taskDefinitionArn: definition.arn,
  family: definition.family,
  revision: definition.revision,
  status: 'ACTIVE',
  cpu: String(definition.cpu),
  memory: String(definition.memoryMiB),
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  compatibilities: ['EC2', 'FARGATE'],
  containerDefinitions: [
    {
      name: definition.container.name,
      image: definition.container.image,
      essential: true,
      command: definition.container.command,
      environment: Object.entries(definition.container.environment).map(([name, value]) => ({ name, value })),
      stopTimeout: definition.container.stopTimeoutSeconds,
    },
  ],
});

export const describeCluster = (state: EcsState, name: string): Description => {
  const tasks = [...state.tasks.values()].filter((task) => task.cluster === name);
  const counts = countTasks(state, tasks);
  return {
    clusterArn: state.clusters.get(name)?.arn,
    clusterName: name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: counts.runningCount,
    pendingTasksCount: counts.pendingCount,
    activeServicesCount: [...state.services.values()].filter((service) => service.cluster === name).length,
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
  };
};

export const describeProtection = (task: Task, now: EpochSeconds): Description => ({
  taskArn: task.arn,
  protectionEnabled: isProtected(task, now),
  expirationDate: isProtected(task, now) ? task.protectedUntil : undefined,
});

const definitionArn = (state: EcsState, definition: string | undefined): string | undefined =>
  definition === undefined ? undefined : state.definitions.get(definition)?.arn;
