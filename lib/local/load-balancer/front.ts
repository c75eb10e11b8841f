import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Seconds } from '../../model/units.ts';

/** A target that was chosen for a request, with what has to be told about it: exactly one of the three, once. */
export interface ChosenTarget {
  readonly port: number;
  /** `seconds`: from sending the request to the first byte of the answer. */
  answered(seconds: Seconds, status: number): void;
  unreachable(): void;
  /** The client went away first. */
  abandoned(): void;
}

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/** AWS' idle timeout. */
const idleMs = 60_000;

/** The door of a load balancer: forwards each HTTP request to the target that `choose` names. */
export const startFront = async (choose: () => ChosenTarget | undefined): Promise<Front> => {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const target = choose();
    if (target === undefined) answerPlainly(response, 503);
    else forward(agent, target, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
};

const forward = (agent: Agent, target: ChosenTarget, request: IncomingMessage, response: ServerResponse): void => {
  const sentAtMs = performance.now();
  const tell = once();
  const outgoing = send({
    agent,
    host: '127.0.0.1',
    port: target.port,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request),
    timeout: idleMs,
  });
  outgoing.on('response', (incoming) => {
    const seconds = (performance.now() - sentAtMs) / 1000;
    const status = incoming.statusCode ?? 502;
    response.writeHead(status, incoming.headers);
    incoming.pipe(response);
    // Until the last byte the target is busy with it.
    response.once('close', () => tell(() => target.answered(seconds, status)));
    incoming.once('error', () => response.destroy());
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
  outgoing.on('error', () => {
    tell(() => target.unreachable());
    if (!response.headersSent) answerPlainly(response, 502);
    else response.destroy();
  });
  response.once('close', () => {
    if (!response.writableFinished) outgoing.destroy();
    if (!response.headersSent) tell(() => target.abandoned());
  });
  request.on('error', () => outgoing.destroy());
  request.pipe(outgoing);
};

const forwardedHeaders = (request: IncomingMessage): IncomingMessage['headers'] => ({
  ...request.headers,
  'x-forwarded-for': [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', '),
  'x-forwarded-proto': 'http',
  'x-forwarded-port': String(request.socket.localPort),
});

const answerPlainly = (response: ServerResponse, status: 502 | 503): void => {
  const text = status === 503 ? '503 Service Temporarily Unavailable' : '502 Bad Gateway';
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
};

const once = (): ((tell: () => void) => void) => {
  let told = false;
  return (tell) => {
    if (told) return;
    told = true;
    tell();
  };
};
