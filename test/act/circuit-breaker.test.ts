import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakCircuits, CircuitOpen } from '../../lib/act/break-circuits.ts';
import { admit, type Circuit, closedCircuit, failed, succeeded } from '../../lib/model/circuit-breaker.ts';

const times = (n: number, circuit: Circuit, step: (circuit: Circuit) => Circuit): Circuit =>
  Array.from({ length: n }).reduce<Circuit>((current) => step(current), circuit);

describe('a circuit', () => {
  it('opens at the fifth failure in a row, for 30 s', () => {
    expect(
      admit(
        times(4, closedCircuit, (c) => failed(c, 100)),
        100,
      ),
    ).toBeDefined();
    const open = times(5, closedCircuit, (c) => failed(c, 100));
    expect(admit(open, 129.9)).toBeUndefined();
    expect(admit(open, 130)).toBeDefined();
  });

  it('counts failures in a row: a success between them starts anew', () => {
    const nearly = times(4, closedCircuit, (c) => failed(c, 100));
    expect(
      admit(
        times(4, succeeded(nearly), (c) => failed(c, 101)),
        101,
      ),
    ).toBeDefined();
  });

  it('lets three probes through when half open, and closes when all three succeed', () => {
    let circuit = times(5, closedCircuit, (c) => failed(c, 0));
    for (let probe = 0; probe < 3; probe++) circuit = admit(circuit, 30) ?? closedCircuit;
    expect(admit(circuit, 30)).toBeUndefined();
    expect(times(3, circuit, succeeded)).toEqual(closedCircuit);
    expect(times(2, circuit, succeeded)).not.toEqual(closedCircuit);
  });

  it('opens for 60 s when a probe fails', () => {
    const halfOpen = admit(
      times(5, closedCircuit, (c) => failed(c, 0)),
      30,
    ) as Circuit;
    const again = failed(halfOpen, 31);
    expect(admit(again, 90.9)).toBeUndefined();
    expect(admit(again, 91)).toBeDefined();
  });

  it('is always asked again within 60 s, whatever happened', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ ok: fc.boolean(), gap: fc.integer({ min: 0, max: 40 }) }), { maxLength: 60 }),
        (calls) => {
          let circuit = closedCircuit;
          let now = 1000;
          for (const { ok, gap } of calls) {
            now += gap;
            const admitted = admit(circuit, now);
            if (admitted === undefined) expect(circuit.openUntil - now).toBeLessThanOrEqual(60);
            else circuit = ok ? succeeded(admitted) : failed(admitted, now);
          }
          expect(admit(circuit, now + 60)).toBeDefined();
        },
      ),
      { seed: 42 },
    );
  });
});

describe('circuits around a client', () => {
  it('stop calls to the broken queue only, count no errors of the caller’s, and probe again', async () => {
    let calls = 0;
    let healthy = false;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        calls++;
        const broken = body.includes('/broken') && !healthy;
        const missing = body.includes('/missing');
        response.writeHead(broken ? 500 : missing ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(missing ? '{"__type":"QueueDoesNotExist"}' : '{"Attributes":{}}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sqs = new SQSClient({
      region: 'us-east-1',
      endpoint: url,
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    let now = 0;
    breakCircuits(sqs, 'SQS', { now: () => now });
    const ask = (queue: string) =>
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: `${url}/0/${queue}` })).then(
        () => 'ok',
        (error: Error) => error,
      );
    try {
      for (let i = 0; i < 5; i++) expect(await ask('broken')).toMatchObject({ $metadata: { httpStatusCode: 500 } });
      const before = calls;
      const stopped = await ask('broken');
      expect(stopped).toBeInstanceOf(CircuitOpen);
      expect((stopped as Error).message).toContain('/0/broken) failed 5 times in a row; it is asked again in 30 s');
      expect(calls).toBe(before);
      expect(await ask('fine')).toBe('ok');
      for (let i = 0; i < 6; i++) expect(await ask('missing')).not.toBeInstanceOf(CircuitOpen);
      healthy = true;
      now = 30;
      expect(await ask('broken')).toBe('ok');
    } finally {
      sqs.destroy();
      server.close();
    }
  });
});
