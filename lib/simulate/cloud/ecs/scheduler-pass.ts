import type { Draft } from './draft.ts';
import { launchTasks } from './launch.ts';
import { beginStop, isProtected, isWanted, mayHaveContainer } from './task-life.ts';
import type { Deployment, Service, Task } from './types.ts';

/**
 * The service scheduler's look at one service: stop what is too much, start what is missing, close finished
 * deployments, and say so in the service's events.
 */
export const runSchedulerPass = (draft: Draft, key: string): void => {
  tripCircuitBreaker(draft, key);
  const stopped = [...stopSurplus(draft, key), ...stopOldDeployments(draft, key)];
  if (stopped.length > 0) draft.tell(key, `has stopped ${stopped.length} running tasks: ${list(stopped)}.`);
  const started = launchTasks(draft, key, roomForLaunches(draft, key));
  if (started.length > 0) draft.tell(key, `has started ${started.length} tasks: ${list(started)}.`);
  if (stopped.length + started.length > 0) draft.patchService(key, { told: 'moving' });
  closeDeployments(draft, key);
  tellSteadyState(draft, key);
};

const list = (ids: readonly string[]): string => ids.map((id) => `(task ${id})`).join(' ');

/** Bounds of a rolling update, taken of the present desired count: the minimum is rounded up, the maximum down. */
export const rolloutBounds = (service: Service): { readonly lower: number; readonly upper: number } => ({
  lower: Math.ceil((service.desiredCount * service.minimumHealthyPercent) / 100),
  upper: Math.floor((service.desiredCount * service.maximumPercent) / 100),
});

const wanted = (draft: Draft, key: string): Task[] => draft.tasksOf(key).filter(isWanted);

const split = (draft: Draft, key: string): { readonly primary: Task[]; readonly old: Task[] } => {
  const id = draft.primaryOf(key).id;
  const tasks = wanted(draft, key);
  return {
    primary: tasks.filter((task) => task.deployment === id),
    old: tasks.filter((task) => task.deployment !== id),
  };
};

/** Scale-in. Protected tasks are left alone: a desired count below their number is accepted and waits. */
const stopSurplus = (draft: Draft, key: string): string[] => {
  const { primary } = split(draft, key);
  const surplus = primary.length - draft.service(key).desiredCount;
  return stopVictims(draft, primary, surplus, 'Scaling activity initiated by deployment');
};

/** A rolling update takes old tasks away only as far as enough healthy ones remain; starting ones are no loss. */
const stopOldDeployments = (draft: Draft, key: string): string[] => {
  const { primary, old } = split(draft, key);
  if (old.length === 0) return [];
  const reason = `Scaling activity initiated by deployment ${draft.primaryOf(key).id}`;
  const starting = old.filter((task) => task.status !== 'RUNNING');
  const healthy = [...primary, ...old].filter((task) => isHealthy(draft, task)).length;
  const spare = healthy - rolloutBounds(draft.service(key)).lower;
  const running = old.filter((task) => task.status === 'RUNNING');
  const young = running.filter((task) => !isHealthy(draft, task));
  const settled = running.filter((task) => isHealthy(draft, task));
  return [
    ...stopVictims(draft, starting, starting.length, reason),
    ...stopVictims(draft, young, spare >= 0 ? young.length : 0, reason),
    ...stopVictims(draft, settled, spare, reason),
  ];
};

export const isHealthy = (draft: Draft, task: Task): boolean =>
  task.status === 'RUNNING' &&
  (task.targetGroups === undefined
    ? draft.now >= (task.startedAt ?? draft.now) + draft.settings.healthyAfterSeconds
    : task.targetHealthyAt !== undefined);

/** Keeps the zones balanced first; within a zone nobody can name the victim, so it is drawn. */
const stopVictims = (draft: Draft, tasks: readonly Task[], count: number, reason: string): string[] => {
  const stopped: string[] = [];
  let left = [...tasks];
  while (stopped.length < count) {
    const victim = chooseVictim(draft, left);
    if (!victim) break;
    beginStop(draft, victim.id, 'ServiceSchedulerInitiated', reason);
    left = left.filter((task) => task.id !== victim.id);
    stopped.push(victim.id);
  }
  return stopped;
};

const chooseVictim = (draft: Draft, tasks: readonly Task[]): Task | undefined => {
  const free = tasks.filter((task) => !isProtected(task, draft.now));
  const zones = new Map<string, Task[]>();
  for (const task of free) zones.set(task.zone, [...(zones.get(task.zone) ?? []), task]);
  const size = (zone: string): number => tasks.filter((task) => task.zone === zone).length;
  const [fullest] = [...zones.keys()].sort((a, b) => size(b) - size(a) || a.localeCompare(b));
  const candidates = fullest === undefined ? [] : (zones.get(fullest) ?? []);
  return candidates[draft.drawIndex(candidates.length)];
};

