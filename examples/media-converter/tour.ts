import { setTimeout as sleep } from 'node:timers/promises';
import type { Tour, TourAnswer, TourApi } from '../../lib/cli/start/tour.ts';
import type { TourStep } from '../../lib/report/run/run-record.ts';

const queue = 'convert';
const conversion = (name: string, more: object = {}, type = 'convert') => ({
  type,
  payload: { url: `https://example.com/${name}.wav`, seconds: 0.3, ...more },
});

/** What the job API does for its clients, one thing after the other, on the jobs of this run. */
export const tour: Tour = async function* (api) {
  const visitor = await api.client('visitor');
  const post = (path: string, body?: unknown, tenant = 'visitor') => api.request(tenant, 'POST', path, body);

  const first = await post('/jobs', conversion('first'));
  const firstId = String(first.body.jobId);
  const done = await visitor.waitFor(firstId, { everySeconds: 0.5, signal: api.signal });
  const result = await visitor.result(firstId);
  yield {
    name: 'submit, status, result',
    ok: first.status === 202 && done.state === 'done' && 'result' in result,
    text: `${first.status} ${first.body.state}, to start at ${first.body.estimatedStartAt}; then ${done.state}: ${JSON.stringify('result' in result ? result.result : result)}`,
  };

  const again = await post('/jobs', conversion('first'));
  yield {
    name: 'equal jobs collapse',
    ok: again.status === 200 && again.body.outcome === 'same' && again.body.jobId === firstId,
    text: `the same submission again: ${again.status} "${again.body.outcome}", the same job`,
  };

  const stranger = await api.request('stranger', 'GET', `/jobs/${firstId}`);
  yield {
    name: 'tenants',
    ok: stranger.status === 404,
    text: `another client asks for it: ${stranger.status}`,
  };

  yield await rateLimit(api);

  // The source is there from then on; until then the job fails for good.
  const availableAt = Date.now() / 1000 + 15;
  const { jobId } = await visitor.submit('convert', conversion('late', { availableAt }).payload);
  const failed = await visitor.waitFor(jobId, { everySeconds: 0.5, signal: api.signal });
  const dead = await api.deadLetters(queue);
  yield {
    name: 'dead letters',
    ok: failed.state === 'failed' && dead === 1,
    text: `a job whose source is missing: ${failed.state} ("${failed.error?.message}"), ${dead} in the dead-letter queue`,
  };

  const some = await fill(api, 600);
  const brief = await post('/jobs', { ...conversion('brief', {}, 'bulk'), expiresInSeconds: 1 });
  const unwanted = await post('/jobs', conversion('unwanted', {}, 'bulk'));
  const cancelled = await post(`/jobs/${unwanted.body.jobId}/cancel`);
  yield {
    name: 'cancel',
    ok: cancelled.body.state === 'cancelled',
    text: `a job that waits is taken back: ${cancelled.status} ${cancelled.body.state}`,
  };

  const rest = await fill(api, Number.POSITIVE_INFINITY, some.clients);
  const { full } = rest;
  yield {
    name: 'back-pressure',
    ok: full !== undefined && Number(full.retryAfterSeconds) > 0 && Number(full.queued) >= 1000,
    text: `with ${full?.queued} jobs waiting: 429 queue-full, Retry-After ${full?.retryAfterSeconds} s by the forecast`,
  };

  const expired = await visitor.waitFor(String(brief.body.jobId), { everySeconds: 0.5, signal: api.signal });
  yield {
    name: 'expiry',
    ok: expired.state === 'expired',
    text: `a job that had one second to begin: ${expired.state}`,
  };

  await sleep(Math.max(0, availableAt - Date.now() / 1000) * 1000, undefined, { signal: api.signal });
  await api.redrive(queue);
  while ((await visitor.status(jobId)).state === 'failed') await sleep(500, undefined, { signal: api.signal });
  const mended = await visitor.waitFor(jobId, { signal: api.signal });
  const left = await api.deadLetters(queue);
  yield {
    name: 'redrive',
    ok: mended.state === 'done' && left === 0,
    text: `sent back when the source was there: ${mended.state} at attempt ${mended.attempts}, ${left} dead letters left`,
  };

  const open = await untilAllEnded(api, ['visitor', ...some.clients, ...rest.clients]);
  yield {
    name: 'accounting',
    ok: open === 0,
    text: open === 0 ? 'every accepted job came to its end' : `${open} jobs did not end`,
  };
};

/** Jobs of a type that is none cost nothing but their count: 200 at once, and 100 a second. */
const rateLimit = async (api: TourApi): Promise<TourStep> => {
  const jobs = Array.from({ length: 25 }, () => ({ type: 'none' }));
  let asked = 0;
  let answer: TourAnswer;
  do {
    answer = await api.request('hasty', 'POST', '/jobs/batch', { jobs });
    asked += jobs.length;
  } while (answer.status !== 429 && asked < 2000);
  return {
    name: 'rate limit',
    ok: answer.status === 429 && Number(answer.retryAfterSeconds) > 0,
    text: `a client asks for ${asked} jobs at once: ${answer.status} rate-limited, Retry-After ${answer.retryAfterSeconds} s`,
  };
};

interface Filled {
  readonly clients: readonly string[];
  /** The first job that found no room. */
  readonly full?: { readonly [name: string]: unknown };
}

/** Clients come one after the other and submit what they may at once, until `jobs` are accepted or no more fit. */
const fill = async (api: TourApi, jobs: number, before: readonly string[] = []): Promise<Filled> => {
  const clients: string[] = [];
  for (let accepted = 0; accepted < jobs && clients.length < 12; ) {
    const tenant = `crowd${before.length + clients.length}`;
    clients.push(tenant);
    for (let batch = 0; batch < 8 && accepted < jobs; batch++) {
      const wanted = Array.from({ length: 25 }, (_, i) => conversion(`${tenant}-${batch}-${i}`, {}, 'bulk'));
      const { body } = await api.request(tenant, 'POST', '/jobs/batch', { jobs: wanted });
      const full = ((body.jobs ?? []) as readonly Record<string, unknown>[]).find(({ type }) => type === fullType);
      if (full !== undefined) return { clients, full };
      accepted += Number(body.accepted ?? 0);
    }
  }
  return { clients };
};

const fullType = 'urn:sluice:problem:queue-full';

/** Jobs that are neither done nor otherwise ended after a minute and a half. */
const untilAllEnded = async (api: TourApi, tenants: readonly string[]): Promise<number> => {
  const clients = await Promise.all(tenants.map((tenant) => api.client(tenant)));
  const giveUpAt = Date.now() + 90_000;
  for (;;) {
    const open = await Promise.all(
      clients.map(
        async (client) => (await client.list('queued')).jobs.length + (await client.list('running')).jobs.length,
      ),
    );
    const sum = open.reduce((total, jobs) => total + jobs, 0);
    if (sum === 0 || Date.now() > giveUpAt) return sum;
    await sleep(2000, undefined, { signal: api.signal });
  }
};
