import { describe, expect, it } from 'vitest';
import type { AlbEffect, AlbEvent, AlbState } from '../../../lib/simulate/cloud/alb/types.ts';
import {
  type AlbStep,
  addListener,
  addLoadBalancer,
  addTargetGroup,
  initialAlbState,
  nextAlbWakeAt,
  routeRequest,
  stepAlb,
} from '../../../lib/simulate/cloud/alb.ts';

const start = 6_000;
const arn = (resource: string) => `arn:aws:elasticloadbalancing:us-east-1:000000000000:${resource}`;
const targetGroup = arn('targetgroup/web/1');
const health = {
  path: '/',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 3,
  unhealthyThreshold: 2,
  good: [],
};

/** One load balancer with one target group, as time passes. */
class World {
  now = start;
  state: AlbState;
  effects: AlbEffect[] = [];

  constructor(delaySeconds = 300) {
    const settings = { region: 'us-east-1', account: '000000000000', metricPeriodSeconds: 60 };
    const balanced = addLoadBalancer(initialAlbState(settings, start), 'web', '2');
    const grouped = addTargetGroup(balanced, 'web', '1', { health, deregistrationDelaySeconds: delaySeconds });
    this.state = addListener(grouped, arn('loadbalancer/app/web/2'), targetGroup);
  }

  take({ state, effects }: AlbStep): void {
    this.state = state;
    this.effects.push(...effects);
  }
  at(seconds: number): this {
    this.now = start + seconds;
    this.take(stepAlb(this.state, { type: 'timePassed' }, this.now));
    return this;
  }
  tell(event: { type: Exclude<AlbEvent['type'], 'timePassed'>; target: string } & Record<string, unknown>): this {
    this.take(
      stepAlb(
        this.state,
        { targetGroup, port: 1, seconds: 0.1, status: 200, good: true, ...event } as AlbEvent,
        this.now,
      ),
    );
    return this;
  }
  withHealthy(...targets: string[]): this {
    for (const target of targets) this.tell({ type: 'registered', target }).tell({ type: 'checked', target });
    this.effects = [];
    return this;
  }
  request(): string | undefined {
    const step = routeRequest(this.state, targetGroup, this.now);
    this.take(step);
    return step.target?.id;
  }
  statusOf(target: string): string | undefined {
    return this.state.targetGroups.get(targetGroup)?.targets.get(target)?.status;
  }
  news(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'metric' ? [] : [`${effect.type} ${effect.target}`]));
  }
  figures(): Record<string, readonly number[]> {
    return Object.fromEntries(
      this.effects.flatMap((effect) => (effect.type === 'metric' ? [[effect.name, effect.values]] : [])),
    );
  }
}

describe('routing', () => {
  it('goes around the healthy targets', () => {
    const world = new World().withHealthy('a', 'b');
    world.tell({ type: 'registered', target: 'new' });
    expect([world.request(), world.request(), world.request()]).toEqual(['a', 'b', 'a']);
  });

  it('fails open: with no healthy target all get requests', () => {
    const world = new World();
    world.tell({ type: 'registered', target: 'a' }).tell({ type: 'registered', target: 'b' });
    expect([world.request(), world.request()]).toEqual(['a', 'b']);
  });

  it('has nobody for a request: 503, which is no request of the target group', () => {
    const world = new World();
    expect(world.request()).toBeUndefined();
    expect(world.at(60).figures()).toEqual({ HTTPCode_ELB_5XX_Count: [1] });
  });
});

