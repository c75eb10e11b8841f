import type { EpochSeconds, Percent, Seconds } from '../../model/units.ts';
import { drawHex, drawUniform, type RandomState } from './random.ts';
import { nextInstant, parseExpression, type ScheduleExpression } from './scheduler/expression.ts';

export interface SchedulerSettings {
  /** Invocations may come so late. AWS: up to 60. */
  readonly jitterSeconds: Seconds;
  /** At-least-once: this share of the invocations comes twice. */
  readonly duplicatePercent: Percent;
}

export interface ScheduleSpec {
  readonly name: string;
  readonly expression: string;
  /** IANA; default UTC. */
  readonly timeZone?: string;
  readonly enabled: boolean;
  readonly targetArn: string;
  readonly roleArn?: string;
  /** May hold context attributes: `<aws.scheduler.scheduled-time>` and its like. */
  readonly input: string;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: Seconds;
}

export interface Schedule {
  readonly spec: ScheduleSpec;
  readonly arn: string;
  readonly expression: ScheduleExpression;
  readonly createdAt: EpochSeconds;
  /** Absent: it never fires again. */
  readonly nextAt?: EpochSeconds;
}

/** An invocation on its way, or waiting to be tried again. */
export interface Invocation {
  readonly executionId: string;
  readonly schedule: string;
  readonly scheduledAt: EpochSeconds;
  readonly dueAt: EpochSeconds;
  /** 1 for the first. */
  readonly attempt: number;
  readonly waits: boolean;
}

export interface SchedulerState {
  readonly settings: SchedulerSettings;
  readonly random: RandomState;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly invocations: ReadonlyMap<string, Invocation>;
}

export type SchedulerEvent =
  | { readonly type: 'timePassed' }
  | { readonly type: 'createSchedule'; readonly spec: ScheduleSpec; readonly arn: string }
  | { readonly type: 'deleteAll' }
  | { readonly type: 'succeeded' | 'failed'; readonly executionId: string };

export interface SchedulerEffect {
  readonly type: 'invoke';
  readonly schedule: string;
  readonly targetArn: string;
  readonly roleArn?: string;
  /** With the context attributes filled in. */
  readonly input: string;
  /** ISO 8601, UTC. */
  readonly scheduledTime: string;
  readonly executionId: string;
  readonly attempt: number;
}

export interface SchedulerStep {
  readonly state: SchedulerState;
  readonly effects: readonly SchedulerEffect[];
}

export const initialSchedulerState = (seed: number, settings: Partial<SchedulerSettings> = {}): SchedulerState => ({
  settings: { jitterSeconds: 0, duplicatePercent: 0, ...settings },
  random: seed >>> 0,
  schedules: new Map(),
  invocations: new Map(),
});

/** EventBridge Scheduler as a state machine. Throws CloudError for an expression that is none. */
export const stepScheduler = (state: SchedulerState, event: SchedulerEvent, now: EpochSeconds): SchedulerStep => {
  switch (event.type) {
    case 'timePassed':
      return fire(state, now);
    case 'createSchedule':
      return fire(addSchedule(state, event, now), now);
    case 'deleteAll':
      return { state: { ...state, schedules: new Map(), invocations: new Map() }, effects: [] };
    case 'succeeded':
      return { state: withoutInvocation(state, event.executionId), effects: [] };
    case 'failed':
      return { state: retryLater(state, event.executionId, now), effects: [] };
  }
};

