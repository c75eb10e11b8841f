import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { functionFolder } from '../../lib/constructs/code/function-code.ts';

const invoke = `
  const { handler } = await import(process.env.BUNDLE);
  const context = { functionName: 'tick', getRemainingTimeInMillis: () => 20_000 };
  await handler({ shard: '0', scheduledAt: new Date().toISOString() }, context).catch(() => {});
  console.log('handler takes', handler.length);
`;

// What the constructs hand over (environment, credentials, nothing else) must be enough for the bundle to do its work.
test('the tick bundle loads as in Lambda, and its calls are signed with the credentials of its environment', async () => {
  const calls: object[] = [];
  const server = createServer((request, response) => {
    calls.push({ target: request.headers['x-amz-target'], authorization: request.headers.authorization });
    response.setHeader('content-type', 'application/x-amz-json-1.1').end('{"Parameters":[]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', invoke], {
      env: {
        BUNDLE: pathToFileURL(join(functionFolder('tick'), 'index.mjs')).href,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        SLUICE_STAGE: 'demo',
        SLUICE_TABLE: 'table',
        SLUICE_PARAMETER_PATH: '/sluice/demo/',
        SLUICE_TICK_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/ticks',
        SLUICE_CONFIG_HASH: '0',
        POWERTOOLS_SERVICE_NAME: 'sluice-tick',
        POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
      },
    });
    // Node 24 in Lambda refuses a third parameter: it takes it for a callback.
    expect(stdout).toContain('handler takes 2');
  } finally {
    server.close();
  }
  expect(calls[0]).toEqual({
    target: 'AmazonSSM.GetParametersByPath',
    authorization: expect.stringContaining('Credential=AKIDEXAMPLE/'),
  });
});