const roomForLaunches = (draft: Draft, key: string): number => {
  const service = draft.service(key);
  const { primary, old } = split(draft, key);
  const missing = service.desiredCount - primary.length;
  if (old.length === 0) return Math.max(0, missing);
  return Math.max(0, Math.min(missing, rolloutBounds(service).upper - primary.length - old.length));
};

/** A deployment whose tasks fail to start is given up: half the desired count of failures, at least 10, at most 200. */
const tripCircuitBreaker = (draft: Draft, key: string): void => {
  const service = draft.service(key);
  const primary = draft.primaryOf(key);
  if (!service.circuitBreaker || primary.rolloutState !== 'IN_PROGRESS') return;
  const threshold = Math.min(200, Math.max(10, Math.ceil(service.desiredCount / 2)));
  if (primary.failedTasks < threshold) return;
  const reason = 'ECS deployment circuit breaker: tasks failed to start.';
  draft.patchDeployment(key, primary.id, { rolloutState: 'FAILED', rolloutStateReason: reason });
  draft.tell(key, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  if (!service.circuitBreaker.rollback || service.stableDefinition === undefined) return;
  draft.tell(key, `rolling back to ${service.stableDefinition}.`);
  beginDeployment(draft, key, service.stableDefinition);
};

/** A new PRIMARY deployment; the former one becomes ACTIVE and is drained as the bounds allow. Forgets start failures. */
export const beginDeployment = (draft: Draft, key: string, definition: string): void => {
  const service = draft.service(key);
  const id = `ecs-svc/${String(draft.drawIndex(10 ** 15)).padStart(19, '7')}`;
  const primary: Deployment = {
    id,
    status: 'PRIMARY',
    definition,
    createdAt: draft.now,
    updatedAt: draft.now,
    failedTasks: 0,
    hasRun: false,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
  };
  const older = service.deployments.map((deployment) => ({ ...deployment, status: 'ACTIVE' as const }));
  draft.patchService(key, { deployments: [primary, ...older], startFailures: 0, retryAt: 0, told: 'moving' });
};

const closeDeployments = (draft: Draft, key: string): void => {
  const tasks = draft.tasksOf(key);
  const service = draft.service(key);
  const deployments = service.deployments.filter(
    (deployment) =>
      deployment.status === 'PRIMARY' ||
      tasks.some((task) => task.deployment === deployment.id && task.status !== 'STOPPED'),
  );
  if (deployments.length < service.deployments.length) draft.patchService(key, { deployments });
  const primary = draft.primaryOf(key);
  const running = tasks.filter((task) => task.deployment === primary.id && isWanted(task) && task.status === 'RUNNING');
  if (primary.rolloutState !== 'IN_PROGRESS' || deployments.length > 1) return;
  if (running.length < service.desiredCount) return;
  draft.patchDeployment(key, primary.id, {
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${primary.id} completed.`,
  });
  draft.patchService(key, { stableDefinition: primary.definition });
  draft.tell(key, `(deployment ${primary.id}) deployment completed.`);
};

const tellSteadyState = (draft: Draft, key: string): void => {
  const service = draft.service(key);
  const tasks = draft.tasksOf(key).filter((task) => task.status !== 'STOPPED');
  const alive = tasks.filter(isWanted);
  const surplus = alive.length - service.desiredCount;
  if (surplus > 0 && service.deployments.length === 1) {
    if (service.told === 'blocked') return;
    draft.tell(
      key,
      'was unable to reach steady state because the number of protected tasks is more than the desired count of tasks.',
    );
    draft.patchService(key, { told: 'blocked' });
    return;
  }
  const steady = surplus === 0 && tasks.length === alive.length && alive.every((task) => task.status === 'RUNNING');
  if (!steady || service.told === 'steady' || service.deployments.length > 1) return;
  draft.tell(key, 'has reached a steady state.');
  draft.patchService(key, { told: 'steady' });
};

/** True when ECS would have stopped this task had it not been for protection, or has told it to stop. */
export const isSurplus = (draft: Draft, task: Task): boolean => {
  if (task.desired === 'STOPPED') return mayHaveContainer(task);
  const service = draft.service(task.service);
  const { primary, old } = split(draft, task.service);
  const healthy = primary.filter((other) => isHealthy(draft, other)).length;
  const replaced = old.includes(task) && healthy >= service.desiredCount;
  return replaced || (old.length === 0 && primary.length > service.desiredCount);
};
