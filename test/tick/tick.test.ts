import { describe, expect, test } from 'vitest';
import { freshLearnt } from '../../lib/model/state.ts';
import { bindingOf, start, taskPerJob, World } from './world.ts';

describe('one tick after the other', () => {
  test('what is seen is decided, committed, acted upon and recorded', async () => {
    const world = new World();
    const deps = world.dependencies();
    world.visible.set('convert', 5);
    expect(await world.tick(deps)).toMatchObject({ kind: 'done', problems: [] });
    expect(world.updates).toEqual([{ service: 'convert', desired: 5 }]);
    expect(world.journal).toMatchObject([{ decision: { kind: 'scale', from: 0, desired: 5 } }]);
    expect(world.journal[0]?.decision).not.toHaveProperty('state');

    world.now += 10;
    await world.tick(deps);
    expect(world.updates).toHaveLength(1);
    expect(world.journal.at(-1)?.decision.kind).toBe('keep');
    expect(world.usage.at(-1)).toMatchObject({ from: start, to: start + 10, tasks: 5, scaled: 'no' });
  });

  test('a tick that comes twice is decided once', async () => {
    const world = new World();
    const deps = world.dependencies();
    await world.tick(deps);
    world.now += 0.4;
    expect((await world.tick(deps, start)).kind).toBe('nothingDue');
    expect(world.journal).toHaveLength(1);
  });

  test('a tick older than 15 s is dropped, one of 14 s is decided', async () => {
    const world = new World();
    const deps = world.dependencies();
    world.now = start + 15.1;
    expect((await world.tick(deps, start)).kind).toBe('late');
    world.now = start + 14;
    expect((await world.tick(deps, start)).kind).toBe('done');
  });

  test('Scheduler may be 59 s late by its own rule; two minutes are too much', async () => {
    const world = new World();
    world.now = start + 59;
    expect((await world.tick(world.dependencies(), start, 'minute')).kind).toBe('done');
    world.now = start + 121;
    expect((await world.tick(world.dependencies(), start, 'minute')).kind).toBe('late');
  });

  test('shadow mode decides and records, and never acts', async () => {
    const world = new World([bindingOf('convert', { mode: 'shadow' })]);
    world.visible.set('convert', 5);
    await world.tick(world.dependencies());
    expect(world.journal).toMatchObject([{ decision: { kind: 'scale', desired: 5, shadow: true } }]);
    expect(world.updates).toEqual([]);
    expect(world.usage).toMatchObject([{ scaled: 'no' }]);
  });

  test('a service ticks at its own pace within the shard', async () => {
    const world = new World([bindingOf('fast', { tickSeconds: 2 }), bindingOf('slow', { tickSeconds: 10 })]);
    const deps = world.dependencies();
    for (let i = 0; i < 10; i++, world.now += 2) await world.tick(deps);
    const ticks = Map.groupBy(world.journal, (record) => record.decision.service);
    expect(ticks.get('fast')).toHaveLength(10);
    expect(ticks.get('slow')?.map((record) => record.observation.now - start)).toEqual([0, 10]);
  });

  test('a hundred services in one shard, one commit', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `service-${i}`);
    const world = new World(names.map((name) => bindingOf(name)));
    names.forEach((name, i) => {
      world.visible.set(name, i);
    });
    await world.tick(world.dependencies());
    expect(world.updates).toHaveLength(99);
    expect((await world.state.load('s0')).version).toBe(1);
    expect(names.map((name) => world.desired.get(name))).toEqual(names.map((_, i) => i));
  });
});

