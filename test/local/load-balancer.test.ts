import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readListener, readLoadBalancer, readTargetGroup } from '../../lib/local/control-plane/read-load-balancer.ts';
import { checkHealth } from '../../lib/local/load-balancer/check-health.ts';
import { type ChosenTarget, type Front, startFront } from '../../lib/local/load-balancer/front.ts';

const server = createServer((request, response) => {
  if (request.url === '/cut') request.socket.destroy();
  if (request.url === '/cut' || request.url === '/never') return;
  response.writeHead(request.url === '/teapot' ? 418 : 200, { 'x-who': 'target' });
  request.pipe(response);
});
let port = 0;
let front: Front;
const told: string[] = [];
let heard: (() => void) | undefined;
const tell = (what: string): void => {
  told.push(what);
  heard?.();
};
const targetAt = (where: number): ChosenTarget => ({
  port: where,
  answered: (seconds, status) => tell(`answered ${status} ${seconds >= 0 && seconds < 5}`),
  unreachable: () => tell('unreachable'),
  abandoned: () => tell('abandoned'),
});
let chosen: (() => ChosenTarget | undefined) | undefined;

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  front = await startFront(() => chosen?.());
});
afterEach(() => {
  told.length = 0;
  chosen = undefined;
});
afterAll(async () => {
  await front.close();
  server.closeAllConnections();
  server.close();
});

describe('the door', () => {
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${front.port}${path}`, init);

  it('forwards method, body and headers, and tells what came of it once', async () => {
    chosen = () => targetAt(port);
    const response = await ask('/', { method: 'POST', body: 'a body' });
    expect([response.status, response.headers.get('x-who'), await response.text()]).toEqual([200, 'target', 'a body']);
    expect((await ask('/teapot')).status).toBe(418);
    await expect.poll(() => told).toEqual(['answered 200 true', 'answered 418 true']);
  });

  it('without a target it is 503', async () => {
    expect((await ask('/')).status).toBe(503);
    expect(told).toEqual([]);
  });

  it.each([
    ['nobody listens', '/', 1],
    ['the target breaks off', '/cut', undefined],
  ])('%s: 502', async (_, path, where) => {
    chosen = () => targetAt(where ?? port);
    expect((await ask(path)).status).toBe(502);
    await expect.poll(() => told).toEqual(['unreachable']);
  });

  it('a client that goes away leaves the target free', async () => {
    chosen = () => targetAt(port);
    const leaving = new AbortController();
    const asked = ask('/never', { signal: leaving.signal });
    const heardOf = new Promise<void>((resolve) => {
      heard = resolve;
    });
    setTimeout(() => leaving.abort(), 100);
    await expect(asked).rejects.toThrow();
    await heardOf;
    expect(told).toEqual(['abandoned']);
  });
});

describe('health checks', () => {
  const check = { path: '/', intervalSeconds: 5, timeoutSeconds: 0.2, healthyThreshold: 2, unhealthyThreshold: 2 };
  const good = [[200, 299]] as const;
  it.each([
    ['a good code', '/', true],
    ['another code', '/teapot', false],
    ['no answer in time', '/never', false],
    ['a broken connection', '/cut', false],
  ])('%s', async (_, path, result) => {
    expect(await checkHealth(port, { ...check, path, good })).toBe(result);
  });

  it('nobody listens', async () => {
    expect(await checkHealth(1, { ...check, good })).toBe(false);
  });
});

describe('what a template says', () => {
  const resource = (Properties: Record<string, unknown>) => ({ logicalId: 'It', Properties });
  const forward = { Type: 'forward', TargetGroupArn: 'tg' };

  it('is read with AWS’ defaults', () => {
    expect(readTargetGroup(resource({}))).toEqual({
      name: 'It',
      health: {
        path: '/',
        intervalSeconds: 30,
        timeoutSeconds: 5,
        healthyThreshold: 5,
        unhealthyThreshold: 2,
        good: [[200, 200]],
      },
      deregistrationDelaySeconds: 300,
    });
    const given = { Matcher: { HttpCode: '200,301-399' }, HealthCheckPath: '/up', HealthCheckIntervalSeconds: '7' };
    expect(readTargetGroup(resource(given)).health).toMatchObject({
      path: '/up',
      intervalSeconds: 7,
      good: [
        [200, 200],
        [301, 399],
      ],
    });
    expect(readListener(resource({ LoadBalancerArn: 'lb', DefaultActions: [forward] }))).toEqual({
      loadBalancer: 'lb',
      targetGroup: 'tg',
    });
  });

  it.each([
    ['a network load balancer', readLoadBalancer, { Type: 'network' }, 'It.Properties.Type: found "network"'],
    ['instances', readTargetGroup, { TargetType: 'instance' }, 'TargetType: found "instance"; expected ip'],
    ['TLS to targets', readTargetGroup, { Protocol: 'HTTPS' }, 'Protocol: found "HTTPS"'],
    [
      'stickiness',
      readTargetGroup,
      { TargetGroupAttributes: [{ Key: 'stickiness.enabled', Value: 'true' }] },
      'TargetGroupAttributes.0',
    ],
    [
      'an attribute of tomorrow',
      readTargetGroup,
      { TargetGroupAttributes: [{ Key: 'x', Value: '1' }] },
      'TargetGroupAttributes.0',
    ],
    ['a short interval', readTargetGroup, { HealthCheckIntervalSeconds: 1 }, 'from 5 to 300'],
    ['odd codes', readTargetGroup, { Matcher: { HttpCode: 'ok' } }, 'Matcher.HttpCode: found "ok"'],
    [
      'TLS at the door',
      readListener,
      { Protocol: 'HTTPS', LoadBalancerArn: 'lb', DefaultActions: [forward] },
      'Protocol: found "HTTPS"',
    ],
    [
      'a redirect',
      readListener,
      { LoadBalancerArn: 'lb', DefaultActions: [{ Type: 'redirect' }] },
      'one forward action',
    ],
    ['a property of tomorrow', readListener, { Wonder: 1 }, 'Wonder'],
  ])('%s is refused by name', (_, read, properties, message) => {
    expect(() => read(resource(properties))).toThrow(message);
  });
});
