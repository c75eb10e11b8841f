import type { IncomingMessage, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** DynamoDB on a port of this machine. */
export interface DynamoDbEmulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The package has no types. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { readonly createTableMs: number }) => Server;

/** Starts dynalite in memory on a free port of 127.0.0.1. It has no transactions, no TTL and no `ALL_OLD` on a failed condition. */
export const startDynamoDb = async (): Promise<DynamoDbEmulator> => {
  const server = dynalite({ createTableMs: 0 });
  server.prependListener('request', survivesBrokenRequests);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** dynalite throws on a request's error, so that a worker killed in mid-upload would take the whole local cloud with it. */
const survivesBrokenRequests = (request: IncomingMessage): void => {
  const on = request.on.bind(request);
  const guarded = (event: string, listener: () => void) => on(event, event === 'error' ? () => undefined : listener);
  request.on = guarded as typeof request.on;
};