export const nextSchedulerWakeAt = (state: SchedulerState): EpochSeconds | undefined => {
  const times = [
    ...[...state.schedules.values()].map(({ nextAt }) => nextAt),
    ...[...state.invocations.values()].map(({ waits, dueAt }) => (waits ? dueAt : undefined)),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
};

const addSchedule = (
  state: SchedulerState,
  { spec, arn }: Extract<SchedulerEvent, { type: 'createSchedule' }>,
  now: EpochSeconds,
): SchedulerState => {
  const expression = parseExpression(spec.expression, spec.timeZone);
  // Just before now: a rate without a start fires at once.
  const nextAt = spec.enabled ? nextInstant(expression, now, now - 1e-3) : undefined;
  const schedule: Schedule = { spec, arn, expression, createdAt: now, ...(nextAt === undefined ? {} : { nextAt }) };
  return { ...state, schedules: new Map(state.schedules).set(spec.name, schedule) };
};

const fire = (before: SchedulerState, now: EpochSeconds): SchedulerStep => {
  let state = before;
  for (const schedule of before.schedules.values()) state = queueDue(state, schedule, now);
  const due = [...state.invocations.values()].filter(({ waits, dueAt }) => waits && dueAt <= now);
  const invocations = new Map(state.invocations);
  for (const invocation of due) invocations.set(invocation.executionId, { ...invocation, waits: false });
  const effects = due.flatMap((invocation) => invoke(state, invocation));
  return { state: { ...state, invocations }, effects };
};

/** Instants that were slept through come once, the newest: Scheduler does not catch up a row of missed minutes. */
const queueDue = (state: SchedulerState, schedule: Schedule, now: EpochSeconds): SchedulerState => {
  if (schedule.nextAt === undefined || schedule.nextAt > now) return state;
  const scheduledAt = newestDue(schedule, schedule.nextAt, now);
  const nextAt = nextInstant(schedule.expression, schedule.createdAt, scheduledAt);
  const { nextAt: _, ...rest } = schedule;
  const schedules = new Map(state.schedules).set(schedule.spec.name, {
    ...rest,
    ...(nextAt === undefined ? {} : { nextAt }),
  });
  const [chance, afterChance] = drawUniform(state.random);
  const once = queueInvocation({ ...state, schedules, random: afterChance }, schedule.spec.name, scheduledAt);
  const twice = chance * 100 < state.settings.duplicatePercent;
  return twice ? queueInvocation(once, schedule.spec.name, scheduledAt) : once;
};

const newestDue = (schedule: Schedule, first: EpochSeconds, now: EpochSeconds): EpochSeconds => {
  let newest = first;
  for (;;) {
    const next = nextInstant(schedule.expression, schedule.createdAt, newest);
    if (next === undefined || next > now) return newest;
    newest = next;
  }
};

const queueInvocation = (state: SchedulerState, schedule: string, scheduledAt: EpochSeconds): SchedulerState => {
  const [share, afterJitter] = drawUniform(state.random);
  const [executionId, random] = drawHex(afterJitter, 16);
  const dueAt = scheduledAt + share * state.settings.jitterSeconds;
  const invocation = { executionId, schedule, scheduledAt, dueAt, attempt: 1, waits: true };
  return { ...state, random, invocations: new Map(state.invocations).set(executionId, invocation) };
};

const invoke = (state: SchedulerState, invocation: Invocation): SchedulerEffect[] => {
  const schedule = state.schedules.get(invocation.schedule);
  if (!schedule) return [];
  const { executionId, attempt } = invocation;
  const scheduledTime = `${new Date(invocation.scheduledAt * 1000).toISOString().slice(0, 19)}Z`;
  const input = schedule.spec.input
    .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt))
    .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn);
  const { name, targetArn, roleArn } = schedule.spec;
  const role = roleArn === undefined ? {} : { roleArn };
  return [{ type: 'invoke', schedule: name, targetArn, ...role, input, scheduledTime, executionId, attempt }];
};

const withoutInvocation = (state: SchedulerState, executionId: string): SchedulerState => {
  const invocations = new Map(state.invocations);
  invocations.delete(executionId);
  return { ...state, invocations };
};

const retryLater = (state: SchedulerState, executionId: string, now: EpochSeconds): SchedulerState => {
  const invocation = state.invocations.get(executionId);
  const spec = invocation && state.schedules.get(invocation.schedule)?.spec;
  const dueAt = invocation ? now + Math.min(60, 2 ** invocation.attempt) : now;
  const spent =
    !invocation ||
    !spec ||
    invocation.attempt > spec.maximumRetryAttempts ||
    dueAt > invocation.scheduledAt + spec.maximumEventAgeSeconds;
  if (spent) return withoutInvocation(state, executionId);
  const retry = { ...invocation, attempt: invocation.attempt + 1, dueAt, waits: true };
  return { ...state, invocations: new Map(state.invocations).set(executionId, retry) };
};
