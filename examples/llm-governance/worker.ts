import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { reportSignals } from '../../lib/worker/beacon/report-signals.ts';
import { createTally } from './tally.ts';

const tally = createTally();
const { stop } = reportSignals({ signals: tally.signals });

// Stands in for a model call: one answer in five comes from the cache at once.
const server = createServer(async (_, response) => {
  const startedAt = performance.now();
  const cached = Math.random() < 0.2;
  if (!cached) await delay(50 + 100 * Math.random());
  response.end('{"allowed":true}');
  tally.answered({ milliseconds: performance.now() - startedAt, failed: false, cached });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');

// Without a load balancer in front, some requests of its own a second.
const ownRequests = Number(process.env.OWN_REQUESTS ?? 0);
const ask = (): void => {
  const address = server.address();
  if (address !== null && typeof address === 'object')
    void fetch(`http://127.0.0.1:${address.port}/`).catch(() => undefined);
};
const asking = ownRequests > 0 ? setInterval(ask, 1000 / ownRequests) : undefined;

process.once('SIGTERM', () => {
  clearInterval(asking);
  stop();
  server.close();
});
