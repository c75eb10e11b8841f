import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LambdaHost } from '../lambda/lambda-host.ts';
import { corsHeaders, isPreflight } from './cors.ts';
import { matchRoute } from './match-route.ts';
import { type LocalAnswer, toAnswer } from './to-answer.ts';
import { toEvent } from './to-event.ts';

/** AWS::ApiGatewayV2::Api, as far as it is modelled. */
export interface HttpApiSpec {
  readonly id: string;
  readonly name: string;
  readonly cors?: CorsSpec;
}

export interface CorsSpec {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

export interface RouteSpec {
  /** `GET /health`, `ANY /{proxy+}`, `$default`. */
  readonly routeKey: string;
  readonly auth: 'NONE' | 'AWS_IAM';
  readonly integrationId: string;
}

/** Where an API is, on this machine. */
export interface LocalHttpApi {
  readonly id: string;
  readonly name: string;
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
}

/** The HTTP APIs of a template: real HTTP on 127.0.0.1, payload 2.0 to the functions. */
export interface HttpApiHost {
  createApi(spec: HttpApiSpec): Promise<LocalHttpApi>;
  addIntegration(apiId: string, integrationId: string, functionName: string): void;
  addRoute(apiId: string, route: RouteSpec): void;
  /** All requests of a stage together, as its `DefaultRouteSettings` say. */
  throttle(apiId: string, limit: { readonly perSecond: number; readonly burst: number }): void;
  readonly apis: readonly LocalHttpApi[];
  stop(): Promise<void>;
}

/** API Gateway gives an integration half a minute, and a body ten megabytes. */
const integrationMs = 30_000;
const bodyBytesMost = 10_485_760;

export const createHttpApiHost = (lambda: () => LambdaHost): HttpApiHost => {
  const running = new Map<string, RunningApi>();
  const apiOf = (apiId: string): RunningApi => {
    const api = running.get(apiId);
    if (api === undefined) throw new Error(`no HTTP API ${apiId}`);
    return api;
  };
  return {
    createApi: async (spec) => {
      const api: RunningApi = { spec, integrations: new Map(), routes: [], url: '', server: createServer() };
      api.server.on('request', (request, response) => void serve(api, lambda, request, response));
      await new Promise<void>((resolve, reject) => {
        api.server.once('error', reject);
        api.server.listen(0, '127.0.0.1', resolve);
      });
      api.url = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
      running.set(spec.id, api);
      return { id: spec.id, name: spec.name, url: api.url };
    },
    addIntegration: (apiId, integrationId, functionName) => {
      apiOf(apiId).integrations.set(integrationId, functionName);
    },
    addRoute: (apiId, route) => void apiOf(apiId).routes.push(route),
    throttle: (apiId, limit) => {
      apiOf(apiId).bucket = { ...limit, tokens: limit.burst, atMs: Date.now() };
    },
    get apis() {
      return [...running.values()].map(({ spec, url }) => ({ id: spec.id, name: spec.name, url }));
    },
    stop: async () => {
      await Promise.all([...running.values()].map(({ server }) => closeServer(server)));
    },
  };
};

interface RunningApi {
  readonly spec: HttpApiSpec;
  readonly server: Server;
  readonly integrations: Map<string, string>;
  readonly routes: RouteSpec[];
  bucket?: { readonly perSecond: number; readonly burst: number; tokens: number; atMs: number };
  url: string;
}

const serve = async (
  api: RunningApi,
  lambda: () => LambdaHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const answer = await answerOf(api, lambda, request);
    const cors = api.spec.cors && corsHeaders(api.spec.cors, request);
    response.writeHead(answer.status, { ...answer.headers, ...cors });
    response.end(answer.body);
  } catch {
    // The client has gone, or its request broke off.
    response.destroy();
  }
};

const answerOf = async (api: RunningApi, lambda: () => LambdaHost, request: IncomingMessage): Promise<LocalAnswer> => {
  const body = await readBody(request);
  if (api.spec.cors !== undefined && isPreflight(request)) return { status: 204, headers: {}, body: '' };
  if (body === undefined) return message(413, 'Request Entity Too Large');
  const route = matchRoute(api.routes, request.method ?? 'GET', pathOf(request));
  if (route === undefined) return message(404, 'Not Found');
  if (!takeToken(api)) return message(429, 'Too Many Requests');
  const caller = route.auth === 'AWS_IAM' ? callerOf(request) : undefined;
  if (route.auth === 'AWS_IAM' && caller === undefined) return message(403, 'Forbidden');
  const functionName = api.integrations.get(route.integrationId);
  if (functionName === undefined) return message(500, 'Internal Server Error');
  const event = toEvent({ apiId: api.spec.id, route, request, body, ...(caller !== undefined && { caller }) });
  const result = await inTime(lambda().invoke(functionName, JSON.stringify(event)));
  if (result === undefined) return message(503, 'Service Unavailable');
  return result.ok ? toAnswer(result.payload) : message(500, 'Internal Server Error');
};

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?')[0] ?? '/';

/** What API Gateway itself answers; not problem+json, since no function was asked. */
const message = (status: number, text: string): LocalAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
});

/** Undefined: too long. It is read to its end all the same, so that the client hears the answer. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesMost) chunks.push(chunk);
  }
  return bytes > bodyBytesMost ? undefined : Buffer.concat(chunks);
};

/**
 * Signatures are not checked here: who signs is believed by the access key in the `Authorization` header, and
 * `x-sluice-local-caller: NAME` stands for a signature of the user NAME.
 */
const callerOf = (request: IncomingMessage): string | undefined => {
  const named = request.headers['x-sluice-local-caller'];
  if (typeof named === 'string' && /^[\w.@+=,-]{1,64}$/.test(named)) return named;
  return /^AWS4-HMAC-SHA256 .*Credential=([\w-]+)\//.exec(request.headers.authorization ?? '')?.[1];
};

const takeToken = ({ bucket }: RunningApi): boolean => {
  if (bucket === undefined) return true;
  const nowMs = Date.now();
  bucket.tokens = Math.min(bucket.burst, bucket.tokens + ((nowMs - bucket.atMs) * bucket.perSecond) / 1000);
  bucket.atMs = nowMs;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
};

const inTime = async <T>(work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), integrationMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