describe('health', () => {
  it('one good check makes a new target healthy, later ones say nothing new', () => {
    const world = new World();
    world.tell({ type: 'registered', target: 'a' });
    expect(world.statusOf('a')).toBe('initial');
    world.tell({ type: 'checked', target: 'a' }).tell({ type: 'checked', target: 'a' });
    expect(world.news()).toEqual(['becameHealthy a']);
  });

  it('it takes the thresholds, in a row, to change', () => {
    const world = new World().withHealthy('a');
    const check = (good: boolean) => world.tell({ type: 'checked', target: 'a', good }).statusOf('a');
    expect([false, true, false, false].map(check)).toEqual(['healthy', 'healthy', 'healthy', 'unhealthy']);
    expect([true, true, false, true, true, true].map(check)).toEqual([
      'unhealthy',
      'unhealthy',
      'unhealthy',
      'unhealthy',
      'unhealthy',
      'healthy',
    ]);
    expect(world.news()).toEqual(['becameUnhealthy a', 'becameHealthy a']);
  });
});

describe('deregistration', () => {
  it('an idle target goes at once', () => {
    const world = new World().withHealthy('a');
    expect(world.tell({ type: 'deregistered', target: 'a' }).news()).toEqual(['drained a']);
    expect(world.statusOf('a')).toBeUndefined();
  });

  it.each(['answered', 'unreachable', 'abandoned'] as const)(
    'a busy one gets nothing new, and goes with its last request (%s)',
    (type) => {
      const world = new World().withHealthy('a', 'b');
      world.request();
      world.tell({ type: 'deregistered', target: 'a' });
      expect([world.request(), world.request()]).toEqual(['b', 'b']);
      expect(world.news()).toEqual([]);
      expect(world.tell({ type, target: 'a' }).news()).toEqual(['drained a']);
    },
  );

  it('or when its time is over', () => {
    const world = new World(10).withHealthy('a');
    world.request();
    world.tell({ type: 'deregistered', target: 'a' });
    expect(nextAlbWakeAt(world.state)).toBe(start + 10);
    expect(world.at(9).news()).toEqual([]);
    expect(world.at(10).news()).toEqual(['drained a']);
    expect(world.tell({ type: 'answered', target: 'a' }).news()).toEqual(['drained a']);
  });
});

describe('figures', () => {
  it('come at the end of the minute, under both names, dated at its start', () => {
    const world = new World().withHealthy('a');
    for (const [seconds, status] of [
      [0.1, 200],
      [0.3, 404],
      [0.2, 500],
    ] as const) {
      world.request();
      world.tell({ type: 'answered', target: 'a', seconds, status });
    }
    world.request();
    world.tell({ type: 'unreachable', target: 'a' });
    expect(world.at(59).figures()).toEqual({});
    expect(world.at(60).figures()).toEqual({
      RequestCount: [4],
      TargetResponseTime: [0.2, 0.3, 0.1],
      HTTPCode_Target_2XX_Count: [1],
      HTTPCode_Target_4XX_Count: [1],
      HTTPCode_Target_5XX_Count: [1],
      TargetConnectionErrorCount: [1],
      HTTPCode_ELB_5XX_Count: [1],
      HealthyHostCount: [1],
      UnHealthyHostCount: [0],
    });
    expect(world.effects.find((effect) => effect.type === 'metric')).toMatchObject({
      at: start,
      dimensions: { LoadBalancer: 'app/web/2', TargetGroup: 'targetgroup/web/1' },
    });
  });

  it('a quiet minute has hosts and nothing else, one without targets nothing at all', () => {
    const world = new World().withHealthy('a');
    expect(world.at(60).figures()).toEqual({ HealthyHostCount: [1], UnHealthyHostCount: [0] });
    world.tell({ type: 'deregistered', target: 'a' });
    world.effects = [];
    expect(world.at(120).figures()).toEqual({});
    expect(nextAlbWakeAt(world.state)).toBeUndefined();
  });

  it('a minute belongs to itself, also when it is noticed late', () => {
    const world = new World().withHealthy('a');
    world.request();
    world.now = start + 61;
    world.request();
    expect(world.figures().RequestCount).toEqual([1]);
    world.effects = [];
    expect(world.at(120).figures().RequestCount).toEqual([1]);
  });
});
