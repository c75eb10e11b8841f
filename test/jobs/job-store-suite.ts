import { describe, expect, it } from 'vitest';
import type { JobStore, NewJob } from '../../lib/jobs/job-store.ts';

/**
 * What every job store must do. `open` gives one store, which the cases share: each has a tenant of its own.
 * `races`: false where what lies below does not check and write in one, as DynamoDB does.
 */
export const jobStoreSuite = (name: string, open: () => JobStore, { races = true } = {}): void => {
  const atOnce = races ? it : it.skipIf(true);
  let cases = 0;
  const fresh = () => {
    cases += 1;
    const tenant = `t${cases}`;
    const queue = `q${cases}`;
    const job = (jobId: string, more: Partial<NewJob> = {}): NewJob => ({
      tenant,
      jobId,
      type: 'convert',
      queue,
      payload: `{"id":"${jobId}"}`,
      submittedAt: 1000,
      expiresAt: 1000 + 86_400,
      ...more,
    });
    return { store: open(), tenant, queue, job, ref: (jobId: string) => ({ tenant, jobId }) };
  };

  describe(name, () => {
    it('accepts a job once under its id', async () => {
      const { store, job, ref } = fresh();
      const first = await store.accept(job('a'));
      expect(first).toMatchObject({ outcome: 'created', record: { state: 'queued', attempts: 0, version: 1 } });
      expect(await store.get(ref('a'))).toEqual(first.record);
      expect((await store.accept(job('a', { submittedAt: 1005 }))).outcome).toBe('exists');
      expect((await store.accept(job('a', { payload: 'another' }))).outcome).toBe('conflict');
      expect((await store.get(ref('a')))?.payload).toEqual({ inline: '{"id":"a"}' });
    });

    atOnce('of many at once under one id, one creates it', async () => {
      const { store, job } = fresh();
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.accept(job('a'))));
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'exists')).toHaveLength(19);
    });

    it('goes through its life and keeps what was said', async () => {
      const { store, job, ref } = fresh();
      await store.accept(job('a', { workflowId: 'w', groupId: 'g', parentId: 'p' }));
      await store.apply(ref('a'), { kind: 'sent', at: 1001 });
      const begun = await store.apply(ref('a'), { kind: 'begin', messageId: 'm', at: 1002, messageSentAt: 1001 });
      expect(begun).toMatchObject({ outcome: 'applied', record: { state: 'running', attempts: 1, startedAt: 1002 } });
      const known = begun.outcome === 'applied' ? begun.record : undefined;
      const result = await store.keepResult(ref('a'), '{"ok":true}');
      const done = await store.apply(ref('a'), { kind: 'succeed', at: 1003.5, result }, known);
      expect(done).toMatchObject({ outcome: 'applied', record: { state: 'done', finishedAt: 1003.5 } });
      const record = await store.get(ref('a'));
      expect(record).toEqual(done.outcome === 'applied' ? done.record : undefined);
      expect(await store.read(record?.result ?? { inline: '' })).toBe('{"ok":true}');
    });

    it('a stale version does not overwrite: the event is applied to what is there, or refused', async () => {
      const { store, job, ref } = fresh();
      const { record } = await store.accept(job('a'));
      await store.apply(ref('a'), { kind: 'cancel', at: 1001 }, record);
      const late = await store.apply(
        ref('a'),
        { kind: 'begin', messageId: 'm', at: 1002, messageSentAt: 1000 },
        record,
      );
      expect(late).toMatchObject({ outcome: 'refused', record: { state: 'cancelled' } });
    });

    atOnce('two begins at once both count', async () => {
      const { store, job, ref } = fresh();
      const { record } = await store.accept(job('a'));
      await Promise.all(
        [1, 2, 3].map(() =>
          store.apply(ref('a'), { kind: 'begin', messageId: 'm', at: 1002, messageSentAt: 1000 }, record),
        ),
      );
      expect(await store.get(ref('a'))).toMatchObject({ state: 'running', attempts: 3, version: 4 });
    });

    it('what is not there is unknown', async () => {
      const { store, ref } = fresh();
      expect(await store.get(ref('nobody'))).toBeUndefined();
      expect(await store.apply(ref('nobody'), { kind: 'cancel', at: 1 })).toEqual({ outcome: 'unknown' });
    });

    it('a message without a record gets one, once', async () => {
      const { store, job, ref } = fresh();
      expect(await store.adopt(job('m'), 'm1')).toMatchObject({ state: 'running', attempts: 1 });
      expect(await store.adopt(job('m'), 'm1')).toBeUndefined();
      expect(await store.get(ref('m'))).toMatchObject({ state: 'running', attempts: 1 });
    });

    it('equal jobs of the window collapse, other tenants and contents do not', async () => {
      const { store, job } = fresh();
      const equal = (jobId: string, at: number, more: Partial<NewJob> = {}) =>
        store.accept(job(jobId, { payload: 'same', submittedAt: at, ...more }), { sameWithinSeconds: 60 });
      expect((await equal('a', 1000)).outcome).toBe('created');
      expect(await equal('b', 1059)).toMatchObject({ outcome: 'same', record: { jobId: 'a' } });
      expect((await equal('c', 1059, { payload: 'different' })).outcome).toBe('created');
      expect((await equal('d', 1059, { tenant: 'somebody-else' })).outcome).toBe('created');
      expect((await equal('e', 1060)).outcome).toBe('created');
      expect((await store.accept(job('f', { payload: 'same' }))).outcome).toBe('created');
    });

    atOnce('equal jobs at once become one', async () => {
      const { store, job, tenant } = fresh();
      await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          store.accept(job(`a${i}`, { payload: 'same' }), { sameWithinSeconds: 60 }),
        ),
      );
      expect((await store.list(tenant, 'queued')).jobs).toHaveLength(1);
    });

    it('a job that came to nothing does not stand in for a new one', async () => {
      const { store, job, ref } = fresh();
      const equal = (jobId: string, at: number) =>
        store.accept(job(jobId, { payload: 'same', submittedAt: at, expiresAt: 1030 }), { sameWithinSeconds: 600 });
      await equal('a', 1000);
      await store.apply(ref('a'), { kind: 'cancel', at: 1001 });
      expect((await equal('b', 1002)).outcome).toBe('created');
      expect((await equal('c', 1003)).outcome).toBe('same');
      expect((await equal('d', 1030)).outcome).toBe('created');
    });

    it('large texts lie in the bucket and read the same', async () => {
      const { store, job, ref } = fresh();
      const payload = 'ä'.repeat(60_000);
      const { record } = await store.accept(job('big', { payload }));
      expect(record.payload).toMatchObject({ bytes: 120_000 });
      expect(await store.read(record.payload)).toBe(payload);
      expect(await store.keepResult(ref('big'), 'x'.repeat(100_000))).toEqual({ inline: 'x'.repeat(100_000) });
    });

    it('lists one state of one tenant in pages, oldest or newest first', async () => {
      const { store, job, ref, tenant } = fresh();
      for (let i = 0; i < 7; i += 1) await store.accept(job(`j${i}`, { submittedAt: 1000 + i }));
      await store.apply(ref('j3'), { kind: 'cancel', at: 1010 });
      const pages = async (newestFirst: boolean): Promise<string[]> => {
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.list(tenant, 'queued', {
            limit: 2,
            newestFirst,
            ...(cursor === undefined ? {} : { cursor }),
          });
          ids.push(...page.jobs.map(({ jobId }) => jobId));
          cursor = page.cursor;
        } while (cursor !== undefined);
        return ids;
      };
      expect(await pages(false)).toEqual(['j0', 'j1', 'j2', 'j4', 'j5', 'j6']);
      expect(await pages(true)).toEqual(['j6', 'j5', 'j4', 'j2', 'j1', 'j0']);
      expect((await store.list(tenant, 'cancelled')).jobs.map(({ jobId }) => jobId)).toEqual(['j3']);
      expect((await store.list('somebody-else-again', 'queued')).jobs).toEqual([]);
    });

    it('refuses a cursor that is none', async () => {
      const { store, tenant } = fresh();
      for (const cursor of [
        '',
        'x',
        Buffer.from('[1]').toString('base64url'),
        Buffer.from('["a","b"]').toString('base64url'),
      ]) {
        await expect(store.list(tenant, 'queued', { cursor })).rejects.toThrow('cursor');
      }
    });

    it('counts what is queued', async () => {
      const { store, job, ref, queue } = fresh();
      await Promise.all([1, 2, 3, 4].map((i) => store.accept(job(`a${i}`))));
      await store.accept(job('a1'));
      expect(await store.backlog(queue)).toBe(4);
      await store.apply(ref('a1'), { kind: 'begin', messageId: 'm', at: 1001, messageSentAt: 1000 });
      await store.apply(ref('a2'), { kind: 'cancel', at: 1001 });
      await store.apply(ref('a3'), { kind: 'expire', at: 1_000_000 });
      expect(await store.backlog(queue)).toBe(1);
      await store.apply(ref('a1'), { kind: 'retry', at: 1002, error: { name: 'Error', message: 'no' } });
      expect(await store.backlog(queue)).toBe(2);
      expect(await store.backlog('nobody-ever-heard-of-it')).toBe(0);
    });

    it('knows who has jobs', async () => {
      const { store, job, tenant } = fresh();
      await store.accept(job('a'));
      expect(await store.tenants()).toContain(tenant);
    });

    it('refuses ids and tenants that could pass for something else', async () => {
      const { store, job } = fresh();
      const bad = ['', '.', '../x', 'a/b', 'a#b', 'a b', 'a\n', 'ä', 'x'.repeat(129), ':a'];
      for (const jobId of bad) await expect(store.accept(job(jobId))).rejects.toThrow('jobId');
      for (const tenant of [...bad, 'a:b']) await expect(store.accept(job('a', { tenant }))).rejects.toThrow('tenant');
    });
  });
};
