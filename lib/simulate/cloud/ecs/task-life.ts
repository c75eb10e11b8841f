import type { EpochSeconds } from '../../../model/units.ts';
import type { Draft } from './draft.ts';
import type { EcsSettings, StopCode, Task, TaskStatus } from './types.ts';

/**
 * PROVISIONING → PENDING → ACTIVATING → RUNNING → DEACTIVATING → STOPPING → DEPROVISIONING → STOPPED
 *      └──────────────┴── told to stop before a container lives ───────────────┘
 * A task behind a load balancer is taken out of its target groups while DEACTIVATING, and waits there for its requests.
 * The network interface takes the first two fifths of the start-up delay, the image pull the rest.
 */
const provisioningShare = 0.4;

/** The states in which a container may live. */
const withContainer: ReadonlySet<TaskStatus> = new Set(['ACTIVATING', 'RUNNING', 'DEACTIVATING', 'STOPPING']);
export const mayHaveContainer = (task: Task): boolean => withContainer.has(task.status);

/** ECS wants it to run; it may still be on its way up. */
export const isWanted = (task: Task): boolean => task.desired === 'RUNNING' && task.status !== 'STOPPED';

export const isProtected = (task: Task, now: EpochSeconds): boolean =>
  task.protectedUntil !== undefined && task.protectedUntil > now;

/** Everything that is due for one task now; several steps of its life may be. */
export const advanceTask = (draft: Draft, id: string): void => {
  for (;;) {
    const task = draft.tasks.get(id);
    const due = task && dueAt(task, draft.settings);
    if (!task || due === undefined || due > draft.now) return;
    takeStep(draft, task, due);
  }
};

/** When the task next changes by the mere passing of time. */
export const dueAt = (task: Task, settings: EcsSettings): EpochSeconds | undefined => {
  switch (task.status) {
    case 'PROVISIONING':
      return task.createdAt + provisioningShare * task.delaySeconds;
    case 'PENDING':
      return task.createdAt + task.delaySeconds;
    case 'RUNNING':
      return task.protectedUntil;
    case 'DEACTIVATING':
      return task.statusAt + Math.max(settings.deactivatingSeconds, task.drainSeconds ?? 0);
    case 'STOPPING':
      return task.killAt;
    case 'DEPROVISIONING':
      return task.statusAt + settings.deprovisioningSeconds;
    case 'STOPPED':
      return task.statusAt + settings.stoppedTaskSeconds;
    case 'ACTIVATING':
      return undefined;
  }
};

const takeStep = (draft: Draft, task: Task, at: EpochSeconds): void => {
  switch (task.status) {
    case 'PROVISIONING':
      enter(draft, task, 'PENDING', at, { pullStartedAt: at });
      return;
    case 'PENDING':
      draft.effects.push({ type: 'startContainer', task: task.id });
      enter(draft, task, 'ACTIVATING', at, { pullStoppedAt: at });
      return;
    case 'RUNNING':
      unprotect(draft, task);
      return;
    case 'DEACTIVATING':
      draft.effects.push({ type: 'signal', task: task.id, signal: 'SIGTERM' });
      enter(draft, task, 'STOPPING', at, {
        killAt: at + draft.definitionOf(task).container.stopTimeoutSeconds,
      });
      return;
    case 'STOPPING': {
      draft.effects.push({ type: 'signal', task: task.id, signal: 'SIGKILL' });
      const { killAt: _, ...rest } = task;
      draft.tasks.set(task.id, rest);
      return;
    }
    case 'DEPROVISIONING':
      enter(draft, task, 'STOPPED', at, { stoppedAt: at });
      return;
    case 'STOPPED':
      draft.tasks.delete(task.id);
      return;
    case 'ACTIVATING':
      return;
  }
};

const enter = (draft: Draft, task: Task, status: TaskStatus, at: EpochSeconds, patch: Partial<Task> = {}): void => {
  draft.patchTask(task.id, { ...patch, status, statusAt: at });
};

export const unprotect = (draft: Draft, task: Task): void => {
  const { protectedUntil: _, ...rest } = task;
  draft.tasks.set(task.id, rest);
};

/** Tells a task to stop. A container gets SIGTERM, and SIGKILL after its stop timeout; a task without one is gone at once. */
export const beginStop = (draft: Draft, id: string, stopCode: StopCode, stoppedReason: string): void => {
  if (draft.task(id).desired === 'STOPPED') return;
  unprotect(draft, draft.task(id));
  const patch = { desired: 'STOPPED', stopCode, stoppedReason, stoppingAt: draft.now } as const;
  const task = draft.patchTask(id, patch);
  deregister(draft, task);
  enter(draft, task, mayHaveContainer(task) ? 'DEACTIVATING' : 'DEPROVISIONING', draft.now);
  advanceTask(draft, id);
};

/** Its load balancers have let go of it: SIGTERM need wait no longer. */
export const targetDrained = (draft: Draft, id: string): void => {
  const task = draft.task(id);
  if (task.status !== 'DEACTIVATING') return;
  draft.patchTask(id, { drainSeconds: 0 });
  advanceTask(draft, id);
};

const deregister = (draft: Draft, { id, targetGroups, startedAt }: Task): void => {
  if (targetGroups === undefined || startedAt === undefined) return;
  draft.effects.push({ type: 'deregister', task: id, targetGroups });
};

/** The container is gone, by whatever cause. */
export const containerGone = (draft: Draft, id: string, patch: Partial<Task>): void => {
  unprotect(draft, draft.task(id));
  const { killAt: _, ...task } = draft.task(id);
  draft.tasks.set(id, task);
  if (task.stoppingAt === undefined) deregister(draft, task);
  const stoppingAt = task.stoppingAt ?? draft.now;
  enter(draft, task, 'DEPROVISIONING', draft.now, { ...patch, stoppingAt, desired: 'STOPPED' });
  advanceTask(draft, id);
};
