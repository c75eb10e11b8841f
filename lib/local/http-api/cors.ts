import type { IncomingMessage } from 'node:http';
import type { CorsSpec } from './http-api-host.ts';

export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/** None for an origin that is not allowed: its browser then keeps the answer from the page. */
export const corsHeaders = (cors: CorsSpec, request: IncomingMessage): Readonly<Record<string, string>> => {
  const { origin } = request.headers;
  if (origin === undefined || !(cors.allowOrigins.includes('*') || cors.allowOrigins.includes(origin))) return {};
  return {
    'access-control-allow-origin': origin,
    ...(cors.exposeHeaders.length > 0 && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
    ...(isPreflight(request) && {
      'access-control-allow-methods': cors.allowMethods.join(','),
      'access-control-allow-headers': cors.allowHeaders.join(','),
      ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
    }),
  };
};
