import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { JobTracker, StartAnswer } from '../track/job-tracker.ts';

export interface SidecarParts {
  readonly tracker: JobTracker;
  readonly port: number;
  readonly clock: Clock;
}

export interface Sidecar {
  readonly port: number;
  close(): Promise<void>;
}

/** SQS keeps no message longer invisible. A worker that forgets `/jobs/end` must not keep its task for ever. */
const longestJobSeconds: Seconds = 43_200;
const bodyBytesMax = 65_536;

const job = z.object({
  jobId: z.string().min(1).max(256),
  queue: z.string().min(1).max(256).exactOptional(),
  jobType: z.string().min(1).max(256).exactOptional(),
  sentAt: z.number().positive().exactOptional(),
  receiveCount: z.int().positive().exactOptional(),
  expiresInSeconds: z.number().positive().max(longestJobSeconds).default(longestJobSeconds),
});
const end = z.object({ jobId: z.string(), outcome: z.enum(['done', 'failed']) });
const signals = z.record(z.string(), z.number());

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** The beacon and scale-in protection as plain HTTP on 127.0.0.1 (docs/worker.md, "Other languages"). */
export const startSidecar = async ({ tracker, port, clock }: SidecarParts): Promise<Sidecar> => {
  const running = new Map<
    string,
    { readonly end: (outcome: 'done' | 'failed') => void; readonly over: AbortController }
  >();

  const starting = new Set<string>();

  const finish = (jobId: string, outcome: 'done' | 'failed'): boolean => {
    const found = running.get(jobId);
    if (found === undefined) return false;
    running.delete(jobId);
    found.over.abort();
    found.end(outcome);
    return true;
  };
  const begin = async (input: unknown): Promise<Answer> => {
    const { jobId, jobType, expiresInSeconds, ...rest } = job.parse(input);
    if (running.has(jobId) || starting.has(jobId))
      return { status: 409, body: { run: false, why: 'this job is running here already' } };
    starting.add(jobId);
    const started: StartAnswer = await tracker
      .start({ ...rest, id: jobId, ...(jobType === undefined ? {} : { type: jobType }) })
      .finally(() => starting.delete(jobId));
    if (!started.run) return { status: 409, body: started };
    const over = new AbortController();
    running.set(jobId, { end: started.end, over });
    void clock.sleep(expiresInSeconds, over.signal).then(() => {
      if (!over.signal.aborted) finish(jobId, 'failed');
    });
    return { status: 200, body: { run: true } };
  };
  const routes: Readonly<Record<string, (input: unknown) => Answer | Promise<Answer>>> = {
    'POST /ready': async () => {
      await tracker.ready();
      return { status: 200, body: {} };
    },
    'POST /jobs/start': begin,
    'POST /jobs/end': (input) => {
      const { jobId, outcome } = end.parse(input);
      return finish(jobId, outcome)
        ? { status: 200, body: {} }
        : { status: 404, body: { why: 'no job of that id is running here' } };
    },
    'POST /signals': (input) => {
      tracker.report(signals.parse(input));
      return { status: 200, body: {} };
    },
    'GET /state': () => ({ status: 200, body: { active: tracker.active, draining: tracker.draining } }),
    'GET /health': () => ({ status: 200, body: {} }),
  };

  const server = createServer(async (request, response) => {
    const route = `${request.method} ${(request.url ?? '').split('?')[0]}`;
    const handle = Object.hasOwn(routes, route) ? routes[route] : undefined;
    const { status, body } = handle
      ? await answered(async () => handle(await inputOf(request)))
      : { status: 404, body: { routes: Object.keys(routes) } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answered = async (answer: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: { why: z.prettifyError(error) } };
    if (error instanceof SyntaxError || error instanceof RangeError)
      return { status: 400, body: { why: error.message } };
    return { status: 500, body: { why: String(error) } };
  }
};

const inputOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new RangeError(`the body is longer than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
};
