import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedJobs } from '../../lib/worker/memory/allowed-jobs.ts';
import { createReadMemory, type MemorySources } from '../../lib/worker/memory/memory-limit.ts';
import { startWorld, works } from './worker-world.ts';

describe('jobs that the memory leaves room for', () => {
  it.each([
    [0, 10],
    [0.59, 10],
    [0.6, 10],
    [0.7, 5],
    [0.79, 1],
    [0.8, 0],
    [1.2, 0],
  ])('at %f of the limit: %i of 10', (share, jobs) => expect(allowedJobs(share, 10)).toBe(jobs));

  it('never more when memory is scarcer', () => {
    const share = fc.double({ min: 0, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 100 }), (a, b, concurrency) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(allowedJobs(less, concurrency)).toBeGreaterThanOrEqual(allowedJobs(more, concurrency));
      }),
    );
  });
});

describe('the memory guard', () => {
  const limitBytes = 1000;
  const guarded = async (settings = {}) => {
    const memory = { usedBytes: 100, collections: 0, freedByCollection: 0 };
    const world = await startWorld(
      works(5),
      { concurrency: 10, ...settings },
      {
        readMemory: async () => ({ usedBytes: memory.usedBytes, limitBytes }),
        collectGarbage: () => {
          memory.collections += 1;
          memory.usedBytes -= memory.freedByCollection;
        },
      },
    );
    const flood = (): void => {
      for (let i = 0; i < 30; i += 1) world.queue.put(`job${world.clock.now()}-${i}`);
    };
    return { world, memory, flood };
  };

  it('runs fewer jobs at a time from 60 % on, and lets those that run end', async () => {
    const { world, memory, flood } = await guarded();
    flood();
    await world.clock.advance(2);
    expect(world.queue.inFlight()).toHaveLength(10);
    memory.usedBytes = 700;
    await world.clock.advance(2);
    expect(world.queue.inFlight()).toHaveLength(10);
    await world.clock.advance(4);
    expect(world.queue.inFlight()).toHaveLength(5);
    expect(world.jobLines().every((line) => line.outcome === 'done')).toBe(true);
  });

  it('takes nothing at 80 %, collects, and goes on when that helped', async () => {
    const { world, memory, flood } = await guarded();
    memory.usedBytes = 850;
    await world.clock.advance(2);
    flood();
    await world.clock.advance(30);
    // The poll that was open brought what it had asked for before.
    const taken = world.jobLines().length + world.queue.inFlight().length;
    expect(taken).toBeLessThanOrEqual(10);
    expect(memory.collections).toBeGreaterThan(0);
    memory.freedByCollection = 500;
    await world.clock.advance(30);
    expect(world.jobLines()).toHaveLength(30);
  });

  it('makes room for a fresh task when it is idle and still full', async () => {
    const { world, memory, flood } = await guarded();
    flood();
    await world.clock.advance(30);
    memory.usedBytes = 950;
    await world.clock.advance(70);
    expect(world.ended).toBe(true);
  });

  it('where even a fresh task is that full, goes on with one job at a time', async () => {
    const { world, memory, flood } = await guarded();
    memory.usedBytes = 950;
    await world.clock.advance(62);
    flood();
    await world.clock.advance(3);
    expect(world.ended).toBe(false);
    await world.clock.advance(60);
    expect(world.jobLines().length).toBeGreaterThan(5);
  });
});

describe('the limit', () => {
  const mib = 1024 * 1024;
  const sources = (files: Readonly<Record<string, string>>, taskMiB?: number): MemorySources => ({
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
    fetchJson: async () => ({ Limits: taskMiB === undefined ? {} : { CPU: 0.25, Memory: taskMiB } }),
    rssBytes: () => 50 * mib,
  });
  const uri = { ECS_CONTAINER_METADATA_URI_V4: 'http://metadata' };
  const cgroup = '/sys/fs/cgroup/';
  it.each([
    ['said outright', {}, 256, sources({}), 256],
    ['of the cgroup', {}, undefined, sources({ [`${cgroup}memory.max`]: `${512 * mib}\n` }), 512],
    [
      'of the task, where the cgroup has none',
      uri,
      undefined,
      sources({ [`${cgroup}memory.max`]: 'max\n' }, 1024),
      1024,
    ],
    ['the smaller of both', uri, undefined, sources({ [`${cgroup}memory.max`]: `${512 * mib}` }, 1024), 512],
    [
      'of an old cgroup without one',
      {},
      undefined,
      sources({ [`${cgroup}memory/memory.limit_in_bytes`]: '9223372036854771712' }),
      undefined,
    ],
    ['nowhere', {}, undefined, sources({}), undefined],
  ])('%s', async (_name, environment, given, from, mebibytes) => {
    const reading = await createReadMemory(environment, given, from)();
    expect(reading && reading.limitBytes / mib).toBe(mebibytes);
  });

  it('is held against what cannot be reclaimed, children included', async () => {
    const files = {
      [`${cgroup}memory.max`]: String(512 * mib),
      [`${cgroup}memory.current`]: String(400 * mib),
      [`${cgroup}memory.stat`]: `anon 1\ninactive_file ${150 * mib}\n`,
    };
    const reading = await createReadMemory({}, undefined, sources(files))();
    expect(reading?.usedBytes).toBe(250 * mib);
  });
});
