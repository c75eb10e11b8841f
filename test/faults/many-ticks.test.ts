import { expect, test } from 'vitest';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import { createRandom } from '../../lib/simulate/random.ts';
import { bindingOf } from '../tick/world.ts';
import { type Fault, FaultWorld, faults } from './fault-world.ts';

/**
 * Goal: no guard breaks in 100,000 ticks of everything that can go wrong with a tick.
 * Method: real `runTick` and `decide`, ports in memory, virtual time, one seed. `SLUICE_SEED` repeats a run or asks for another,
 * `SLUICE_TICKS` makes it longer.
 */
const seed = Number(process.env.SLUICE_SEED ?? 20261121);
const ticks = Number(process.env.SLUICE_TICKS ?? 100_000);

const perTask = 10;
const shared = { limits: { db: 600 }, uses: { db: 20 } };
const bindings: readonly ServiceBinding[] = [
  bindingOf('convert', {
    ...shared,
    tasks: { min: 1, max: 20 },
    priority: 'critical',
    policy: { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask }], tolerance: 0 },
  }),
  bindingOf('export', {
    ...shared,
    tasks: { min: 2, max: 25 },
    policy: { type: 'backlogPerTask', target: perTask },
    flapsPerHour: 20,
  }),
];

test(`${ticks} ticks with faults break no guard (seed ${seed})`, async () => {
  const world = new FaultWorld(bindings, seed);
  const random = createRandom(seed).fork('faults');
  const scenario: Fault[] = [];
  while (world.count.ticks < ticks && world.broken.length === 0) {
    const fault: Fault = random.uniform() < 0.5 ? 'none' : (faults[random.integer(faults.length)] ?? 'none');
    scenario.push(fault);
    await world.step(fault);
  }
  console.log(`seed ${seed}: ${JSON.stringify(world.count)}, the last faults: ${scenario.slice(-8).join(', ')}`);
  expect(world.broken, `repeat with SLUICE_SEED=${seed}`).toEqual([]);
  expect(world.count.acts).toBeGreaterThan(ticks / 100);
  expect(world.count.scaleIns).toBeGreaterThan(ticks / 300);
  expect(world.inbox.ended).toBeGreaterThan(ticks / 1000);

  // Faults are over and the load stays: within 70 minutes (an hour for the flap budget) each count is what the load needs.
  for (let i = 0; i < 420; i += 1) {
    for (const task of world.services) task.jobs = 75;
    await world.step('none');
  }
  for (const task of world.services) task.jobs = 75;
  expect(world.services.map(({ desired }) => Math.abs(desired - 8) <= 1)).toEqual([true, true]);
  expect(world.broken).toEqual([]);
  // What people believe to last is what lasts.
  const { alerts = {} } = await world.store.load();
  const lasting = Object.entries(alerts).flatMap(([service, states]) =>
    states.filter(({ told }) => told !== undefined).map(({ code }) => `${service} ${code}`),
  );
  expect(world.inbox.open.map((id) => id.split(' ').slice(0, 2).join(' ')).toSorted()).toEqual(lasting.toSorted());
}, 120_000);
