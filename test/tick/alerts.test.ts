import { describe, expect, it } from 'vitest';
import type { AlertPlan } from '../../lib/model/alert-plan.ts';
import type { Alert } from '../../lib/model/decision.ts';
import type { AlertMessage } from '../../lib/tick/alerts/alert-message.ts';
import type { TickDependencies } from '../../lib/tick/ports.ts';
import { bindingOf, start, taskPerJob, World } from './world.ts';

const plan: AlertPlan = { severity: 'warning', afterSeconds: 0, clearSeconds: 60, repeatSeconds: 3600 };
const maxReached: Alert = {
  code: 'maxReached',
  severity: 'warning',
  text: 'convert is at its maximum of 50 tasks and 70 are wanted.',
};
const startsFail: Alert = {
  code: 'startsFail',
  severity: 'critical',
  text: 'Tasks of export fail to start (3 in a row).',
};

/** A world in which each service raises what the test says, and people read what arrives. */
class AlertWorld extends World {
  readonly raised = new Map<string, readonly Alert[]>();
  readonly inbox: AlertMessage[] = [];
  /** How the topic behaves: takes a message, refuses it, or takes it and never answers. */
  topic: 'takes' | 'refuses' | 'takesAndDies' = 'takes';

  alerting(change: Partial<TickDependencies> = {}): TickDependencies {
    return this.dependencies({
      decide: (observation, settings, state) => ({
        ...taskPerJob(observation, settings, state),
        alerts: this.raised.get(settings.service) ?? [],
      }),
      alerts: {
        stage: 'prod',
        plan,
        topic: {
          publish: async (message) => {
            if (this.topic === 'refuses') throw new Error('SNS is down');
            this.inbox.push(message);
            if (this.topic === 'takesAndDies') await new Promise(() => {});
          },
        },
      },
      ...change,
    });
  }

  get told(): readonly string[] {
    return this.inbox.map(({ subject }) => subject);
  }
}

const begin = 'Sluice prod: WARNING convert at its maximum';
const over = 'Sluice prod: OVER convert at its maximum';

describe('alerts reach people', () => {
  it('what, since when, what Sluice does, and the command to look; then the end', async () => {
    const world = new AlertWorld();
    const deps = world.alerting();
    world.raised.set('convert', [maxReached]);
    await world.tick(deps);
    expect(world.inbox).toMatchObject([{ subject: begin, severity: 'warning', services: ['convert'] }]);
    expect(world.inbox[0]?.text).toBe(`Sluice, stage prod, 2026-11-21 10:00:00 UTC

WARNING  convert: at its maximum  [maxReached]
  convert is at its maximum of 50 tasks and 70 are wanted.
  Since: 2026-11-21 10:00:00 UTC.
  What Sluice does: stays at the ceiling.
  What to do: Raise tasks.max (or the window’s), or make jobs shorter; "sluice plan" says which limit binds.
  Look: sluice why convert --stage prod
  Not now: sluice mute convert --stage prod --code maxReached --for 2h`);
    for (; world.now <= start + 120; world.now += 10) await world.tick(deps);
    expect(world.told).toEqual([begin]);
    world.raised.clear();
    for (; world.now <= start + 300; world.now += 10) await world.tick(deps);
    expect(world.told).toEqual([begin, over]);
    expect(world.inbox[1]?.text).toContain('It lasted 2 min, from 2026-11-21 10:00:00 UTC to 2026-11-21 10:02:00 UTC.');
    expect((await world.state.load('s0')).alerts).toBeUndefined();
  });

  it('what one tick has to tell of all services is one message, the gravest first', async () => {
    const world = new AlertWorld([bindingOf('convert'), bindingOf('export')]);
    world.raised.set('convert', [maxReached]);
    world.raised.set('export', [startsFail]);
    await world.tick(world.alerting());
    expect(world.inbox).toMatchObject([
      {
        subject: 'Sluice prod: CRITICAL export tasks fail to start (+1 more)',
        severity: 'critical',
        services: ['export', 'convert'],
      },
    ]);
    expect(world.inbox[0]?.text.match(/^(CRITICAL|WARNING) .*/gm)).toHaveLength(2);
  });

  it('what ECS refuses is told with the next tick', async () => {
    const world = new AlertWorld();
    world.visible.set('convert', 5);
    const alert = { code: 'accessDenied', severity: 'critical', text: 'convert: not scaled' } as const;
    const deps = world.alerting({ scaler: { setDesired: async () => ({ changed: false, alert }) } });
    await world.tick(deps);
    expect(world.told).toEqual([]);
    world.now += 10;
    await world.tick(deps);
    expect(world.told).toEqual(['Sluice prod: CRITICAL convert the count may not be changed']);
  });

  it('a mute of a service or of all is heard, its end is not needed to learn of the end', async () => {
    const world = new AlertWorld();
    const deps = world.alerting();
    world.raised.set('convert', [maxReached]);
    world.overrides = {
      byService: {},
      mutes: { convert: { until: start + 100, code: 'startsFail' }, '': { until: start + 20 } },
    };
    await world.tick(deps);
    world.now += 10;
    await world.tick(deps);
    expect(world.told).toEqual([]);
    world.now += 10;
    await world.tick(deps);
    expect(world.told).toEqual([begin]);
  });

  it('a service that is taken out of the config leaves no story without an end', async () => {
    const world = new AlertWorld([bindingOf('convert'), bindingOf('export')]);
    world.raised.set('export', [startsFail]);
    await world.tick(world.alerting());
    const rest = new AlertWorld([bindingOf('convert')]);
    const deps = rest.alerting({ state: world.state });
    for (rest.now = start + 10; rest.now < start + 3800; rest.now += 600) await rest.tick(deps);
    expect(rest.told).toEqual(['Sluice prod: OVER export tasks fail to start']);
  });
});

