import { packHot, unpackHot } from '../../../lib/act/hot-pack.ts';
import { decide } from '../../../lib/decide/decide.ts';
import type { ServiceBinding } from '../../../lib/model/binding.ts';
import type { DecisionRecord } from '../../../lib/model/decision.ts';
import { known, type Reading, unknown } from '../../../lib/model/observation.ts';
import type { HotState } from '../../../lib/model/state.ts';
import { settingsAt } from '../../../lib/schedule/settings-at.ts';
import { createRandom } from '../../../lib/simulate/random.ts';
import { MemoryStateStore } from '../../tick/memory-state-store.ts';
import { start, World } from '../../tick/world.ts';

/** What the table does to hot state: times keep their milliseconds and nothing finer. */
class PackingStateStore extends MemoryStateStore {
  override async commit(
    shard: string,
    readVersion: number,
    services: Readonly<Record<string, HotState>>,
  ): Promise<'committed' | 'lost'> {
    const packed = Object.entries(services).map(([name, hot]) => [name, unpackHot(packHot(hot)) ?? hot] as const);
    return super.commit(shard, readVersion, Object.fromEntries(packed));
  }
}

/**
 * The decision log of a run like a real one, with the real decision in the real tick: load that rises and falls, readings
 * that fail, functions that take turns or start cold, calls to ECS that fail, people who pause and hold.
 * Through JSON, as every log goes.
 */
export const localLog = async (
  bindings: readonly ServiceBinding[],
  ticks: number,
  seed: number,
  from = start,
): Promise<readonly DecisionRecord[]> => {
  const random = createRandom(seed);
  const world = new World(bindings);
  world.now = from;
  const state = new PackingStateStore();
  const shared = { state, decide, settingsAt, observer: observerOf(world, random) };
  const scaler = scalerOf(world, random);
  const begin = () => world.dependencies({ ...shared, scaler });
  let functions = [begin(), begin()];
  for (let i = 0; i < ticks; i++) {
    world.now = Math.round((world.now + 10 + random.uniform()) * 1000) / 1000;
    const load = 20 * (1 + Math.sin(i / 50)) * (random.uniform() < 0.02 ? 5 : 1);
    for (const { plan } of bindings) world.visible.set(plan.service, random.poisson(load));
    if (random.uniform() < 0.005) functions = [begin(), begin()];
    if (random.uniform() < 0.003) state.loseLearnt();
    setOverrides(world, random, bindings);
    const deps = functions[random.uniform() < 0.05 ? 1 : 0];
    if (deps) await world.tick(deps, Math.floor(world.now));
  }
  return JSON.parse(JSON.stringify(world.journal)) as readonly DecisionRecord[];
};

type Random = ReturnType<typeof createRandom>;

const observerOf = (world: World, random: Random) => ({
  observe: async (services: readonly { readonly binding: ServiceBinding }[]) =>
    services.map(({ binding }) => {
      const sighting = world.see(binding.plan.service);
      const { observation } = sighting;
      const draw = random.uniform();
      const work: Reading<{
        started: number;
        late: number;
        completed: number;
        failed: number;
        busySlotSeconds: number;
        serviceSeconds: number;
      }> = known(world.now - random.uniform(), {
        started: random.poisson(8),
        late: 0,
        completed: random.poisson(8),
        failed: 0,
        busySlotSeconds: 40 * random.uniform(),
        serviceSeconds: 40 * random.uniform(),
      });
      const seen = { ...observation, work, signals: { cpu: known(world.now - 60, 100 * random.uniform()) } };
      if (draw < 0.02) return { ...sighting, observation: { ...seen, service: unknown('failed', 'no answer') } };
      if (draw < 0.06) {
        const queues = seen.queues.map((queue) => ({ ...queue, counts: unknown('failed') }));
        return { ...sighting, observation: { ...seen, queues } };
      }
      return { ...sighting, observation: seen };
    }),
});

const scalerOf = (world: World, random: Random) => ({
  setDesired: async ({ plan }: ServiceBinding, desired: number) => {
    const draw = random.uniform();
    const alert = { code: 'throttled', severity: 'warning', text: 'Rate exceeded' } as const;
    if (draw < 0.05) return { changed: false, alert } as const;
    world.update(plan.service, desired);
    return draw < 0.1 ? ({ changed: 'unknown', alert } as const) : ({ changed: true, desired } as const);
  },
});

const setOverrides = (world: World, random: Random, bindings: readonly ServiceBinding[]): void => {
  const draw = random.uniform();
  const service = bindings[0]?.plan.service ?? '';
  const until = world.now + 300;
  if (draw < 0.002) world.overrides = { byService: { [service]: { kind: 'pause', until, by: 'ann' } } };
  else if (draw < 0.004) world.overrides = { byService: { [service]: { kind: 'hold', desired: 7, until } } };
  else if (draw < 0.005) world.overrides = { byService: {}, stop: { kind: 'stop', cause: 'switch' } };
  else if (draw < 0.02) world.overrides = { byService: {} };
};
