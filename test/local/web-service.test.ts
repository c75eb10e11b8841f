import { rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootEmulators, type LocalCloud, startLocalCloud, synthesise } from '../../lib/local/local-cloud.ts';

/**
 * Goal: services without a queue scale on what is measured of them, on the real path: processes → models → CloudWatch →
 * the bundled tick function → ECS. Method: seconds for CloudWatch's minutes, real requests through the load balancer.
 */
const project = fileURLToPath(new URL('../..', import.meta.url));
const outdir = `${project}.build/test-web-${process.pid}`;
const quietFile = `${outdir}-quiet`;
const patience = { timeout: 40_000, interval: 200 };

let cloud: LocalCloud;
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

beforeAll(async () => {
  const emulators = bootEmulators();
  const assemblyDir = await synthesise({
    app: fileURLToPath(new URL('./fixtures/web/app.ts', import.meta.url)),
    outdir,
    context: { quietFile },
  });
  cloud = await startLocalCloud({
    assemblyDir,
    emulators: await emulators,
    projectDirectory: project,
    startDelaySeconds: { median: 0.1, p95: 0.2 },
    seed: 1,
    metricPeriodSeconds: 1,
    healthCheckSeconds: 0.3,
  });
}, 60_000);
afterAll(async () => {
  agent.destroy();
  await cloud?.stop();
  for (const path of [outdir, quietFile]) rmSync(path, { recursive: true, force: true });
}, 30_000);

const service = (name: string) => cloud.controlPlane.ecs.services().find((one) => one.name === name);
const healthy = () => cloud.controlPlane.elb.targets().filter(({ status }) => status === 'healthy');
const request = (path: string): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    get(`${cloud.resources.loadBalancerUrl('webBalancer')}${path}`, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });

/** Requests at a steady rate until told to stop; resolves with every answer's status. */
const traffic = (perSecond: number): { stop(): Promise<readonly number[]> } => {
  const answers: Promise<number>[] = [];
  const timer = setInterval(() => {
    for (let i = 0; i < perSecond / 20; i += 1) answers.push(request('/').then(({ status }) => status));
  }, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.all(answers);
    },
  };
};

describe('a service behind a load balancer', () => {
  it('is reached through its door once a target is healthy', async () => {
    await expect.poll(() => healthy().length, patience).toBe(1);
    expect(await request('/')).toMatchObject({ status: 200, body: expect.stringMatching(/^\d+$/) });
    expect((await request('/broken')).status).toBe(500);
  });

  it('scales out on requests per second, and in again when they end; no request is lost on the way', async () => {
    const load = traffic(60);
    await expect.poll(() => service('web')?.desiredCount, patience).toBeGreaterThanOrEqual(3);
    await expect.poll(() => healthy().length, patience).toBeGreaterThanOrEqual(3);
    const pids = new Set<string>();
    while (pids.size < 3) pids.add((await request('/')).body);
    const statuses = await load.stop();
    expect(new Set(statuses)).toEqual(new Set([200]));
    await expect.poll(() => service('web')?.desiredCount, patience).toBe(1);
    await expect.poll(() => cloud.controlPlane.elb.targets().length, patience).toBe(1);
  }, 90_000);

  it('a request that a stopping task still works on is answered', async () => {
    await request('/sessions/250');
    await expect.poll(() => healthy().length, patience).toBeGreaterThanOrEqual(3);
    const slow = Array.from({ length: 6 }, () => request('/slow'));
    await Promise.all(healthy().map(({ port }) => fetch(`http://127.0.0.1:${port}/sessions/1`)));
    await expect.poll(() => service('web')?.desiredCount, patience).toBe(1);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  }, 90_000);

  it('its figures are in CloudWatch under the names that AWS gives them', async () => {
    const cloudWatch = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: cloud.endpoints.AWS_ENDPOINT_URL ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const [target] = cloud.controlPlane.elb.targets();
    const loadBalancer = cloud.resources.all.find(({ type }) => type.endsWith('::LoadBalancer'))?.attributes
      ?.LoadBalancerFullName;
    const query = (Id: string, MetricName: string, Stat: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/ApplicationELB',
          MetricName,
          Dimensions: [
            { Name: 'LoadBalancer', Value: loadBalancer },
            { Name: 'TargetGroup', Value: target?.targetGroup },
          ],
        },
        Period: 60,
        Stat,
      },
    });
    const figures = async () => {
      const { MetricDataResults = [] } = await cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(Date.now() - 300_000),
          EndTime: new Date(Date.now() + 60_000),
          MetricDataQueries: [
            query('errors', 'HTTPCode_Target_5XX_Count', 'Sum'),
            query('slowest', 'TargetResponseTime', 'Maximum'),
          ],
        }),
      );
      const values = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
      return {
        errors: values('errors').reduce((sum, value) => sum + value, 0),
        slow: Math.max(...values('slowest')) > 1.4,
      };
    };
    // The last requests are published with their period, a moment after they ended.
    await expect.poll(figures, { timeout: 20_000, interval: 200 }).toEqual({ errors: 1, slow: true });
    cloudWatch.destroy();
  });
});

describe('a service with nothing but its own work', () => {
  it('scales on the CPU that its processes use, out and in', async () => {
    await expect.poll(() => service('crunch')?.desiredCount, patience).toBe(3);
    writeFileSync(quietFile, '');
    await expect.poll(() => service('crunch')?.desiredCount, patience).toBe(1);
  }, 90_000);
});
