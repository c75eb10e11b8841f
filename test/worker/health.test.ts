import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { type HealthServer, startHealthServer } from '../../lib/worker/health/health-server.ts';
import { createWorkerMetrics } from '../../lib/worker/health/worker-metrics.ts';
import { alive } from '../../lib/worker/health/worker-state.ts';
import { startWorld, type WorkerWorld, works } from './worker-world.ts';

interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly object[];
}
/** It has no types. */
const parsePrometheus = createRequire(import.meta.url)('parse-prometheus-text-format') as (text: string) => Family[];

describe('the health server', () => {
  let server: HealthServer | undefined;
  afterEach(() => server?.close());

  const serve = async (world: WorkerWorld) => {
    const metrics = createWorkerMetrics('convert');
    server = await startHealthServer({
      port: 0,
      host: '127.0.0.1',
      clock: world.clock,
      vitals: world.worker.vitals,
      state: world.worker.state,
      metrics,
    });
    const get = async (path: string): Promise<{ readonly status: number; readonly text: string }> => {
      const response = await fetch(`http://127.0.0.1:${server?.port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    return { get, metrics };
  };
  const startAndWork = async () => {
    const world = await startWorld(
      (clock) => async (job) => {
        await clock.sleep(2);
        if (job.id === 'bad') throw new Error('no');
      },
      { retries: 0 },
    );
    const { get, metrics } = await serve(world);
    for (const id of ['a', 'b', 'bad']) world.queue.put(id, { attributes: { jobType: 'thumbnail' } });
    await world.clock.advance(10);
    for (const line of world.jobLines()) metrics.see(line);
    world.queue.put('c');
    world.queue.put('d');
    world.queue.put('e');
    await world.clock.advance(0.5);
    return { world, get };
  };

  it('tells figures as JSON', async () => {
    const { get } = await startAndWork();
    expect(JSON.parse((await get('/stats')).text)).toMatchObject({
      service: 'convert',
      activeJobs: 2,
      allowedJobs: 2,
      concurrency: 2,
      protected: true,
      draining: false,
      done: 2,
      failed: 1,
      deadLettered: 1,
      successPercent: expect.closeTo(66.7, 1),
      failurePercent: expect.closeTo(33.3, 1),
      serviceSeconds: { mean: expect.closeTo(2, 5), p50: expect.closeTo(2, 5) },
      byType: { thumbnail: { done: 2, failed: 1 } },
      queues: { jobs: { visible: 1, inFlight: 2, delayed: 0 } },
      uptimeSeconds: expect.closeTo(10.5, 3),
      rssBytes: expect.any(Number),
    });
  });

  it('tells them as Prometheus text that a parser reads', async () => {
    const { get } = await startAndWork();
    const families = parsePrometheus((await get('/metrics')).text);
    const family = (name: string) => families.find((one) => one.name === name);
    expect(family('sluice_job_attempts_total')).toMatchObject({
      type: 'COUNTER',
      metrics: expect.arrayContaining([
        expect.objectContaining({
          value: '2',
          labels: { service: 'convert', queue: 'jobs', type: 'thumbnail', outcome: 'done' },
        }),
      ]),
    });
    expect(family('sluice_job_run_seconds')).toMatchObject({
      type: 'HISTOGRAM',
      metrics: [{ buckets: { '1': '0', '2': '3', '+Inf': '3' } }],
    });
    expect(family('sluice_jobs_active')?.metrics).toMatchObject([{ value: '2' }]);
    expect(family('sluice_queue_messages')?.metrics).toHaveLength(3);
    expect(family('process_cpu_seconds_total')).toBeDefined();
  });

  it('is ready while it takes jobs: not when draining, and not when ECS refuses', async () => {
    const world = await startWorld(works(30));
    const { get } = await serve(world);
    const codes = async () =>
      Promise.all(['/health', '/ready', '/startup'].map(async (path) => (await get(path)).status));
    expect(await codes()).toEqual([200, 200, 200]);

    world.agent.refuse('blocked');
    world.queue.put('a');
    await world.clock.advance(1);
    expect(await codes()).toEqual([200, 503, 200]);
    expect((await get('/ready')).text).toMatch(/refuses protection/);

    world.agent.refuse(undefined);
    await world.clock.advance(70);
    expect(await codes()).toEqual([200, 200, 200]);
    world.worker.stop('SIGTERM');
    expect(await codes()).toEqual([200, 503, 200]);
  });

  it('says so when no queue can be read, and is alive all the same', async () => {
    const world = await startWorld(works(1));
    const { get } = await serve(world);
    await world.clock.advance(21);
    world.queue.failNext('receive', 50);
    await world.clock.advance(60);
    expect((await get('/ready')).text).toMatch(/no queue can be read/);
    expect((await get('/health')).status).toBe(200);
  });

  it('knows no other page and no other method', async () => {
    const { get } = await serve(await startWorld(works(1)));
    expect((await get('/constructor')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${server?.port}/stats`, { method: 'POST' })).status).toBe(405);
  });
});

describe('liveness', () => {
  const vitals = {
    started: true,
    at: 1000,
    waitingForSlot: false,
    queuesUnreadable: false,
    draining: false,
    blocked: false,
  };
  it.each([
    ['a poll', vitals, 1030, true],
    ['a loop that hangs', vitals, 1100, false],
    ['a long job in every slot', { ...vitals, waitingForSlot: true }, 9000, true],
    ['a drain', { ...vitals, draining: true }, 1100, true],
  ])('%s', (_name, seen, now, ok) => {
    expect(alive(seen, now).ok).toBe(ok);
  });
});
