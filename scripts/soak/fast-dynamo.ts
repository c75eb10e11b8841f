import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDbEmulator } from '../../lib/local/emulators/start-dynamodb.ts';
import { MemoryDynamo } from '../../test/jobs/dynamo/memory-dynamo.ts';

const prefix = 'DynamoDB_20120810.';

export interface FastDynamo extends DynamoDbEmulator {
  /** The jobs table. */
  readonly jobs: MemoryDynamo;
}

/**
 * DynamoDB whose jobs table is in this process: the emulator takes some 300 writes a second to a table with an index,
 * and 100,000 jobs need a million. Every other table is the emulator's.
 */
export const fastDynamo = async (emulator: DynamoDbEmulator): Promise<FastDynamo> => {
  const jobs = new MemoryDynamo();
  const server = createServer((request, response) => {
    request.on('error', () => undefined);
    void answer(jobs, emulator, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    jobs,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await emulator.stop();
    },
  };
};

const answer = async (
  jobs: MemoryDynamo,
  emulator: DynamoDbEmulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const target = String(request.headers['x-amz-target']);
  const input = JSON.parse(body.toString()) as { readonly TableName?: string };
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  if (!/Jobs/.test(input.TableName ?? '')) {
    const {
      'x-amz-target': _,
      host: _host,
      connection: _connection,
      'content-length': _length,
      ...rest
    } = request.headers;
    const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
    const passed = await fetch(emulator.endpoint, {
      method: 'POST',
      body,
      headers: { ...headers, 'x-amz-target': target },
    });
    response.statusCode = passed.status;
    response.end(Buffer.from(await passed.arrayBuffer()));
    return;
  }
  try {
    const operation = target.slice(prefix.length);
    const table = { TableName: input.TableName, TableStatus: 'ACTIVE' };
    if (operation === 'CreateTable') response.end(JSON.stringify({ TableDescription: table }));
    else if (operation === 'DescribeTable') response.end(JSON.stringify({ Table: table }));
    else response.end(JSON.stringify(jobs.call(operation, input)));
  } catch (error) {
    response.statusCode = error instanceof ConditionalCheckFailedException ? 400 : 500;
    response.end(
      JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${(error as Error).name}`, message: String(error) }),
    );
  }
};
