import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { Draft } from './ecs/draft.ts';
import { isBackingOff, recordRunning, recordStartFailure } from './ecs/launch.ts';
import { publishMetrics } from './ecs/metrics.ts';
import { runSchedulerPass } from './ecs/scheduler-pass.ts';
import { advanceTask, beginStop, containerGone, dueAt, targetDrained } from './ecs/task-life.ts';
import { defaultEcsSettings, type EcsEffect, type EcsEvent, type EcsSettings, type EcsState } from './ecs/types.ts';

export interface EcsStep {
  readonly state: EcsState;
  /** To be carried out in this order. */
  readonly effects: readonly EcsEffect[];
}

/** What must be said of an account; the rest has AWS' own values. */
export type EcsAccount = Pick<EcsSettings, 'region' | 'account' | 'startDelaySeconds'> & Partial<EcsSettings>;

export const initialEcsState = (account: EcsAccount, seed: number, now: EpochSeconds): EcsState => {
  const settings = { ...defaultEcsSettings, ...account };
  return {
    settings,
    random: seed >>> 0,
    clusters: new Map(),
    definitions: new Map(),
    services: new Map(),
    tasks: new Map(),
    launchTokens: settings.launches.burst,
    launchTokensAt: now,
    metricsAt: Math.floor(now / settings.metricPeriodSeconds) * settings.metricPeriodSeconds,
  };
};

/**
 * ECS on Fargate as a state machine: what happened, and when, gives the next state and what the world must do.
 * Events about tasks that are long gone change nothing, as late news should.
 */
export const stepEcs = (state: EcsState, event: EcsEvent, now: EpochSeconds): EcsStep =>
  changeEcs(state, now, (draft) => applyEvent(draft, event));

/** For the API's operations: a change, then everything that follows from it at the same instant. */
export const changeEcs = (state: EcsState, now: EpochSeconds, change: (draft: Draft) => void): EcsStep => {
  const draft = new Draft(state, now);
  for (const id of state.tasks.keys()) advanceTask(draft, id);
  publishMetrics(draft);
  change(draft);
  for (const key of draft.services.keys()) runSchedulerPass(draft, key);
  return { state: draft.finish(), effects: draft.effects };
};

const applyEvent = (draft: Draft, event: EcsEvent): void => {
  if (event.type === 'timePassed') return;
  const task = draft.tasks.get(event.task);
  // The last word about its usage comes when a process is already gone.
  if (task && event.type === 'measured') {
    const usage = { at: draft.now, cpuSeconds: event.cpuSeconds, memoryMiB: event.memoryMiB };
    draft.patchTask(task.id, { usage });
    return;
  }
  if (!task || event.type === 'measured' || task.status === 'STOPPED' || task.status === 'DEPROVISIONING') return;
  switch (event.type) {
    case 'containerStarted':
      if (task.status !== 'ACTIVATING') return;
      draft.patchTask(task.id, { status: 'RUNNING', statusAt: draft.now, startedAt: draft.now });
      recordRunning(draft, task);
      if (task.targetGroups !== undefined)
        draft.effects.push({ type: 'register', task: task.id, targetGroups: task.targetGroups });
      return;
    case 'containerFailed':
      if (task.desired === 'RUNNING') recordStartFailure(draft, task);
      containerGone(
        draft,
        task.id,
        task.stopCode === undefined ? { stopCode: 'TaskFailedToStart', stoppedReason: event.reason } : {},
      );
      return;
    case 'containerExited': {
      const cause = {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
      } as const;
      if (task.desired === 'RUNNING' && task.status !== 'RUNNING') recordStartFailure(draft, task);
      containerGone(draft, task.id, {
        exitCode: event.exitCode,
        ...(task.stopCode === undefined ? cause : {}),
      });
      return;
    }
    case 'targetHealthy':
      if (task.targetHealthyAt === undefined) draft.patchTask(task.id, { targetHealthyAt: draft.now });
      return;
    case 'targetUnhealthy': {
      const grace = draft.service(task.service).loadBalancing?.graceSeconds ?? 0;
      if (task.status !== 'RUNNING' || draft.now < (task.startedAt ?? draft.now) + grace) return;
      beginStop(draft, task.id, 'ServiceSchedulerInitiated', 'Task failed ELB health checks.');
      return;
    }
    case 'targetDrained':
      targetDrained(draft, task.id);
      return;
    case 'spotInterruption':
      beginStop(draft, task.id, 'SpotInterruption', 'Your Spot Task was interrupted.');
      return;
  }
};

/** When `timePassed` must be fed in at the latest. Undefined: nothing waits for time. */
export const nextEcsWakeAt = (state: EcsState, now: EpochSeconds): EpochSeconds | undefined => {
  const { settings } = state;
  const tasks = [...state.tasks.values()];
  const times = tasks.map((task) => dueAt(task, settings));
  if (tasks.some((task) => task.status === 'RUNNING')) times.push(state.metricsAt + settings.metricPeriodSeconds);
  for (const service of state.services.values()) {
    if (isBackingOff(service, now)) times.push(service.retryAt);
    if (service.deployments.length > 1) {
      const mine = tasks.filter((task) => task.service === service.key && task.startedAt !== undefined);
      times.push(...mine.map((task) => (task.startedAt ?? 0) + settings.healthyAfterSeconds).filter((at) => at > now));
    }
  }
  if (waitsForLaunch(state, now)) times.push(now + launchTokenInSeconds(state, now));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

const waitsForLaunch = (state: EcsState, now: EpochSeconds): boolean =>
  state.launchTokens < 1 &&
  [...state.services.values()].some((service) => {
    const alive = [...state.tasks.values()].filter(
      (task) => task.service === service.key && task.desired === 'RUNNING',
    );
    return alive.length < service.desiredCount && !isBackingOff(service, now);
  });

const launchTokenInSeconds = (state: EcsState, now: EpochSeconds): Seconds => {
  const tokens = state.launchTokens + (now - state.launchTokensAt) * state.settings.launches.perSecond;
  return Math.max(0, (1 - tokens) / state.settings.launches.perSecond);
};
