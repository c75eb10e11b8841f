import { describe, expect, test } from 'vitest';
import { createRandom } from '../../lib/simulate/random.ts';
import type { TickDependencies } from '../../lib/tick/ports.ts';
import { bindingOf, start, World } from './world.ts';

/**
 * Goal: an idle service is looked at seldom, and a job that comes to it is still seen in time to start a task for it.
 * Method: a stage with its two sources of ticks: Scheduler, which fires anywhere within each minute, and the tick queue.
 */
const tickSeconds = 10;
/** Of the start-up belief that nothing was learnt about yet. */
const startP95Seconds = 75;

interface Run {
  readonly looks: readonly number[];
  readonly invocations: number;
}

/** Plays until `until`, and lets `meanwhile` change the world before each tick. */
const play = async (
  world: World,
  until: number,
  { deps = world.dependencies(), meanwhile = () => {}, seed = 1 }: PlayOptions = {},
): Promise<Run> => {
  const { uniform } = createRandom(seed);
  const minutes = Array.from({ length: Math.ceil((until - start) / 60) }, (_, i) => start + 60 * i + 59 * uniform());
  let invocations = 0;
  for (;;) {
    const minute = minutes[0] ?? Number.POSITIVE_INFINITY;
    const queued = Math.min(...world.queue.map(({ instant }) => instant));
    world.now = Math.min(minute, queued);
    if (world.now >= until) break;
    meanwhile(world.now);
    invocations += 1;
    if (minute <= queued) {
      minutes.shift();
      await world.tick(deps, Math.floor(world.now / 60) * 60, 'minute');
    } else {
      world.queue.splice(
        world.queue.findIndex(({ instant }) => instant === queued),
        1,
      );
      await world.tick(deps, queued);
    }
  }
  return { looks: world.usage.map(({ to }) => to), invocations };
};

interface PlayOptions {
  readonly deps?: TickDependencies;
  readonly meanwhile?: (now: number) => void;
  readonly seed?: number;
}

const worldOf = (startWithinSeconds: number): World =>
  new World([bindingOf('convert', { queues: [{ name: 'convert', percent: 99, startWithinSeconds, fifo: false }] })]);

const hour = 3600;
const gapsAfter = (looks: readonly number[], from: number): readonly number[] =>
  looks.flatMap((at, i) => (at >= from && i > 0 ? [at - (looks[i - 1] ?? at)] : []));

describe('an idle service', () => {
  test.each([
    ['a minute', 60, 10],
    ['75 s, all of which a start may take', 75, 10],
    ['two minutes: every 20 s', 120, 20],
    ['two and a half: every 30 s', 150, 30],
    ['three: still every 30 s, as Scheduler alone may take two minutes', 180, 30],
    ['five minutes: with Scheduler alone', 300, 60],
    ['an hour', 3600, 60],
  ])('that promises a start within %s', async (_, startWithinSeconds, expectedPeriod) => {
    for (const seed of [1, 2, 3]) {
      const { looks } = await play(worldOf(startWithinSeconds), start + 2 * hour, { seed });
      const gaps = gapsAfter(looks, start + hour);
      const perHour = gaps.length;
      expect(perHour).toBeGreaterThanOrEqual(0.8 * (hour / expectedPeriod));
      expect(perHour).toBeLessThanOrEqual(hour / expectedPeriod + 62);
      const allowed = startWithinSeconds - startP95Seconds - 2 * tickSeconds;
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(tickSeconds, allowed));
    }
  });

  test('costs a sixth of the invocations, and the tick queue stays empty', async () => {
    const busy = await play(worldOf(60), start + 2 * hour);
    const world = worldOf(1800);
    const idle = await play(world, start + 2 * hour);
    expect(idle.invocations).toBeLessThan(busy.invocations / 4);
    expect(world.queue).toEqual([]);
  });

  test('wakes with its first job: from then on every tick, though Scheduler comes a minute later', async () => {
    const world = worldOf(1800);
    const jobsFrom = start + hour + 17;
    const { looks } = await play(world, start + hour + 600, {
      meanwhile: (now) => world.visible.set('convert', now >= jobsFrom ? 3 : 0),
    });
    const seen = looks.find((at) => at >= jobsFrom) ?? Number.NaN;
    expect(seen - jobsFrom).toBeLessThanOrEqual(120);
    expect(world.updates).toEqual([{ service: 'convert', desired: 3 }]);
    expect(Math.max(...gapsAfter(looks, seen + 1))).toBeLessThanOrEqual(tickSeconds);
  });

  test('beside a busy one is looked at seldom, and the busy one every tick', async () => {
    const queues = (name: string) => [{ name, percent: 99, startWithinSeconds: 1800, fifo: false }];
    const world = new World(['busy', 'idle'].map((name) => bindingOf(name, { queues: queues(name) })));
    world.visible.set('busy', 2);
    await play(world, start + 2 * hour);
    const looksAt = (service: string) =>
      world.usage.filter(({ binding, to }) => binding.plan.service === service && to >= start + hour).length;
    expect(looksAt('busy')).toBeGreaterThanOrEqual(360);
    expect(looksAt('idle')).toBeLessThanOrEqual(61);
  });
});

describe('not idle is', () => {
  const lately = async (change: (world: World) => void, deps?: (world: World) => TickDependencies): Promise<number> => {
    const world = worldOf(1800);
    change(world);
    const { looks } = await play(world, start + hour, deps ? { deps: deps(world) } : {});
    return gapsAfter(looks, start + hour / 2).length;
  };

  test('a queue that nobody can read', async () => {
    expect(await lately((world) => world.visible.delete('convert'))).toBeGreaterThanOrEqual(180);
  });

  test('more tasks than the minimum', async () => {
    expect(await lately((world) => world.visible.set('convert', 1))).toBeGreaterThanOrEqual(180);
  });

  test('a window that begins soon', async () => {
    const coming = (world: World): TickDependencies => {
      const deps = world.dependencies();
      const window = { at: start + 2 * hour, window: 'day', min: 5, size: { cpu: 512, memoryMiB: 1024 } };
      return { ...deps, settingsAt: (plan, now) => ({ ...deps.settingsAt(plan, now), coming: [window] }) };
    };
    expect(await lately(() => {}, coming)).toBeGreaterThanOrEqual(180);
  });

  test('an order by hand', async () => {
    const held = (world: World): TickDependencies => {
      const deps = world.dependencies();
      return {
        ...deps,
        settingsAt: (plan, now) => ({ ...deps.settingsAt(plan, now), override: { kind: 'stop', cause: 'unread' } }),
      };
    };
    expect(await lately(() => {}, held)).toBeGreaterThanOrEqual(180);
  });
});
