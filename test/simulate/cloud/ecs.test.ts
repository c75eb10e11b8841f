import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CloudError } from '../../../lib/simulate/cloud/cloud-error.ts';
import type { Task } from '../../../lib/simulate/cloud/ecs/types.ts';
import { EcsWorld } from './ecs-world.ts';

/** A service `api` with `count` tasks running and settled. */
const running = (count: number, ...settings: ConstructorParameters<typeof EcsWorld>): EcsWorld => {
  const world = new EcsWorld(...settings);
  world.create({ desiredCount: count });
  world.pass(100);
  return world;
};
const first = (world: EcsWorld): Task => world.tasks('RUNNING')[0] as Task;

describe('counts', () => {
  test('a service created without DesiredCount starts with 1', () => {
    const world = new EcsWorld();
    world.create();
    expect(world.describe()).toMatchObject({ desiredCount: 1, pendingCount: 1, runningCount: 0 });
  });

  test('desiredCount alone makes no deployment', () => {
    const world = running(2);
    const before = world.service().deployments;
    world.scale(5);
    world.pass(100);
    expect(world.service().deployments.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(world.service().deployments[0]?.rolloutState).toBe('COMPLETED');
    expect(world.describe()).toMatchObject({ desiredCount: 5, runningCount: 5 });
  });

  test('the answer of UpdateService shows the service after the change', () => {
    const { service } = running(1).call('UpdateService', { service: 'api', desiredCount: 3 });
    expect(service).toMatchObject({ desiredCount: 3, pendingCount: 2, runningCount: 1 });
  });

  test('runningCount does not count tasks that already got SIGTERM', () => {
    const world = running(3);
    world.scale(1);
    expect(world.tasks('STOPPING')).toHaveLength(2);
    expect(world.describe().runningCount).toBe(1);
  });

  test('pendingCount counts PENDING only, where the setting says so', () => {
    const world = new EcsWorld({ pendingCountsAllStarting: false });
    world.create();
    expect(world.describe().pendingCount).toBe(0);
    world.pass(15);
    expect(world.describe().pendingCount).toBe(1);
  });

  test('at most 100 service events are kept, newest first', () => {
    const world = running(0);
    for (let i = 0; i < 120; i += 1) world.scale(i % 2);
    expect(world.service().events).toHaveLength(100);
    expect(world.messages()[0]).toContain('started 1 tasks');
  });
});

describe('the life of a task', () => {
  test('PROVISIONING → PENDING → ACTIVATING → RUNNING, after the drawn start-up delay', () => {
    const world = new EcsWorld();
    world.create();
    const seen = [0, 11, 2, 16, 2].map((seconds) => {
      world.pass(seconds);
      return world.tasks()[0]?.status;
    });
    expect(seen).toEqual(['PROVISIONING', 'PROVISIONING', 'PENDING', 'PENDING', 'RUNNING']);
    expect(first(world)).toMatchObject({ pullStartedAt: 1_000_012, pullStoppedAt: 1_000_030, startedAt: 1_000_030 });
  });

  test('RUNNING → DEACTIVATING → STOPPING → DEPROVISIONING → STOPPED', () => {
    const world = running(1, { deactivatingSeconds: 5, deprovisioningSeconds: 5 });
    world.scale(0);
    const seen = [0, 5.5, 1, 5].map((seconds) => {
      world.pass(seconds);
      return [...world.state.tasks.values()][0]?.status;
    });
    expect(seen).toEqual(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']);
  });

  test('start-up delays follow the median and the 95th percentile', () => {
    const world = new EcsWorld({ startDelaySeconds: { median: 30, p95: 60 }, launches: { burst: 5000, perSecond: 1 } });
    world.create({ desiredCount: 1000 });
    const delays = world
      .tasks()
      .map(({ delaySeconds }) => delaySeconds)
      .sort((a, b) => a - b);
    expect(delays[500]).toBeGreaterThan(28);
    expect(delays[500]).toBeLessThan(32);
    expect(delays[950]).toBeGreaterThan(54);
    expect(delays[950]).toBeLessThan(66);
  });

  test('SIGTERM → stopTimeout → SIGKILL', () => {
    const world = running(1);
    world.drainSeconds = 1000;
    world.scale(0);
    world.pass(200);
    const signals = world.effects.flatMap((e) => (e.type === 'signal' ? [[e.signal, e.at]] : []));
    expect(signals).toEqual([
      ['SIGTERM', 1_000_100],
      ['SIGKILL', 1_000_130],
    ]);
    expect(world.tasks()).toEqual([]);
  });

  test.each([1, 121])('a stopTimeout of %i seconds is refused (2 to 120)', (seconds) => {
    expect(() => new EcsWorld().define('odd', seconds)).toThrow(CloudError);
  });

  test('a task told to stop before its container lives is gone at once, without any signal', () => {
    const world = new EcsWorld();
    world.create();
    world.scale(0);
    expect(world.tasks()).toEqual([]);
    expect(world.effects).toEqual([]);
  });

  test('a crashed task is replaced, without back-off', () => {
    const world = running(2);
    for (let i = 0; i < 6; i += 1) {
      world.feed({ type: 'containerExited', task: first(world).id, exitCode: 1 });
      world.pass(31);
    }
    expect(world.describe().runningCount).toBe(2);
    expect(world.service()).toMatchObject({ startFailures: 0, deployments: [{ failedTasks: 0 }] });
    expect(world.tasks('STOPPED')[0]).toMatchObject({ stopCode: 'EssentialContainerExited', exitCode: 1 });
  });

  test('stopped tasks can be described for an hour', () => {
    const world = running(1);
    world.scale(0);
    world.pass(3500);
    expect(world.tasks('STOPPED')).toHaveLength(1);
    world.pass(200);
    expect(world.state.tasks.size).toBe(0);
  });
});

describe('tasks that fail to start', () => {
  const failing = (): EcsWorld => {
    const world = new EcsWorld();
    world.broken.add('worker:1');
    world.create();
    return world;
  };

  test('failedTasks counts failures in a row', () => {
    const world = failing();
    world.pass(61);
    expect(world.service().deployments[0]?.failedTasks).toBe(2);
    expect(world.tasks('STOPPED')[0]).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPull' });
  });

  test('failedTasks is reset by one running task, and counts no more after it', () => {
    const world = failing();
    world.pass(61);
    world.broken.clear();
    world.pass(31);
    expect(world.service().deployments[0]).toMatchObject({ failedTasks: 0, hasRun: true });
    world.broken.add('worker:1');
    world.scale(2);
    world.pass(31);
    expect(world.tasks('STOPPED')).toHaveLength(3);
    // The back-off starts from nothing too.
    expect(world.service()).toMatchObject({ startFailures: 1, retryAt: 0 });
    expect(world.service().deployments[0]?.failedTasks).toBe(0);
  });

  test('the scheduler backs off more and more, up to 15 minutes, and says so', () => {
    const world = failing();
    world.pass(4 * 3600);
    const starts = world.effects.flatMap((e) => (e.type === 'startContainer' ? [e.at] : []));
    const gaps = starts.slice(1).map((at, i) => Math.round(at - (starts[i] ?? 0)));
    expect(gaps.slice(0, 6)).toEqual([30, 30, 40, 50, 70, 110]);
    expect(Math.max(...gaps)).toBe(930);
    expect(world.messages().filter((m) => m.includes('unable to consistently start'))).toHaveLength(1);
  });

  test('a new task definition resets the back-off', () => {
    const world = failing();
    world.pass(3600);
    world.define('worker');
    world.call('UpdateService', { service: 'api', taskDefinition: 'worker' });
    world.pass(31);
    expect(world.describe().runningCount).toBe(1);
  });

  test('the circuit breaker gives up after 10 failures and rolls back', () => {
    const world = new EcsWorld({ healthyAfterSeconds: 0 });
    world.create({ desiredCount: 4, circuitBreaker: { rollback: true } });
    world.pass(100);
    world.define('worker');
    world.broken.add('worker:2');
    world.call('UpdateService', { service: 'api', taskDefinition: 'worker:2' });
    world.pass(600);
    expect(world.service().deployments).toMatchObject([{ definition: 'worker:1', rolloutState: 'COMPLETED' }]);
    expect(world.messages().join()).toContain('deployment failed: tasks failed to start');
    expect(world.describe().runningCount).toBe(4);
  });
});

describe('scale-in protection', () => {
  test('only unprotected tasks are stopped', () => {
    const world = running(4);
    const [a, b] = world.tasks('RUNNING') as [Task, Task];
    world.protect(a);
    world.protect(b);
    world.scale(2);
    expect(
      world
        .tasks('RUNNING')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([a.id, b.id].sort());
  });

  test('a desired count below the protected tasks is accepted, waits, and is told in an event', () => {
    const world = running(3);
    for (const task of world.tasks('RUNNING')) world.protect(task);
    world.scale(1);
    world.pass(60);
    expect(world.describe()).toMatchObject({ desiredCount: 1, runningCount: 3 });
    expect(world.messages()[0]).toContain('protected tasks is more than the desired count');
    world.protect(first(world), false);
    world.protect(first(world), false);
    world.pass(60);
    expect(world.describe().runningCount).toBe(1);
    expect(world.messages()[0]).toContain('steady state');
  });

  test('a surplus task that asks for protection gets DEPLOYMENT_BLOCKED', () => {
    const world = running(1);
    const task = first(world);
    world.scale(0);
    expect(world.protect(task)).toBe('DEPLOYMENT_BLOCKED');
  });

  test('a surplus task may lengthen the protection that it has', () => {
    const world = running(1);
    const task = first(world);
    world.protect(task);
    world.scale(0);
    expect(world.protect(task)).toBeUndefined();
  });

  test('it expires after 120 minutes, and asking again restarts the clock', () => {
    const world = running(1);
    world.protect(first(world));
    world.scale(0);
    world.pass(119 * 60);
    world.protect(first(world));
    world.pass(119 * 60);
    expect(world.tasks('RUNNING')).toHaveLength(1);
    world.pass(61);
    expect(world.tasks('RUNNING')).toEqual([]);
  });

  test.each([0, 2881, 1.5])('an expiry of %f minutes is refused (1 to 2,880)', (minutes) => {
    const world = running(1);
    expect(() => world.protect(first(world), true, minutes)).toThrow(CloudError);
  });

  test('unknown tasks are MISSING, tasks not yet running are TASK_NOT_VALID, more than 10 are refused', () => {
    const world = new EcsWorld();
    world.create();
    const [task] = world.tasks() as [Task];
    expect(world.protect({ ...task, id: 'f'.repeat(32) })).toBe('MISSING');
    expect(world.protect(task)).toBe('TASK_NOT_VALID');
    expect(() =>
      world.call('UpdateTaskProtection', { tasks: Array(11).fill(task.id), protectionEnabled: true }),
    ).toThrow('10');
  });

  test('it does not help against StopTask or a Spot interruption', () => {
    const world = running(2);
    const [a, b] = world.tasks('RUNNING') as [Task, Task];
    world.protect(a);
    world.protect(b);
    world.call('StopTask', { task: a.id });
    world.feed({ type: 'spotInterruption', task: b.id });
    expect(world.tasks('STOPPING').map(({ stopCode }) => stopCode)).toEqual(['UserInitiated', 'SpotInterruption']);
  });
});

describe('rolling update', () => {
  const deploy = (world: EcsWorld): void => {
    world.define('worker');
    world.call('UpdateService', { service: 'api', taskDefinition: 'worker' });
  };
  const versions = (world: EcsWorld): string =>
    world
      .tasks()
      .filter((task) => task.desired === 'RUNNING')
      .map(({ definition }) => definition.at(-1))
      .sort()
      .join('');

  test('100 % and 200 %: new tasks first; old ones go when the new are healthy, 40 s after RUNNING', () => {
    const world = running(3);
    deploy(world);
    expect(versions(world)).toBe('111222');
    world.pass(69);
    expect(versions(world)).toBe('111222');
    world.pass(2);
    expect(versions(world)).toBe('222');
    world.pass(5);
    expect(world.service().deployments).toMatchObject([{ definition: 'worker:2', rolloutState: 'COMPLETED' }]);
  });

  test('the minimum is rounded up and the maximum down, both of the desired count', () => {
    const world = new EcsWorld();
    world.create({ desiredCount: 3, minimumHealthyPercent: 50, maximumPercent: 150 });
    world.pass(100);
    deploy(world);
    // At least 2 healthy, at most 4 in all: one old goes, two new come.
    expect(versions(world)).toBe('1122');
  });

  test('runningCount sums all deployments', () => {
    const world = running(2);
    deploy(world);
    world.pass(35);
    expect(world.describe().runningCount).toBe(4);
  });

  test('a changed desired count moves both bounds in mid-deployment', () => {
    const world = running(4);
    deploy(world);
    world.scale(1);
    expect(versions(world).replaceAll('1', '')).toBe('2');
    world.pass(200);
    expect(versions(world)).toBe('2');
  });

  test('protected old tasks stay until released, and the deployment with them', () => {
    const world = running(2);
    const task = first(world);
    world.protect(task);
    deploy(world);
    world.pass(600);
    expect(versions(world)).toBe('122');
    expect(world.service().deployments).toHaveLength(2);
    world.protect(task, false);
    world.pass(10);
    expect(world.service().deployments).toHaveLength(1);
  });

  test('forceNewDeployment makes one of the same definition; the definition without revision is the latest', () => {
    const world = running(1);
    world.call('UpdateService', { service: 'api', forceNewDeployment: true });
    expect(world.service().deployments.map(({ definition }) => definition)).toEqual(['worker:1', 'worker:1']);
    deploy(world);
    expect(world.service().deployments[0]?.definition).toBe('worker:2');
  });
});

describe('launches', () => {
  test('100 at once, then 20 a second, for the account', () => {
    const world = new EcsWorld();
    world.create({ desiredCount: 200 });
    expect(world.tasks()).toHaveLength(100);
    world.pass(1.01);
    expect(world.tasks()).toHaveLength(120);
    world.pass(4);
    expect(world.tasks()).toHaveLength(200);
  });

  test('the vCPU quota holds back tasks and is told in an event', () => {
    const world = running(40, { vcpuQuota: 6 });
    expect(world.describe().runningCount).toBe(24);
    expect(world.messages()[0]).toContain('limit on the number of vCPUs');
  });

  test('zones stay balanced, also on the way down', () => {
    const world = running(9);
    world.scale(3);
    expect(new Set(world.tasks('RUNNING').map(({ zone }) => zone)).size).toBe(3);
  });

  test('capacity providers: the base first, then by weight', () => {
    const world = new EcsWorld();
    const item = (capacityProvider: string, base: number, weight: number) => ({ capacityProvider, base, weight });
    world.create({ desiredCount: 10, capacityProviderStrategy: [item('FARGATE', 2, 1), item('FARGATE_SPOT', 0, 3)] });
    expect(world.tasks().filter(({ provider }) => provider === 'FARGATE')).toHaveLength(4);
  });

  test('only one base is allowed', () => {
    const item = { base: 1, weight: 1 };
    const capacityProviderStrategy = ['FARGATE', 'FARGATE_SPOT'].map((p) => ({ ...item, capacityProvider: p }));
    expect(() => new EcsWorld().create({ capacityProviderStrategy })).toThrow('only one');
  });
});

describe('the API', () => {
  test('ListTasks goes by the wanted status: starting tasks are RUNNING, PENDING finds nothing', () => {
    const world = new EcsWorld();
    world.create();
    const found = ['RUNNING', 'PENDING', 'STOPPED'].map(
      (desiredStatus) => world.call('ListTasks', { desiredStatus }).taskArns,
    );
    expect(found.map((arns) => (arns as string[]).length)).toEqual([1, 0, 0]);
  });

  test('ListServices gives 10 a page', () => {
    const world = new EcsWorld();
    for (let i = 0; i < 12; i += 1) world.create({ name: `s${i}`, desiredCount: 0 });
    const page = world.call('ListServices', {});
    expect(page.serviceArns).toHaveLength(10);
    expect(world.call('ListServices', { nextToken: page.nextToken }).serviceArns).toHaveLength(2);
  });

  test('CPU and memory are published each minute, relative to the task size', () => {
    const world = running(1);
    world.pass(20 - (world.now % 60) + 60);
    world.feed({ type: 'measured', task: first(world).id, cpuSeconds: 0, memoryMiB: 64 });
    world.pass(60);
    world.effects.length = 0;
    world.feed({ type: 'measured', task: first(world).id, cpuSeconds: 7.5, memoryMiB: 128 });
    world.pass(60);
    const metrics = world.effects.flatMap((e) => (e.type === 'metric' ? [[e.name, e.values]] : []));
    expect(metrics).toEqual([
      ['CPUUtilization', [50]],
      ['MemoryUtilization', [25]],
    ]);
  });
});

test('equal seeds and events give equal worlds, and the old state stays untouched', () => {
  const play = (): string => {
    const world = running(5, { startDelaySeconds: { median: 20, p95: 60 } }, 7);
    world.scale(2);
    world.pass(100);
    return JSON.stringify([...world.state.tasks, ...world.state.services]);
  };
  expect(play()).toBe(play());
  const world = running(1);
  const before = world.state;
  const copy = structuredClone(before);
  world.scale(3);
  world.pass(100);
  expect(before).toEqual(copy);
});

test('law: whatever is asked, left in peace the service reaches its desired count and never exceeds it without protection', () => {
  const command = fc.oneof(
    fc.record({ type: fc.constant('scale' as const), count: fc.nat(8) }),
    fc.record({ type: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ type: fc.constant('crash' as const) }),
    fc.record({ type: fc.constant('protect' as const) }),
    fc.record({ type: fc.constant('deploy' as const) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), fc.nat(), (commands, seed) => {
      const world = running(2, { startDelaySeconds: { median: 20, p95: 60 } }, seed);
      for (const step of commands) {
        const task = world.tasks('RUNNING')[0];
        if (step.type === 'scale') world.scale(step.count);
        if (step.type === 'pass') world.pass(step.seconds);
        if (step.type === 'crash' && task) world.feed({ type: 'containerExited', task: task.id, exitCode: 1 });
        if (step.type === 'protect' && task) world.protect(task);
        if (step.type === 'deploy') world.call('UpdateService', { service: 'api', forceNewDeployment: true });
        const wanted = world.tasks().filter((t) => t.desired === 'RUNNING' && t.protectedUntil === undefined);
        const { desiredCount, deployments } = world.service();
        expect(deployments.length > 1 || wanted.length <= desiredCount).toBe(true);
      }
      world.pass(3 * 3600);
      expect(world.describe().runningCount).toBe(world.service().desiredCount);
      expect(world.tasks()).toHaveLength(world.service().desiredCount);
    }),
    { numRuns: 60 },
  );
});
