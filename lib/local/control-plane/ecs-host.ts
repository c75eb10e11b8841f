import { join } from 'node:path';
import { programFile } from '../../package-files.ts';
import type { Draft } from '../../simulate/cloud/ecs/draft.ts';
import { beginStop } from '../../simulate/cloud/ecs/task-life.ts';
import type { EcsEffect, EcsEvent, EcsState, Task } from '../../simulate/cloud/ecs/types.ts';
import { changeEcs, type EcsStep, initialEcsState, nextEcsWakeAt, stepEcs } from '../../simulate/cloud/ecs.ts';
import { callEcs } from '../../simulate/cloud/ecs-api.ts';
import { freePort } from '../load-balancer/free-port.ts';
import { createBundler } from '../tasks/bundle-entry.ts';
import { startReaper } from '../tasks/start-reaper.ts';
import { startTaskProcess, type TaskProcess } from '../tasks/task-process.ts';
import { createAlarmClock } from './alarm-clock.ts';
import type { ControlPlaneOptions } from './interface.ts';
import type { LocalRun } from './read-task-definition.ts';
import { taskView } from './views.ts';

export interface EcsHostOptions extends ControlPlaneOptions {
  readonly onMetric: (effect: Extract<EcsEffect, { type: 'metric' }>) => void;
  readonly onState: () => void;
  /** A task behind a load balancer runs, on this port, or is about to stop. */
  readonly onRegister: (task: string, targetGroups: readonly string[], port: number) => void;
  readonly onDeregister: (task: string, targetGroups: readonly string[]) => void;
  /** Base of the agent endpoints; a task's id follows. */
  readonly agentUrl: () => string;
}