describe('neither twice nor never', () => {
  const quiet = { scaler: { setDesired: async () => ({ changed: true, desired: 0 }) as const } };

  it('two functions at once: one tells', async () => {
    const world = new AlertWorld();
    world.raised.set('convert', [maxReached]);
    const [a, b] = [world.alerting(quiet), world.alerting(quiet)];
    await Promise.all([world.tick(a), world.tick(b)]);
    expect(world.told).toEqual([begin]);
  });

  it('functions that take turns tell once, and again only after the period', async () => {
    const world = new AlertWorld();
    world.raised.set('convert', [maxReached]);
    const both = [world.alerting(quiet), world.alerting(quiet)];
    for (let i = 0; i < 361; i += 1, world.now += 10) await world.tick(both[i % 2] ?? world.alerting());
    expect(world.told).toEqual([begin, 'Sluice prod: STILL WARNING convert at its maximum']);
  });

  it('a crash between commit and message: the next function tells, once the first is surely dead', async () => {
    const world = new AlertWorld();
    world.raised.set('convert', [maxReached]);
    world.visible.set('convert', 1);
    void world.tick(world.alerting({ scaler: { setDesired: () => new Promise(() => {}) } }));
    await expect.poll(async () => (await world.state.load('s0')).version).toBe(1);
    const next = world.alerting(quiet);
    const toldAt: number[] = [];
    for (world.now = start + 10; world.now <= start + 100; world.now += 10) {
      await world.tick(next);
      if (world.inbox.length > toldAt.length) toldAt.push(world.now - start);
    }
    expect(toldAt).toEqual([30]);
    expect(world.told).toEqual([begin]);
  });

  it('SNS that is down for a while: begin and end come once it is back', async () => {
    const world = new AlertWorld();
    const deps = world.alerting(quiet);
    world.raised.set('convert', [maxReached]);
    world.topic = 'refuses';
    for (; world.now < start + 60; world.now += 10) {
      const { problems } = await world.tick(deps);
      if (world.now === start)
        expect(problems).toMatchObject([{ what: 'tell people of alerts', text: 'Error: SNS is down' }]);
    }
    world.topic = 'takes';
    for (; world.now < start + 100; world.now += 10) await world.tick(deps);
    expect(world.told).toEqual([begin]);
    world.raised.clear();
    for (; world.now < start + 140; world.now += 10) await world.tick(deps);
    world.topic = 'refuses';
    for (; world.now < start + 170; world.now += 10) await world.tick(deps);
    world.topic = 'takes';
    for (; world.now < start + 300; world.now += 10) await world.tick(deps);
    expect(world.told).toEqual([begin, over]);
  });

  it('only a death between the message and the note that it was sent tells twice, with the same id', async () => {
    const world = new AlertWorld();
    world.raised.set('convert', [maxReached]);
    world.topic = 'takesAndDies';
    void world.tick(world.alerting(quiet));
    await expect.poll(() => world.inbox.length).toBe(1);
    world.topic = 'takes';
    const next = world.alerting(quiet);
    for (world.now = start + 10; world.now <= start + 200; world.now += 10) await world.tick(next);
    expect(world.told).toEqual([begin, begin]);
    expect(new Set(world.inbox.map(({ id }) => id)).size).toBe(1);
  });

  it('a refusal by the topic takes nothing from the tick', async () => {
    const world = new AlertWorld();
    world.raised.set('convert', [maxReached]);
    world.visible.set('convert', 3);
    world.topic = 'refuses';
    expect((await world.tick(world.alerting())).kind).toBe('done');
    expect(world.updates).toEqual([{ service: 'convert', desired: 3 }]);
    expect(world.journal).toHaveLength(1);
  });
});
