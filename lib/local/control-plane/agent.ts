import { CloudError } from '../../simulate/cloud/cloud-error.ts';
import { containerStatus } from '../../simulate/cloud/ecs/describe.ts';
import { isProtected } from '../../simulate/cloud/ecs/task-life.ts';
import type { EcsState, Task } from '../../simulate/cloud/ecs/types.ts';
import type { AgentAnswer } from './server.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface AgentPorts {
  readonly state: () => EcsState;
  readonly callEcs: (operation: string, input: Fields) => Fields;
  readonly now: () => number;
}

/**
 * What a task's container can ask: `$ECS_AGENT_URI/task-protection/v1/state` and `$ECS_CONTAINER_METADATA_URI_V4`.
 * The path names the task. Fields are PascalCase here, unlike in the API. Undefined: no such path.
 */
export const answerAgent = (ports: AgentPorts, method: string, path: string, body: Fields): AgentAnswer | undefined => {
  const [, kind, id = '', ...rest] = path.split('/');
  if (kind !== 'agent' && kind !== 'metadata') return undefined;
  const task = ports.state().tasks.get(id);
  if (!task) return { status: 404, body: { error: { Code: 'ResourceNotFoundException', Message: `no task ${id}` } } };
  const route = `${method} ${kind}/${rest.join('/')}`;
  switch (route) {
    case 'GET agent/task-protection/v1/state':
      return { status: 200, body: { protection: protectionOf(task, ports.now()) } };
    case 'PUT agent/task-protection/v1/state':
      return putProtection(ports, task, body);
    case 'GET metadata/':
      return { status: 200, body: containerMetadata(ports.state(), task) };
    case 'GET metadata/task':
      return { status: 200, body: taskMetadata(ports.state(), task) };
    default:
      return undefined;
  }
};

const putProtection = (ports: AgentPorts, task: Task, body: Fields): AgentAnswer => {
  const error = (code: string, message: string): AgentAnswer => ({
    status: 400,
    body: { requestID: task.id, error: { Arn: task.arn, Code: code, Message: message } },
  });
  if (typeof body.ProtectionEnabled !== 'boolean') {
    return error('InvalidParameterException', 'Invalid request: does not contain ProtectionEnabled field');
  }
  try {
    const { failures } = ports.callEcs('UpdateTaskProtection', {
      cluster: task.cluster,
      tasks: [task.id],
      protectionEnabled: body.ProtectionEnabled,
      expiresInMinutes: body.ExpiresInMinutes ?? undefined,
    }) as { failures: readonly { arn: string; reason: string; detail: string }[] };
    const [failure] = failures;
    if (failure) {
      const { arn, reason, detail } = failure;
      return { status: 400, body: { requestID: task.id, failure: { Arn: arn, Reason: reason, Detail: detail } } };
    }
    const current = ports.state().tasks.get(task.id) ?? task;
    return { status: 200, body: { requestID: task.id, protection: protectionOf(current, ports.now()) } };
  } catch (refusal) {
    if (refusal instanceof CloudError) return error(refusal.type, refusal.message);
    throw refusal;
  }
};

const protectionOf = (task: Task, now: number): Fields => ({
  ProtectionEnabled: isProtected(task, now),
  ...(isProtected(task, now) ? { ExpirationDate: isoTime(task.protectedUntil) } : {}),
  TaskArn: task.arn,
});

const taskMetadata = (state: EcsState, task: Task): Fields => {
  const definition = state.definitions.get(task.definition);
  return {
    Cluster: state.clusters.get(task.cluster)?.arn,
    ServiceName: task.service.slice(task.cluster.length + 1),
    TaskARN: task.arn,
    Family: definition?.family,
    Revision: String(definition?.revision),
    DesiredStatus: task.desired,
    KnownStatus: task.status,
    Limits: { CPU: (definition?.cpu ?? 0) / 1024, Memory: definition?.memoryMiB },
    // The agent has no earlier time than the task's creation; real tasks have both.
    CreatedAt: isoTime(task.createdAt),
    PullStartedAt: isoTime(task.pullStartedAt),
    PullStoppedAt: isoTime(task.pullStoppedAt),
    StartedAt: isoTime(task.startedAt),
    AvailabilityZone: task.zone,
    LaunchType: 'FARGATE',
    Containers: [containerMetadata(state, task)],
  };
};

const containerMetadata = (state: EcsState, task: Task): Fields => {
  const definition = state.definitions.get(task.definition);
  return {
    DockerId: `${task.id}-local`,
    Name: definition?.container.name,
    DockerName: definition?.container.name,
    Image: definition?.container.image,
    DesiredStatus: task.desired,
    KnownStatus: containerStatus(task),
    Limits: { CPU: definition?.cpu },
    CreatedAt: isoTime(task.pullStoppedAt),
    StartedAt: isoTime(task.startedAt),
    Type: 'NORMAL',
    ContainerARN: `${task.arn.replace(':task/', ':container/')}/${definition?.container.name}`,
  };
};

const isoTime = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at * 1000).toISOString();