/** The ECS model with a clock and real processes. */
export interface EcsHost {
  state(): EcsState;
  call(operation: string, input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  change<T>(change: (draft: Draft) => T): T;
  feed(event: EcsEvent): void;
  /** What a task definition runs on this machine, by `family:revision`. */
  setRun(definition: string, run: LocalRun): void;
  prepare(): Promise<void>;
  process(task: string): TaskProcess | undefined;
  close(): Promise<void>;
}

const now = (): number => Date.now() / 1000;

export const startEcsHost = async (options: EcsHostOptions): Promise<EcsHost> => {
  const buildDirectory = options.buildDirectory ?? join(options.projectDirectory, '.build');
  const bundle = createBundler(join(buildDirectory, 'workers'));
  const [preload, reaperFile] = await Promise.all(
    ['lib/local/tasks/preload', 'lib/local/tasks/reaper'].map((name) => bundle(programFile(name))),
  );
  const reaper = await startReaper(reaperFile ?? '');
  const runs = new Map<string, LocalRun>();
  const processes = new Map<string, TaskProcess>();
  const ports = new Map<string, number>();
  const clock = createAlarmClock(() => feed({ type: 'timePassed' }));
  let state = initialEcsState(accountOf(options), options.seed, now());

  const commit = (step: EcsStep): void => {
    state = step.state;
    for (const effect of step.effects) perform(effect);
    clock.wakeAt(nextEcsWakeAt(state, now()));
    options.onState();
  };
  const feed = (event: EcsEvent): void => commit(stepEcs(state, event, now()));

  const perform = (effect: EcsEffect): void => {
    if (effect.type === 'metric') options.onMetric(effect);
    else if (effect.type === 'startContainer') void startContainer(effect.task);
    else if (effect.type === 'register') {
      options.onRegister(effect.task, effect.targetGroups, ports.get(effect.task) ?? 0);
    } else if (effect.type === 'deregister') options.onDeregister(effect.task, effect.targetGroups);
    // Without a process yet, the start that is under way sees the wish to stop by itself.
    else processes.get(effect.task)?.signal(effect.signal);
  };

  const startContainer = async (id: string): Promise<void> => {
    try {
      const command = await commandFor(state.tasks.get(id)?.definition ?? '');
      // All tasks share this machine's address, so each gets a port of its own.
      if (state.tasks.get(id)?.targetGroups !== undefined) ports.set(id, await freePort());
      const task = state.tasks.get(id);
      if (task?.status === 'ACTIVATING') runTask(task, command);
      else feed({ type: 'containerExited', task: id, exitCode: 143 });
    } catch (error) {
      feed({ type: 'containerFailed', task: id, reason: `CannotPullContainerError: ${(error as Error).message}` });
    }
  };

  const commandFor = async (definition: string): Promise<readonly string[]> => {
    const run = runs.get(definition);
    if (!run) throw new Error(`nothing to run for ${definition}`);
    return 'command' in run ? run.command : ['node', await bundle(run.entry)];
  };

  const runTask = (task: Task, command: readonly string[]): void => {
    const child = startTaskProcess({
      command,
      directory: options.projectDirectory,
      environment: environmentOf(task),
      preload: preload ?? '',
      onStart: (pid) => {
        reaper.watch(pid);
        feed({ type: 'containerStarted', task: task.id });
      },
      onLine: (stream, line) => options.onTaskLine?.(taskView(state, state.tasks.get(task.id) ?? task), stream, line),
      onUsage: ({ cpuSeconds, rssMiB }) => feed({ type: 'measured', task: task.id, cpuSeconds, memoryMiB: rssMiB }),
      onExit: (exitCode) => {
        if (child.pid !== undefined) reaper.forget(child.pid);
        feed({ type: 'containerExited', task: task.id, exitCode });
      },
      onFail: (reason) => feed({ type: 'containerFailed', task: task.id, reason }),
    });
    processes.set(task.id, child);
    void child.closed.then(() => {
      processes.delete(task.id);
      ports.delete(task.id);
    });
  };

  const environmentOf = (task: Task): Readonly<Record<string, string>> => ({
    NODE_COMPILE_CACHE: join(buildDirectory, 'compile-cache'),
    ...options.taskEnvironment(),
    ...state.definitions.get(task.definition)?.container.environment,
    ...(ports.has(task.id) ? { PORT: String(ports.get(task.id)) } : {}),
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    ECS_AGENT_URI: `${options.agentUrl()}/agent/${task.id}`,
    ECS_CONTAINER_METADATA_URI_V4: `${options.agentUrl()}/metadata/${task.id}`,
  });

  const change = <T>(make: (draft: Draft) => T): T => {
    const made: T[] = [];
    commit(changeEcs(state, now(), (draft) => void made.push(make(draft))));
    return made[0] as T;
  };

  const close = async (): Promise<void> => {
    change(stopEverything);
    const kill = setTimeout(
      () => {
        for (const child of processes.values()) child.signal('SIGKILL');
      },
      (options.closeGraceSeconds ?? 5) * 1000,
    );
    while (processes.size > 0) await Promise.all([...processes.values()].map((child) => child.closed));
    clearTimeout(kill);
    clock.stop();
    await reaper.close();
  };

  return {
    state: () => state,
    change,
    feed,
    close,
    process: (task) => processes.get(task),
    setRun: (definition, run) => void runs.set(definition, run),
    prepare: async () => {
      await Promise.all([...runs.values()].flatMap((run) => ('entry' in run ? [bundle(run.entry)] : [])));
    },
    call: (operation, input) => {
      const answer = callEcs(state, operation, input, now());
      commit(answer);
      return answer.output;
    },
  };
};

const accountOf = (options: ControlPlaneOptions): Parameters<typeof initialEcsState>[0] => ({
  region: options.region,
  account: options.account,
  startDelaySeconds: options.startDelaySeconds,
  ...(options.healthyAfterSeconds === undefined ? {} : { healthyAfterSeconds: options.healthyAfterSeconds }),
  ...(options.metricPeriodSeconds === undefined ? {} : { metricPeriodSeconds: options.metricPeriodSeconds }),
});

/** Also protected tasks, and nothing in their place. */
const stopEverything = (draft: Draft): void => {
  for (const key of draft.services.keys()) draft.patchService(key, { desiredCount: 0 });
  for (const id of draft.tasks.keys()) beginStop(draft, id, 'UserInitiated', 'The local cloud closes.');
};
