import { expect, test } from 'vitest';
import type { NewJob } from '../../lib/jobs/job-store.ts';
import { startWorkflow } from '../../lib/jobs/workflow/start-workflow.ts';
import { type JobState, jobStates } from '../../lib/model/job-record.ts';
import { atEveryStep, type CrashAt, CrashWorld } from './crash-world.ts';

/**
 * Goal: wherever a process dies, whatever is delivered twice, each job ends once and each job that follows exists once.
 * Method: the real adapters on a table in memory, which passes the suite of the emulated one; a story is told once to count its calls, and then again for every
 * call with a death before it and one after it.
 */
let tenants = 0;
const newTenant = (): string => {
  tenants += 1;
  return `t${tenants}`;
};
const jobOf = (tenant: string, more: Partial<NewJob> = {}): NewJob => ({
  tenant,
  jobId: 'first',
  type: 'fetch',
  queue: 'fetch',
  payload: '0',
  submittedAt: 1000,
  expiresAt: 90_000,
  ...more,
});
const statesOf = async (world: CrashWorld, tenant: string): Promise<Partial<Record<JobState, number>>> => {
  const { store } = world.seen();
  const counts = await Promise.all(
    jobStates.map(async (state) => [state, (await store.list(tenant, state, { limit: 500 })).jobs.length] as const),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
};

for (const twice of [false, true]) {
  const deliveries = twice ? 'with every message delivered twice' : 'delivered once';

  test(`a chain: each link is done once, ${deliveries}`, async () => {
    const chain: Record<string, string | undefined> = { fetch: 'process', process: 'export' };
    const story = async (crash: CrashAt | undefined): Promise<CrashWorld> => {
      const tenant = newTenant();
      const world = new CrashWorld(crash, ({ type }) => {
        const next = chain[type];
        return {
          resultText: `"${type}"`,
          next: next === undefined ? [] : [{ queue: next, type: next, payload: '{}' }],
        };
      });
      await world.submit(jobOf(tenant));
      await world.drain({ twice });
      expect(await statesOf(world, tenant)).toEqual({ done: 3 });
      // A second run of a handler happens only where the first one's worker died.
      expect(world.runs.length).toBeLessThanOrEqual(3 + world.crashes);
      return world;
    };
    expect(await atEveryStep(story)).toBeGreaterThan(15);
  });

  test(`a workflow: the join starts once when all parts have ended, ${deliveries}`, async () => {
    const story = async (crash: CrashAt | undefined): Promise<CrashWorld> => {
      const tenant = newTenant();
      const seen = new Map<string, number>();
      const world = new CrashWorld(crash, ({ jobId, type, payload }) => {
        const times = (seen.get(jobId) ?? 0) + 1;
        seen.set(jobId, times);
        if (type === 'part' && 'inline' in payload && payload.inline === '1') return 'fail';
        if (type === 'part' && 'inline' in payload && payload.inline === '2' && times === 1) return 'retry';
        return { resultText: type };
      });
      const ref = { tenant, workflowId: 'flow' };
      await world.untilDone((parts) =>
        startWorkflow(
          parts,
          ref,
          {
            parts: [0, 1, 2].map((i) => ({ queue: 'part', type: 'part', payload: String(i) })),
            join: { queue: 'join', type: 'join', payload: 'all' },
            expiresAt: 90_000,
          },
          world.now,
        ),
      );
      await world.drain({ twice });
      expect(await statesOf(world, tenant)).toEqual({ done: 3, failed: 1 });
      expect(await world.seen().workflows.get(ref)).toMatchObject({ state: 'done', total: 3, done: 2, failed: 1 });
      expect(world.dead.length).toBeGreaterThanOrEqual(1);
      expect(world.runs.filter((id) => id.endsWith('.join')).length).toBeLessThanOrEqual(1 + world.crashes);
      return world;
    };
    expect(await atEveryStep(story)).toBeGreaterThan(30);
  });
}

test('a workflow that a handler starts', async () => {
  const story = async (crash: CrashAt | undefined): Promise<CrashWorld> => {
    const tenant = newTenant();
    const world = new CrashWorld(crash, ({ type }) =>
      type === 'fetch'
        ? {
            workflow: {
              parts: [0, 1].map((i) => ({ queue: 'part', type: 'part', payload: String(i) })),
              join: { queue: 'join', type: 'join', payload: '' },
            },
          }
        : {},
    );
    await world.submit(jobOf(tenant));
    await world.drain();
    expect(await statesOf(world, tenant)).toEqual({ done: 4 });
    return world;
  };
  await atEveryStep(story);
});
