import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import type { WorkerMetrics } from './worker-metrics.ts';
import { alive, type ProbeAnswer, ready, startedUp, type Vitals, type WorkerState } from './worker-state.ts';

export interface HealthServerParts {
  readonly port: number;
  readonly host: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly vitals: () => Vitals;
  readonly state: () => Promise<WorkerState>;
  readonly metrics: WorkerMetrics;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers `/health`, `/ready` and `/startup` (200 or 503), `/metrics` (Prometheus text) and `/stats` (JSON). */
export const startHealthServer = async (parts: HealthServerParts): Promise<HealthServer> => {
  const pages: Readonly<Record<string, (response: ServerResponse) => void | Promise<void>>> = {
    '/health': (response) => probe(response, alive(parts.vitals(), parts.clock.now())),
    '/ready': (response) => probe(response, ready(parts.vitals())),
    '/startup': (response) => probe(response, startedUp(parts.vitals())),
    '/metrics': async (response) =>
      answer(response, 200, parts.metrics.contentType, await parts.metrics.text(await parts.state())),
    '/stats': async (response) => answer(response, 200, json, JSON.stringify(await parts.state())),
  };
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) return answer(response, 404, json, JSON.stringify({ pages: Object.keys(pages) }));
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, json, '{}');
    Promise.resolve(page(response)).catch(() => answer(response, 500, json, '{}'));
  });
  await listening(server, parts.port, parts.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const json = 'application/json; charset=utf-8';

const probe = (response: ServerResponse, { ok, why }: ProbeAnswer): void =>
  answer(response, ok ? 200 : 503, json, JSON.stringify({ ok, why }));

const answer = (response: ServerResponse, status: number, contentType: string, body: string): void => {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
};

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
