import type { EpochSeconds } from '../../model/units.ts';
import { CloudError, refuseUnmodelled } from './cloud-error.ts';
import { lastPart, resolveCluster, resolveDefinition, resolveService, wholeCount } from './ecs/commands.ts';
import {
  type Description,
  describeCluster,
  describeProtection,
  describeService,
  describeTask,
  describeTaskDefinition,
} from './ecs/describe.ts';
import type { Draft } from './ecs/draft.ts';
import { changeProtection } from './ecs/protection.ts';
import { beginDeployment } from './ecs/scheduler-pass.ts';
import { beginStop } from './ecs/task-life.ts';
import type { EcsState, Task } from './ecs/types.ts';
import { changeEcs, type EcsStep } from './ecs.ts';

export type ApiInput = Readonly<Record<string, unknown>>;
export interface EcsAnswer extends EcsStep {
  readonly output: Description;
}

/**
 * One call of the ECS API, by the operation's name, with input and output as on the wire (camelCase, epoch seconds).
 * Throws CloudError for what AWS refuses and for what is not modelled; then nothing has changed.
 */
export const callEcs = (state: EcsState, operation: string, input: ApiInput, now: EpochSeconds): EcsAnswer => {
  const known = operations[operation];
  if (!known) throw new CloudError('UnknownOperationException', `ECS: the operation ${operation} is not modelled here`);
  refuseUnmodelled(operation, input, known.parameters, 'InvalidParameterException');
  let after: () => Description = () => ({});
  const step = changeEcs(state, now, (draft) => {
    const prepared = known.run(draft, input);
    after = () => prepared(step.state);
  });
  return { ...step, output: after() };
};

/** Changes the draft and says how to describe the state after everything that followed. */
type Run = (draft: Draft, input: ApiInput) => (state: EcsState) => Description;

const describeServices: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  const names = listOf(input.services, 'services', 10);
  return (state) => {
    const found = names.map((name) => [name, state.services.get(`${cluster}/${lastPart(name)}`)] as const);
    return {
      services: found.flatMap(([, service]) => (service ? [describeService(state, service)] : [])),
      failures: found.flatMap(([name, service]) => (service ? [] : [missing(state, 'service', cluster, name)])),
    };
  };
};

const updateService: Run = (draft, input) => {
  const key = resolveService(draft, resolveCluster(draft, input.cluster), input.service);
  if (input.desiredCount !== undefined) {
    draft.patchService(key, { desiredCount: wholeCount('desiredCount', input.desiredCount) });
  }
  changeDeploymentConfiguration(draft, key, input.deploymentConfiguration);
  const current = draft.primaryOf(key).definition;
  const asked = input.taskDefinition === undefined ? current : resolveDefinition(draft, input.taskDefinition);
  if (asked !== current || input.forceNewDeployment === true) beginDeployment(draft, key, asked);
  return (state) => ({ service: describeService(state, lookUp(state.services, key)) });
};

const changeDeploymentConfiguration = (draft: Draft, key: string, configuration: unknown): void => {
  if (configuration === undefined) return;
  const fields = configuration as ApiInput;
  refuseUnmodelled(
    'UpdateService.deploymentConfiguration',
    fields,
    ['minimumHealthyPercent', 'maximumPercent'],
    'InvalidParameterException',
  );
  const { minimumHealthyPercent, maximumPercent } = draft.service(key);
  draft.patchService(key, {
    minimumHealthyPercent: Number(fields.minimumHealthyPercent ?? minimumHealthyPercent),
    maximumPercent: Number(fields.maximumPercent ?? maximumPercent),
  });
};

const listServices: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  return (state) => {
    const arns = [...state.services.values()].filter((service) => service.cluster === cluster).map(({ arn }) => arn);
    const page = takePage(arns, input, 10);
    return { serviceArns: page.items, nextToken: page.nextToken };
  };
};

const listTasks: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  const service =
    input.serviceName === undefined ? undefined : resolveService(draft, cluster, lastPart(input.serviceName));
  // The status that ECS wants: starting tasks are RUNNING here, and PENDING never returns anything.
  const desired = input.desiredStatus ?? 'RUNNING';
  return (state) => {
    const fits = (task: Task): boolean =>
      task.cluster === cluster &&
      task.desired === desired &&
      (service === undefined || task.service === service) &&
      (input.family === undefined || task.definition.split(':')[0] === input.family);
    const arns = [...state.tasks.values()].filter(fits).map(({ arn }) => arn);
    const page = takePage(arns, input, 100);
    return { taskArns: page.items, nextToken: page.nextToken };
  };
};

const describeTasks: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  const ids = listOf(input.tasks, 'tasks', 100);
  return (state) => {
    const found = ids.map((id) => [id, taskOf(state, cluster, id)] as const);
    return {
      tasks: found.flatMap(([, task]) => (task ? [describeTask(state, task)] : [])),
      failures: found.flatMap(([id, task]) => (task ? [] : [missing(state, 'task', cluster, id)])),
    };
  };
};

const stopTask: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  const task = taskOf(draft, cluster, input.task);
  if (!task) throw new CloudError('InvalidParameterException', 'The referenced task was not found.');
  beginStop(draft, task.id, 'UserInitiated', String(input.reason ?? 'Task stopped by user'));
  return (state) => ({ task: describeTask(state, lookUp(state.tasks, task.id)) });
};