describe('faults', () => {
  test('of two invocations at the same time one acts', async () => {
    const world = new World();
    world.visible.set('convert', 5);
    const [a, b] = [world.dependencies(), world.dependencies()];
    const outcomes = await Promise.all([world.tick(a), world.tick(b)]);
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['done', 'lost']);
    expect(world.updates).toHaveLength(1);
    expect(world.journal).toHaveLength(1);
  });

  test('a crash between commit and act heals with the next tick', async () => {
    const world = new World();
    world.visible.set('convert', 5);
    const crashing = world.dependencies({
      scaler: { setDesired: () => new Promise(() => {}) },
    });
    const died = world.tick(crashing);
    await expect.poll(async () => (await world.state.load('s0')).version).toBe(1);
    expect(world.updates).toEqual([]);
    world.now += 10;
    await world.tick(world.dependencies());
    expect(world.updates).toEqual([{ service: 'convert', desired: 5 }]);
    void died;
  });

  test.each([
    ['decide throws', failingFor('b')],
    ['settings throw', settingsFailingFor('b')],
  ])('one of three services fails (%s): it holds and says so, the others go on', async (_, change) => {
    const world = new World(['a', 'b', 'c'].map((name) => bindingOf(name)));
    for (const name of ['a', 'b', 'c']) world.visible.set(name, 4);
    const outcome = await world.tick(world.dependencies(change(world)));
    expect(world.updates.map(({ service }) => service).sort()).toEqual(['a', 'c']);
    expect(outcome.problems).toMatchObject([{ service: 'b' }]);
    const record = world.journal.find(({ decision }) => decision.service === 'b');
    expect(record?.decision).toMatchObject({
      kind: 'hold',
      alerts: [{ code: 'decisionFailed', severity: 'critical' }],
    });
    expect((await world.state.load('s0')).services.b?.lastTickAt).toBe(start);
  });

  test('ECS refuses one service: an alert in its record, the others go on', async () => {
    const world = new World(['a', 'b'].map((name) => bindingOf(name)));
    world.visible.set('a', 1).set('b', 1);
    const alert = { code: 'accessDenied', severity: 'critical', text: 'no' } as const;
    const scaler = world.dependencies().scaler;
    const deps = world.dependencies({
      scaler: {
        setDesired: async (binding, desired, signal) => {
          if (binding.plan.service === 'b') return scaler.setDesired(binding, desired, signal);
          return { changed: false, alert };
        },
      },
    });
    await world.tick(deps);
    expect(world.updates).toEqual([{ service: 'b', desired: 1 }]);
    const refused = world.journal.find(({ decision }) => decision.service === 'a')?.decision;
    expect(refused).toMatchObject({ alerts: [alert], desired: 1, summary: 'no' });
    expect(refused?.explanation.at(-1)).toMatchObject({ stage: 'act', code: 'accessDenied', to: 1 });
    expect(world.usage.find(({ binding }) => binding.plan.service === 'a')?.scaled).toBe('no');
  });

  test('a time-out after success: nothing is asked twice', async () => {
    const world = new World();
    world.visible.set('convert', 5);
    const deps = world.dependencies({
      scaler: {
        setDesired: async (binding, desired) => {
          world.update(binding.plan.service, desired);
          throw new Error('socket hang up');
        },
      },
    });
    const outcome = await world.tick(deps);
    expect(outcome.records[0]?.decision.alerts).toMatchObject([{ code: 'actFailed' }]);
    world.now += 10;
    await world.tick(deps);
    expect(world.updates).toEqual([{ service: 'convert', desired: 5 }]);
  });

  test('ECS still reads as before our own write: its answer counts, nothing is decided twice', async () => {
    const world = new World([bindingOf('convert', { tickSeconds: 2 })]);
    world.visible.set('convert', 5);
    const deps = world.dependencies();
    await world.tick(deps);
    world.desired.set('convert', 0);
    world.now += 2;
    await world.tick(deps);
    expect(world.updates).toHaveLength(1);
    world.now += 10;
    await world.tick(deps);
    expect(world.updates).toHaveLength(2);
  });

  test('an observer that fails altogether leaves everything unknown, and the count', async () => {
    const world = new World();
    world.desired.set('convert', 7);
    const deps = world.dependencies({ observer: { observe: () => Promise.reject(new Error('down')) } });
    const outcome = await world.tick(deps);
    expect(outcome).toMatchObject({ kind: 'done', problems: [{ what: 'observe', text: 'Error: down' }] });
    expect(outcome.records[0]?.observation.service).toEqual({ known: false, because: 'failed' });
    expect(world.updates).toEqual([]);
  });

  test('journal, rollups and learnt state fail on their own', async () => {
    const world = new World();
    world.visible.set('convert', 1);
    const down = () => Promise.reject(new Error('down'));
    world.state.saveLearnt = down;
    const outcome = await world.tick(world.dependencies({ journal: { write: down }, rollups: { write: down } }));
    expect(outcome.kind).toBe('done');
    expect(outcome.problems).toHaveLength(3);
    expect(world.updates).toHaveLength(1);
  });

  test('an aborted invocation stops before it commits', async () => {
    const world = new World();
    world.visible.set('convert', 1);
    const stop = new AbortController();
    stop.abort(new Error('time is up'));
    const { runTick } = await import('../../lib/tick.ts');
    const tick = { shard: 's0', scheduledAt: start, source: 'queue' } as const;
    await expect(runTick(tick, world.bindings, world.dependencies(), stop.signal)).rejects.toThrow('time is up');
    expect((await world.state.load('s0')).version).toBe(0);
  });
});

