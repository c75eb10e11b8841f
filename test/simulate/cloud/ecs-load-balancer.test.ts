import { describe, expect, test } from 'vitest';
import type { EcsEvent, Task } from '../../../lib/simulate/cloud/ecs/types.ts';
import { EcsWorld } from './ecs-world.ts';

const group = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1';

/** A service `api` behind a load balancer, with `count` tasks running. */
const running = (count: number, more: { drainSeconds?: number; graceSeconds?: number } = {}): EcsWorld => {
  const world = new EcsWorld();
  const loadBalancing = { targetGroups: [group], drainSeconds: 20, graceSeconds: 60, ...more };
  world.create({ desiredCount: count, loadBalancing });
  world.pass(40);
  return world;
};
const news = (world: EcsWorld, type: 'register' | 'deregister' | 'signal') =>
  world.effects.filter((effect) => effect.type === type).map(({ at }) => at);
const tell = (world: EcsWorld, type: Extract<EcsEvent['type'], `target${string}`>, task?: Task): void =>
  world.feed({ type, task: task?.id ?? '' });

describe('a service behind a load balancer', () => {
  test('registers each task when it runs', () => {
    const world = running(2);
    expect(news(world, 'register')).toEqual(world.tasks('RUNNING').map(({ startedAt }) => startedAt));
    expect(world.call('DescribeServices', { services: ['api'] }).services).toMatchObject([
      { loadBalancers: [{ targetGroupArn: group }] },
    ]);
  });

  test('a task that is to stop is taken out first, and gets SIGTERM when its time is over', () => {
    const world = running(1);
    const at = world.now;
    world.scale(0);
    expect(news(world, 'deregister')).toEqual([at]);
    expect(world.tasks()[0]?.status).toBe('DEACTIVATING');
    world.pass(19);
    expect(news(world, 'signal')).toEqual([]);
    world.pass(1);
    expect(news(world, 'signal')).toEqual([at + 20]);
  });

  test('or as soon as its requests are answered', () => {
    const world = running(1);
    world.scale(0);
    world.pass(5);
    tell(world, 'targetDrained', world.tasks()[0]);
    expect(news(world, 'signal')).toEqual([world.now]);
    tell(world, 'targetDrained', world.tasks()[0]);
    expect(news(world, 'signal')).toHaveLength(1);
  });

  test('a task that dies by itself is taken out too, once', () => {
    const world = running(1);
    world.feed({ type: 'containerExited', task: world.tasks()[0]?.id ?? '', exitCode: 1 });
    expect(news(world, 'deregister')).toHaveLength(1);
    world.pass(40);
    expect(world.tasks('RUNNING')).toHaveLength(1);
    world.scale(0);
    world.pass(40);
    expect(news(world, 'deregister')).toHaveLength(2);
  });

  test('a task that never ran was never registered', () => {
    const world = new EcsWorld();
    world.create({ desiredCount: 1, loadBalancing: { targetGroups: [group], drainSeconds: 20, graceSeconds: 0 } });
    world.scale(0);
    world.pass(10);
    expect(world.tasks()).toEqual([]);
    expect(news(world, 'deregister')).toEqual([]);
  });

  test('an unhealthy task is replaced, but not within the grace period', () => {
    const world = running(1);
    const [task] = world.tasks();
    tell(world, 'targetUnhealthy', task);
    expect(world.tasks('RUNNING')).toHaveLength(1);
    world.pass(60);
    tell(world, 'targetUnhealthy', task);
    world.pass(60);
    expect(world.state.tasks.get(task?.id ?? '')).toMatchObject({
      status: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: expect.stringContaining('failed ELB health checks'),
    });
    expect(world.tasks('RUNNING')).toHaveLength(1);
  });

  test('a deployment waits for healthy targets, not for 40 seconds', () => {
    const world = running(1, { drainSeconds: 0 });
    const [old] = world.tasks();
    world.define('worker');
    world.call('UpdateService', { service: 'api', taskDefinition: 'worker:2' });
    world.pass(200);
    expect(world.tasks('RUNNING')).toHaveLength(2);
    tell(
      world,
      'targetHealthy',
      world.tasks('RUNNING').find(({ id }) => id !== old?.id),
    );
    world.pass(5);
    expect(world.tasks('RUNNING').map(({ definition }) => definition)).toEqual(['worker:2']);
  });
});
