import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { handlersByType, type JobTypes, type RunInThread } from '../../lib/worker/handlers/handlers-by-type.ts';
import type { JobHandlers } from '../../lib/worker/handlers/job-handlers.ts';
import { RetryLater } from '../../lib/worker/handlers/retry-later.ts';
import { threadPool } from '../../lib/worker/handlers/thread-pool.ts';
import { s3Payloads } from '../../lib/worker/queue/s3-payloads.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { startWorld, works } from './worker-world.ts';

const defaults = { retries: 3, retrySeconds: 60 };
const noThreads: RunInThread = async () => {
  throw new Error('no threads here');
};
const page = z.object({ url: z.url(), width: z.number().default(100) });
const worldOf = (types: (clock: VirtualClock) => JobHandlers) =>
  startWorld(works(0), { concurrency: 4 }, { handlers: types });
const byType = <S extends Parameters<typeof handlersByType>[0]>(types: S) => handlersByType(types, defaults, noThreads);

describe('handlers by type', () => {
  it('get what their schema makes of the payload, with its type', async () => {
    const seen: unknown[] = [];
    const types: JobTypes<{ thumbnail: typeof page }> = {
      thumbnail: {
        schema: page,
        handler: async ({ payload }) => {
          const width: number = payload.width; // Typed: no cast.
          seen.push(width, payload.url);
        },
      },
    };
    const world = await worldOf(() => handlersByType(types, defaults, noThreads));
    world.queue.put('a', { body: '{"url":"https://a.example/x"}', attributes: { jobType: 'thumbnail' } });
    await world.clock.advance(2);
    expect(seen).toEqual([100, 'https://a.example/x']);
    expect(world.jobLines()).toMatchObject([{ jobType: 'thumbnail', outcome: 'done' }]);
  });

  it.each([
    ['{"url":"nothing"}', 'thumbnail', 'invalidPayload', /url: /],
    ['not JSON', 'thumbnail', 'invalidPayload', /no JSON/],
    ['{}', 'encode', 'unknownType', /"encode"; known: thumbnail/],
    ['{}', 'constructor', 'unknownType', /"constructor"/],
    ['{}', '__proto__', 'unknownType', /"__proto__"/],
    ['{}', undefined, 'unknownType', /no attribute jobType/],
  ])('%s of type %s goes to the dead-letter queue unrun: %s', async (body, jobType, reason, text) => {
    let runs = 0;
    const world = await worldOf(() =>
      byType({
        thumbnail: {
          schema: page,
          handler: async () => {
            runs += 1;
          },
        },
      }),
    );
    world.queue.put('a', { body, attributes: jobType === undefined ? {} : { jobType } });
    await world.clock.advance(2);
    expect(runs).toBe(0);
    expect(world.queue.dead).toEqual(['a']);
    const { dlqReason, dlqError } = world.queue.sent[0]?.attributes ?? {};
    expect(dlqReason?.StringValue).toBe(reason);
    expect(dlqError?.StringValue).toMatch(text);
  });

  it('have their own retries, back-off, deadline and share of the slots', async () => {
    const starts: Record<string, number[]> = { flaky: [], slow: [], few: [] };
    const world = await worldOf((clock) =>
      byType({
        flaky: {
          retry: { retries: 1, baseSeconds: 4 },
          handler: async () => {
            starts.flaky?.push(clock.now());
            throw new Error('no');
          },
        },
        slow: {
          deadlineSeconds: 3,
          retry: { baseSeconds: 2 },
          handler: async (_job, { signal }) => clock.sleep(99, signal),
        },
        few: {
          concurrency: 1,
          handler: async () => {
            starts.few?.push(clock.now());
            await clock.sleep(5);
          },
        },
      }),
    );
    const at = world.clock.now();
    for (const [id, jobType] of [
      ['f', 'flaky'],
      ['s', 'slow'],
      ['x', 'few'],
      ['y', 'few'],
    ] as const)
      world.queue.put(id, { attributes: { jobType } });
    await world.clock.advance(4);
    expect(starts.few).toHaveLength(1);
    await world.clock.advance(60);
    expect(starts.few?.map((start) => Math.round(start - at))).toEqual([0, 5]);
    expect(starts.flaky).toHaveLength(2);
    expect((starts.flaky?.[1] ?? 0) - (starts.flaky?.[0] ?? 0)).toBeLessThan(6);
    expect([...world.queue.dead].sort()).toEqual(['f', 's']);
  });

  it('put off a job that cannot be done now, twice as long each time, and count nothing', async () => {
    let closed = 3;
    const starts: number[] = [];
    const world = await worldOf((clock) =>
      byType({
        call: {
          retry: { retries: 0 },
          handler: async () => {
            starts.push(clock.now());
            closed -= 1;
            if (closed >= 0) throw new RetryLater('closed', 30);
          },
        },
      }),
    );
    world.queue.put('a', { attributes: { jobType: 'call' } });
    await world.clock.advance(400);
    const gaps = starts.slice(1).map((at, i) => Math.round(at - (starts[i] ?? 0)));
    expect(gaps.map((gap, i) => gap / (30 * 2 ** i) > 0.7 && gap / (30 * 2 ** i) < 1.35)).toEqual([true, true, true]);
    expect(world.jobLines().map((line) => line.outcome)).toEqual(['done']);
  });
});

