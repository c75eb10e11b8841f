import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answered {
  readonly kind: 'submit' | 'status' | 'health' | 'put' | 'get';
  readonly status: number;
  /** From the instant at which it was due. */
  readonly ms: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export const percentiles = (values: readonly number[]): Percentiles => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

/** What one client may do: 90 a second of its own, and ten of health and bare calls beside. */
export const allowedLoad = (url: string, key: string, seconds: number): Promise<readonly Answered[]> => {
  const kinds: readonly Answered['kind'][] = [
    ...['submit', 'status', 'status', 'submit', 'status', 'health', 'submit', 'put', 'status', 'get'],
  ] as const as readonly Answered['kind'][];
  return send(url, key, 100, seconds, (i) => kinds[i % kinds.length] ?? 'status');
};

export const overload = (url: string, key: string, seconds: number): Promise<readonly Answered[]> =>
  send(url, key, 300, seconds, () => 'submit');

const send = async (
  url: string,
  key: string,
  perSecond: number,
  seconds: number,
  kindOf: (i: number) => Answered['kind'],
): Promise<readonly Answered[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const known: string[] = [];
  const underway: Promise<Answered>[] = [];
  const startedMs = performance.now();
  for (let i = 0; i < perSecond * seconds; i++) {
    const dueMs = startedMs + (i * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    underway.push(ask(agent, url, key, kindOf(i), i, known, dueMs));
  }
  const answers = await Promise.all(underway);
  agent.destroy();
  return answers;
};

const ask = (
  agent: Agent,
  url: string,
  key: string,
  kind: Answered['kind'],
  i: number,
  known: string[],
  dueMs: number,
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const paths = {
      submit: '/jobs',
      status: `/jobs/${known[i % Math.max(1, known.length)] ?? 'j0'}`,
      health: '/health',
      put: '/bare',
      get: '/bare',
    };
    const outgoing = request(
      `${url}${paths[kind]}`,
      {
        agent,
        method: kind === 'submit' ? 'POST' : kind === 'put' ? 'PUT' : 'GET',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (kind === 'submit' && status === 202) known.push(String(JSON.parse(text).jobId));
          // Before the first job is known there is nothing to ask for.
          const counts = kind === 'status' && status === 404 && paths.status === '/jobs/j0' ? 200 : status;
          resolve({ kind, status: counts, ms: performance.now() - dueMs });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(
      kind === 'submit' ? JSON.stringify({ type: 'convert', payload: { n: i, url: 'a'.repeat(500) } }) : undefined,
    );
  });
