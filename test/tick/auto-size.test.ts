import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppliedAdvice } from '../../lib/act/applied-advice.ts';
import { AppliedStore } from '../../lib/act/applied-store.ts';
import { decide } from '../../lib/decide/decide.ts';
import { type AppliedEntry, type AppliedSize, parseApplied, sizeBarredSeconds } from '../../lib/model/applied.ts';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import { known } from '../../lib/model/observation.ts';
import { sizeKey, type TaskSize } from '../../lib/model/plan.ts';
import { readAppliedTexts } from '../../lib/observe/fresh-applied.ts';
import { configuredMark } from '../../lib/schedule/configured-mark.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import type { TickDependencies } from '../../lib/tick/ports.ts';
import { type LocalTable, startLocalTable } from '../act/local-table.ts';
import { bindingOf, start, World } from './world.ts';

/**
 * Goal: a choice of the report becomes a rolling deployment in its quiet hour, and goes back with a bar in the table when
 * jobs take longer; two functions that take turns do it once. Method: the real tick, decide, schedule and table (dynalite);
 * an ECS service that takes three minutes to replace its tasks; a tick a minute, from Saturday 10:00.
 */
const half: TaskSize = { cpu: 512, memoryMiB: 1024 };
const quarter: TaskSize = { cpu: 256, memoryMiB: 512 };
const hour = 3600;
const definitions = { '512/1024': 'arn:base:1', '256/512': 'arn:small:1' };
const base = bindingOf('convert', {
  tickSeconds: 60,
  tasks: { min: 2, max: 5 },
  autoSize: { min: quarter, max: half },
});
const binding: ServiceBinding = { ...base, taskDefinitions: definitions };
const choice: AppliedSize = {
  advice: 'size:convert',
  at: start - hour,
  by: 'report',
  byItself: true,
  fields: configuredMark(binding.plan, 'size'),
  size: quarter,
  before: half,
  from: start,
  // Saturday 12:00 to 13:00.
  quietHours: [5 * 24 + 12],
  timeZone: 'UTC',
  seconds: { before: 2, expected: 3 },
};

let table: LocalTable;
let store: AppliedStore;
const { signal } = new AbortController();
const entry = async () =>
  parseApplied(
    (await readAppliedTexts(table.client, table.name, signal, { consistent: true })).convert ?? '{}',
  ) as AppliedEntry;
beforeAll(async () => {
  table = await startLocalTable();
  store = new AppliedStore(table.client, table.name);
});
afterAll(() => table.close());
beforeEach(async () => {
  const texts = await readAppliedTexts(table.client, table.name, signal, { consistent: true });
  await store.replace('convert', texts.convert, {});
});

/** A service whose jobs take so long on each size, in a stage of its own. */
const run = async (
  jobSeconds: Readonly<Record<string, number>>,
  minutes: number,
  onMinute?: (minute: number, world: World) => void,
) => {
  const world = new World([binding]);
  world.desired.set('convert', 2);
  const changes: { minute: number; to: string }[] = [];
  let size = half;
  let deployedAt = 0;
  const see: TickDependencies['observer']['observe'] = async (services) =>
    services.map(({ binding: { plan } }) => {
      const sighting = world.see(plan.service);
      const seconds = jobSeconds[sizeKey(size)] ?? 2;
      const work = {
        started: 20,
        late: 0,
        completed: 20,
        failed: 0,
        busySlotSeconds: 40,
        serviceSeconds: 20 * seconds,
      };
      const { observation } = sighting;
      const counts = observation.service.known ? observation.service.value : undefined;
      if (counts === undefined) throw new Error('the world always knows its counts');
      const taskDefinition = { name: definitions[sizeKey(size) as '256/512'], origin: 'template', size } as const;
      return {
        ...sighting,
        observation: {
          ...observation,
          service: known(world.now, { ...counts, taskDefinition, deploymentInProgress: world.now - deployedAt < 180 }),
          work: known(world.now, work),
        },
      };
    });
  const functionOf = (): TickDependencies =>
    world.dependencies({
      decide,
      settingsAt,
      applied: new AppliedAdvice(table.client, table.name),
      observer: { observe: see },
      scaler: {
        setDesired: async (_binding, desired, _signal, resize) => {
          if (resize) {
            size = resize.to;
            deployedAt = world.now;
            changes.push({ minute: (world.now - start) / 60, to: sizeKey(resize.to) });
          }
          world.desired.set('convert', desired);
          return { changed: true, desired };
        },
      },
    });
  const functions = [functionOf(), functionOf()];
  for (let minute = 0; minute < minutes; minute++, world.now += 60) {
    onMinute?.(minute, world);
    // Each in its turn, some minutes long.
    const deps = functions[Math.floor(minute / 7) % 2] as TickDependencies;
    await world.tick(deps);
  }
  const alerts = world.journal.flatMap(({ decision }) => decision.alerts.map(({ code }) => code));
  return { changes, alerts, world, size };
};

describe('a size that the report has chosen', () => {
  it('goes in at noon, when it is quiet, and stays where jobs take as long as expected', async () => {
    await store.replace('convert', undefined, { size: choice });
    const { changes, alerts, size } = await run({ '256/512': 3.2 }, 6 * 60);
    expect(changes).toEqual([{ minute: 120, to: '256/512' }]);
    expect(size).toEqual(quarter);
    expect(alerts).toEqual([]);
    expect((await entry()).size).toEqual(choice);
  });

  it('goes back an hour after its tasks are all there when jobs take twice as long; barred, told, and never tried again', async () => {
    await store.replace('convert', undefined, { size: choice });
    const { changes, alerts, world } = await run({ '256/512': 7 }, 6 * 60);
    expect(changes.map(({ to }) => to)).toEqual(['256/512', '512/1024']);
    const back = changes[1]?.minute ?? 0;
    // Two hours to noon, three minutes of deployment, an hour.
    expect(back).toBeGreaterThanOrEqual(183);
    expect(back).toBeLessThanOrEqual(186);
    expect(new Set(alerts)).toEqual(new Set(['sizeRolledBack']));
    expect(alerts.length).toBeLessThan(5);
    expect(await entry()).toEqual({
      barred: [
        {
          advice: 'size:convert 256/512',
          until: start + back * 60 + sizeBarredSeconds,
          because: expect.stringMatching(/^a job takes 7\.00 s on it \(\d+ jobs\) where 3\.00 s were expected$/),
        },
      ],
    });
    const last = world.journal.at(-1);
    expect(last?.decision.size).toEqual(half);
    expect(last?.decision.explanation.map(({ code }) => code)).not.toContain('resize');
  });

  it('waits while a person has the wheel, and misses its hour: the next one is a week later', async () => {
    await store.replace('convert', undefined, { size: choice });
    const { changes } = await run({}, 5 * 60, (minute, world) => {
      if (minute === 100) world.overrides = { byService: { convert: { kind: 'pause', until: start + 4 * hour } } };
    });
    expect(changes).toEqual([]);
  });

  it('is gone as soon as somebody takes it back: the size of the config at once', async () => {
    await store.replace('convert', undefined, { size: choice });
    let undone: Promise<unknown> | undefined;
    const { changes } = await run({}, 4 * 60, (minute) => {
      if (minute === 150) undone = entry().then(() => store.replace('convert', JSON.stringify({ size: choice }), {}));
    });
    await undone;
    expect(changes.map(({ to }) => to)).toEqual(['256/512', '512/1024']);
    expect(changes[1]?.minute).toBeLessThanOrEqual(153);
  });
});