describe('a payload in S3', () => {
  const store = (objects: Readonly<Record<string, string>>) =>
    s3Payloads('jobs', (async () => ({
      send: async ({ input }: { readonly input: { readonly Key: string } }) => {
        const text = objects[input.Key];
        if (text === undefined) throw Object.assign(new Error('gone'), { name: 'NoSuchKey' });
        return { Body: { transformToString: async () => text } };
      },
    })) as never);
  const run = async (resolveBody: ReturnType<typeof s3Payloads>, body: string) => {
    const bodies: string[] = [];
    const world = await startWorld(
      () => async (job) => {
        bodies.push(job.body);
      },
      {},
      { resolveBody },
    );
    world.queue.put('a', { body, attributes: { payload: 's3' } });
    world.queue.put('plain');
    await import('@aws-sdk/client-s3'); // Takes real time, of which the virtual clock knows nothing.
    await world.clock.advance(2);
    return { bodies, reasons: world.queue.sent.map((message) => message.attributes.dlqError?.StringValue) };
  };

  it('is there before the handler begins', async () => {
    const { bodies } = await run(store({ 'in/1': 'a large text' }), '{"s3Key":"in/1","bytes":12}');
    expect(bodies.toSorted()).toEqual(['a large text', '{}']);
  });

  it.each([
    [store({}), '{"s3Key":"in/1","bytes":12}', /in\/1 is gone/],
    [store({}), 'no reference', /no reference/],
    [s3Payloads(undefined), '{"s3Key":"in/1","bytes":12}', /SLUICE_JOBS_BUCKET is not set/],
  ])('that cannot be had fails the job for good, and says why', async (resolveBody, body, text) => {
    const { bodies, reasons } = await run(resolveBody, body);
    expect(bodies).toEqual(['{}']);
    expect(reasons).toEqual([expect.stringMatching(text)]);
  });
});

describe('a handler in a thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-threads-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const moduleOf = (name: string, text: string): string => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, text);
    return file;
  };
  const run = threadPool({ threads: 1 });
  const job = {
    id: 'a',
    messageId: 'm',
    queue: 'jobs',
    body: '',
    payload: { n: 20 },
    attributes: {},
    sentAt: 0,
    receiveCount: 1,
  };
  const never = new AbortController().signal;

  it('gets the job and gives its outcome', async () => {
    const file = moduleOf('fine', 'export default async ({ payload }) => ({ result: payload.n + 1 });');
    expect(await run(file, job, never)).toEqual({ result: 21 });
  });

  it('that spins for ever ends with its signal, and the next one has its place', async () => {
    const file = moduleOf('spins', 'export default () => { for (;;); };');
    const cut = new AbortController();
    const spinning = run(file, job, cut.signal);
    const next = run(moduleOf('next', 'export default () => ({ result: 1 });'), job, never);
    cut.abort();
    await expect(spinning).rejects.toThrow(/abort/i);
    expect(await next).toEqual({ result: 1 });
  });

  it('that dies fails its own job and no other', async () => {
    const dying = run(moduleOf('dies', 'export default () => process.exit(3);'), job, never);
    await expect(dying).rejects.toThrow();
    expect(await run(moduleOf('after', 'export default () => ({ result: 2 });'), job, never)).toEqual({ result: 2 });
  });
});