describe('what was learnt', () => {
  const proposals = (world: World) => world.journal.length;

  test('stays in memory between ticks and is written every 15 minutes once the first five are over', async () => {
    const world = new World();
    const deps = world.dependencies();
    for (; world.now < start + 300; world.now += 10) await world.tick(deps);
    expect(world.state.learntWrites).toBe(30);
    for (; world.now < start + 300 + 1800; world.now += 10) await world.tick(deps);
    expect(world.state.learntWrites).toBe(32);
    expect(proposals(world)).toBe(210);
  });

  test('an action writes it at once', async () => {
    const world = new World();
    const deps = world.dependencies();
    for (; world.now < start + 400; world.now += 10) await world.tick(deps);
    const before = world.state.learntWrites;
    world.visible.set('convert', 3);
    await world.tick(deps);
    expect(world.state.learntWrites).toBe(before + 1);
    expect((await world.state.loadLearnt('convert'))?.at).toBe(world.now);
  });

  test('two functions that take turns hand it over without a gap', async () => {
    const world = new World();
    const [a, b] = [world.dependencies(), world.dependencies()];
    for (let i = 0; i < 12; i++, world.now += 10) await world.tick(i % 3 === 0 ? a : b);
    const learnt = (await world.state.loadLearnt('convert'))?.learnt;
    expect(learnt?.since).toBe(start);
    expect(learnt?.pacing.proposals).toHaveLength(12);
  });

  test('a copy older than the last tick is used, but its history begins anew', async () => {
    const world = new World();
    const deps = world.dependencies();
    for (; world.now < start + 400; world.now += 10) await world.tick(deps);
    await world.tick(world.dependencies());
    const learnt = (await world.state.loadLearnt('convert'))?.learnt;
    expect(learnt?.since).toBe(world.now);
    expect(learnt?.pacing.proposals.length).toBeGreaterThan(25);
  });

  test('lost altogether it begins anew, and the tick goes on', async () => {
    const world = new World();
    await world.tick(world.dependencies());
    world.state.loseLearnt();
    world.now += 10;
    world.visible.set('convert', 2);
    const seen: unknown[] = [];
    const deps = world.dependencies({
      decide: (observation, settings, state) => {
        seen.push(state.learnt);
        return taskPerJob(observation, settings, state);
      },
    });
    expect((await world.tick(deps)).kind).toBe('done');
    expect(seen).toEqual([freshLearnt(world.now)]);
    expect(world.updates).toEqual([{ service: 'convert', desired: 2 }]);
  });

  test('a tick that lost the race leaves no trace in memory', async () => {
    const world = new World();
    const [a, b] = [world.dependencies(), world.dependencies()];
    await Promise.all([world.tick(a), world.tick(b)]);
    world.now += 10;
    await Promise.all([world.tick(b), world.tick(a)]);
    world.now += 10;
    await world.tick(a);
    await world.tick(b, world.now);
    expect((await world.state.loadLearnt('convert'))?.learnt.pacing.proposals).toHaveLength(3);
  });
});

describe('ticks in between', () => {
  test('each instant is sent once, without a gap, however late the minutes fire', async () => {
    const world = new World([bindingOf('fast', { tickSeconds: 5 }), bindingOf('slow', { tickSeconds: 20 })]);
    const deps = world.dependencies();
    for (const late of [3, 59, 0, 58.5, 1, 30]) {
      const minute = start + Math.floor((world.now - start) / 60) * 60;
      world.now = minute + late;
      await world.tick(deps, minute, 'minute');
      world.now = minute + 60;
    }
    const instants = world.queue.map(({ instant }) => instant);
    expect(new Set(instants).size).toBe(instants.length);
    expect(instants).toEqual(Array.from({ length: instants.length }, (_, i) => start + 5 * (i + 1)));
    expect(Math.max(...world.queue.map(({ delay }) => delay))).toBeLessThanOrEqual(120);
    expect(Math.min(...world.queue.map(({ delay }) => delay))).toBeGreaterThan(0);
  });

  test('services with a tick of a minute need none', async () => {
    const world = new World([bindingOf('slow', { tickSeconds: 60 })]);
    const deps = world.dependencies();
    await world.tick(deps, start, 'minute');
    world.now += 75;
    await world.tick(deps, start + 60, 'minute');
    expect(world.queue).toEqual([]);
    expect(world.journal).toHaveLength(2);
  });

  test('a queue that is down costs the ticks in between, not this one, and they are sent again', async () => {
    const world = new World();
    const broken = world.dependencies({ sender: { send: () => Promise.reject(new Error('down')) } });
    expect(await world.tick(broken, start, 'minute')).toMatchObject({ kind: 'done', sent: 0 });
    world.now += 60;
    expect((await world.tick(world.dependencies(), start + 60, 'minute')).sent).toBe(12);
  });
});

function failingFor(service: string) {
  return (_: World) => ({
    decide: ((observation, settings, state) => {
      if (settings.service === service) throw new TypeError('no such thing');
      return taskPerJob(observation, settings, state);
    }) as typeof taskPerJob,
  });
}

function settingsFailingFor(service: string) {
  return (world: World) => {
    const { settingsAt } = world.dependencies();
    return {
      settingsAt: ((plan, now) => {
        if (plan.service === service) throw new RangeError('bad zone');
        return settingsAt(plan, now);
      }) as typeof settingsAt,
    };
  };
}
