import { describe, expect, test } from 'vitest';
import type { Decision } from '../../lib/model/decision.ts';
import type { Resize, TickDependencies } from '../../lib/tick/ports.ts';
import { bindingOf, start, taskPerJob, World } from './world.ts';

const small = { cpu: 512, memoryMiB: 1024 };
const large = { cpu: 1024, memoryMiB: 2048 };

/** A task for each job, in large tasks instead of small ones. */
const resizing: TickDependencies['decide'] = (observation, settings, state): Decision => ({
  ...taskPerJob(observation, settings, state),
  size: large,
  sizeFrom: small,
});

const tickOf = async (jobs: number, mode: 'act' | 'shadow' = 'act') => {
  const world = new World([bindingOf('convert', { mode })]);
  world.visible.set('convert', jobs);
  world.desired.set('convert', 3);
  const calls: { readonly desired: number; readonly resize: Resize | undefined }[] = [];
  const scaler: TickDependencies['scaler'] = {
    setDesired: async (_binding, desired, _signal, resize) => {
      calls.push({ desired, resize });
      return { changed: true, desired };
    },
  };
  await world.tick(world.dependencies({ decide: resizing, scaler }));
  return { world, calls };
};

describe('a change of the task size', () => {
  test('alone is one call without the count, and neither a scale-out nor a scale-in', async () => {
    const { world, calls } = await tickOf(3);
    expect(calls).toEqual([{ desired: 3, resize: { to: large, sameCount: true } }]);
    expect(world.usage.map(({ scaled }) => scaled)).toEqual(['no']);
    expect(world.journal[0]?.decision).toMatchObject({ kind: 'keep', size: large, sizeFrom: small });
  });

  test('goes with the count when that changes too', async () => {
    const { world, calls } = await tickOf(5);
    expect(calls).toEqual([{ desired: 5, resize: { to: large, sameCount: false } }]);
    expect(world.usage.map(({ scaled }) => scaled)).toEqual(['out']);
  });

  test('is kept in the table at once, also in the midst of quiet ticks: another function must not change it again', async () => {
    const world = new World();
    const quiet = world.dependencies();
    await world.tick(quiet);
    world.now += 400;
    await world.tick(quiet);
    expect((await world.state.loadLearnt('convert'))?.at).toBe(start);
    world.now += 10;
    await world.tick({ ...quiet, decide: resizing });
    expect((await world.state.loadLearnt('convert'))?.at).toBe(start + 410);
  });

  test('in shadow mode stays on paper', async () => {
    const { world, calls } = await tickOf(3, 'shadow');
    expect(calls).toEqual([]);
    expect(world.journal[0]?.decision.sizeFrom).toEqual(small);
  });
});
