import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { CloudError } from '../../simulate/cloud/cloud-error.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface ServerRoutes {
  /** By the prefix of X-Amz-Target: AmazonEC2ContainerServiceV20141113, GraniteServiceVersion20100801, AmazonSSM. */
  readonly services: Readonly<Record<string, (operation: string, input: Fields) => Fields>>;
  /** Everything that is not an AWS call. Undefined: 404. */
  readonly agent: (method: string, path: string, body: Fields) => AgentAnswer | undefined;
}

export interface AgentAnswer {
  readonly status: number;
  readonly body: Fields;
}

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** Speaks AWS JSON 1.0 and 1.1 on a free port of 127.0.0.1. */
export const startServer = async (routes: ServerRoutes): Promise<Server> => {
  const server = createServer((request, response) => {
    // A task that is killed in mid-request must not take the host with it.
    request.on('error', () => response.destroy());
    void answer(routes, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answer = async (routes: ServerRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    const body = await readBody(request);
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') return send(request, response, 200, callService(routes, target, body));
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const reply = routes.agent(request.method ?? 'GET', path, body);
    if (reply) return send(request, response, reply.status, reply.body);
    throw new CloudError('UnknownOperationException', `${request.method} ${path} is not modelled here`);
  } catch (error) {
    sendError(request, response, error);
  }
};

const callService = (routes: ServerRoutes, target: string, input: Fields): Fields => {
  const [prefix = '', operation = ''] = target.split('.');
  const service = routes.services[prefix];
  if (service) return service(operation, input);
  throw new CloudError('UnknownOperationException', `the operation ${target} is not modelled here`);
};

const readBody = async (request: IncomingMessage): Promise<Fields> => {
  const raw = await buffer(request);
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new CloudError('UnknownOperationException', 'this protocol is not modelled here: the body is not JSON');
  }
};

const send = (request: IncomingMessage, response: ServerResponse, status: number, body: Fields): void => {
  const type = request.headers['content-type'] ?? 'application/json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
};

const sendError = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  const refused = error instanceof CloudError;
  const message = error instanceof Error ? error.message : String(error);
  if (response.destroyed || response.headersSent) return;
  send(request, response, refused ? 400 : 500, { __type: refused ? error.type : 'ServerException', message });
};
