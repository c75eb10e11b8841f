import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { localAccount } from '../client-environment.ts';
import type { RouteSpec } from './http-api-host.ts';

export interface LocalRequest {
  readonly apiId: string;
  readonly route: RouteSpec;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  /** IAM user. Absent: the route asks nobody. */
  readonly caller?: string;
}

/** A request as an event of payload format 2.0. */
export const toEvent = ({ apiId, route, request, body, caller }: LocalRequest): object => {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const { cookie, ...rest } = request.headers;
  const isText = isTextType(rest['content-type']);
  const now = new Date();
  const parameters = joined(new URLSearchParams(query));
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
    ),
    ...(Object.keys(parameters).length > 0 && { queryStringParameters: parameters }),
    requestContext: {
      accountId: localAccount,
      apiId,
      ...(caller !== undefined && {
        authorizer: {
          iam: {
            accessKey: caller,
            accountId: localAccount,
            callerId: caller,
            userArn: `arn:aws:iam::${localAccount}:user/${caller}`,
            userId: caller,
          },
        },
      }),
      domainName: request.headers.host ?? '127.0.0.1',
      domainPrefix: apiId,
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: isText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
};

/** What API Gateway hands on as text; everything else comes as base64. */
const isTextType = (type: string | undefined): boolean =>
  type !== undefined && /^(text\/|application\/(json|javascript|xml)|[^;]*\+(json|xml))/i.test(type);

const joined = (parameters: URLSearchParams): Readonly<Record<string, string>> => {
  const all = Map.groupBy(parameters, ([name]) => name);
  return Object.fromEntries([...all].map(([name, pairs]) => [name, pairs.map(([, value]) => value).join(',')]));
};

const splitOnce = (text: string, separator: string): readonly [string, string] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};