const describeTaskDefinitionOperation: Run = (draft, input) => {
  const key = resolveDefinition(draft, input.taskDefinition);
  return (state) => ({ taskDefinition: describeTaskDefinition(lookUp(state.definitions, key)), tags: [] });
};

const describeClusters: Run = (_draft, input) => {
  const names = input.clusters === undefined ? ['default'] : listOf(input.clusters, 'clusters', 100);
  return (state) => ({
    clusters: names
      .filter((name) => state.clusters.has(lastPart(name)))
      .map((name) => describeCluster(state, lastPart(name))),
    failures: names
      .filter((name) => !state.clusters.has(lastPart(name)))
      .map((name) => ({ arn: arnOf(state, 'cluster', lastPart(name)), reason: 'MISSING' })),
  });
};

const updateTaskProtection: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  if (typeof input.protectionEnabled !== 'boolean') {
    throw new CloudError('InvalidParameterException', 'protectionEnabled must be true or false');
  }
  const enabled = input.protectionEnabled;
  const minutes = input.expiresInMinutes === undefined ? undefined : Number(input.expiresInMinutes);
  const results = listOf(input.tasks, 'tasks', 10).map((reference) => {
    const id = taskOf(draft, cluster, reference)?.id ?? lastPart(reference);
    return { id, failure: changeProtection(draft, id, enabled, minutes) };
  });
  const failures = results.flatMap(({ id, failure }) =>
    failure ? [{ arn: arnOf(draft, 'task', `${cluster}/${id}`), ...failure }] : [],
  );
  const done = results.filter(({ failure }) => failure === undefined).map(({ id }) => id);
  return (state) => ({
    protectedTasks: done.map((id) => describeProtection(lookUp(state.tasks, id), draft.now)),
    failures,
  });
};

const getTaskProtection: Run = (draft, input) => {
  const cluster = resolveCluster(draft, input.cluster);
  const ids = listOf(input.tasks, 'tasks', 100);
  return (state) => {
    const found = ids.map((id) => [id, taskOf(state, cluster, id)] as const);
    return {
      protectedTasks: found.flatMap(([, task]) => (task ? [describeProtection(task, draft.now)] : [])),
      failures: found.flatMap(([id, task]) => (task ? [] : [missing(state, 'task', cluster, id)])),
    };
  };
};

const operations: Readonly<Record<string, { readonly parameters: readonly string[]; readonly run: Run }>> = {
  DescribeServices: { parameters: ['cluster', 'services', 'include'], run: describeServices },
  UpdateService: {
    parameters: [
      'cluster',
      'service',
      'desiredCount',
      'taskDefinition',
      'forceNewDeployment',
      'deploymentConfiguration',
    ],
    run: updateService,
  },
  ListServices: { parameters: ['cluster', 'maxResults', 'nextToken'], run: listServices },
  ListTasks: {
    parameters: ['cluster', 'serviceName', 'family', 'desiredStatus', 'maxResults', 'nextToken'],
    run: listTasks,
  },
  DescribeTasks: { parameters: ['cluster', 'tasks', 'include'], run: describeTasks },
  StopTask: { parameters: ['cluster', 'task', 'reason'], run: stopTask },
  DescribeTaskDefinition: { parameters: ['taskDefinition', 'include'], run: describeTaskDefinitionOperation },
  DescribeClusters: { parameters: ['clusters', 'include'], run: describeClusters },
  UpdateTaskProtection: {
    parameters: ['cluster', 'tasks', 'protectionEnabled', 'expiresInMinutes'],
    run: updateTaskProtection,
  },
  GetTaskProtection: { parameters: ['cluster', 'tasks'], run: getTaskProtection },
};

const listOf = (value: unknown, name: string, most: number): readonly string[] => {
  if (Array.isArray(value) && value.length >= 1 && value.length <= most) return value.map(String);
  throw new CloudError('InvalidParameterException', `${name} must be a list of 1 to ${most}`);
};

const taskOf = (
  holder: { readonly tasks: ReadonlyMap<string, Task> },
  cluster: string,
  reference: unknown,
): Task | undefined => {
  const task = holder.tasks.get(lastPart(reference));
  return task?.cluster === cluster ? task : undefined;
};

const missing = (state: EcsState, kind: string, cluster: string, name: string): Description => ({
  arn: arnOf(state, kind, `${cluster}/${lastPart(name)}`),
  reason: 'MISSING',
});

const arnOf = ({ settings }: Pick<EcsState, 'settings'>, kind: string, name: string): string =>
  `arn:aws:ecs:${settings.region}:${settings.account}:${kind}/${name}`;

const lookUp = <T>(map: ReadonlyMap<string, T>, key: string): T => {
  const value = map.get(key);
  if (value === undefined) throw new Error(`ECS model: ${key} is gone`);
  return value;
};

/** Tokens are offsets in disguise; the lists only grow at their end. */
const takePage = (
  items: readonly string[],
  input: ApiInput,
  defaultSize: number,
): { readonly items: readonly string[]; readonly nextToken?: string } => {
  const size = Number(input.maxResults ?? defaultSize);
  if (!(size >= 1 && size <= 100)) {
    throw new CloudError('InvalidParameterException', 'maxResults must be from 1 to 100');
  }
  const start = Number(input.nextToken ?? 0);
  if (!Number.isInteger(start) || start < 0) throw new CloudError('InvalidParameterException', 'Invalid token.');
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length ? { nextToken: String(end) } : {}) };
};
