import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from 'vitest';
import { credentials, region, startTestPlane, type TestPlane } from './control-plane-fixtures/start-test-plane.ts';

let open: TestPlane | undefined;
const start = async (...options: Parameters<typeof startTestPlane>): Promise<TestPlane> => {
  open = await startTestPlane(...options);
  return open;
};
afterEach(async () => {
  await open?.plane.close();
  open = undefined;
});

const scale = (plane: TestPlane, service: string, desiredCount: number): Promise<unknown> =>
  new ECSClient({ region, credentials, endpoint: plane.plane.url }).send(
    new UpdateServiceCommand({ cluster: 'main', service, desiredCount }),
  );

const readMetric = async (cloud: TestPlane, MetricName: string, service: string): Promise<number | undefined> => {
  const Dimensions = [
    { Name: 'ClusterName', Value: 'main' },
    { Name: 'ServiceName', Value: service },
  ];
  const Metric = { Namespace: 'AWS/ECS', MetricName, Dimensions };
  const { MetricDataResults } = await new CloudWatchClient({ region, credentials, endpoint: cloud.plane.url }).send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
    }),
  );
  return MetricDataResults?.[0]?.Values?.[0];
};

describe('a task is a process', () => {
  test('it starts after the start-up delay, with its own agent and an environment made from nothing', async () => {
    process.env.AWS_PROFILE = 'must-not-leak';
    const cloud = await start();
    const service = cloud.service('Plain');
    const ready = await cloud.line('ready', service);
    delete process.env.AWS_PROFILE;
    const task = cloud.plane.ecs.tasks()[0];
    expect(task).toMatchObject({ service, lastStatus: 'RUNNING', pid: ready.pid, cpu: 256, memoryMiB: 512 });
    expect(ready.leaked).toBeUndefined();
    expect(ready.metadata).toMatchObject({
      Cluster: 'arn:aws:ecs:us-east-1:000000000000:cluster/main',
      TaskARN: task?.arn,
      Family: 'PlainTask',
      Revision: '1',
      DesiredStatus: 'RUNNING',
      KnownStatus: 'RUNNING',
      Limits: { CPU: 0.25, Memory: 512 },
      CreatedAt: expect.stringMatching(/Z$/),
      PullStartedAt: expect.stringMatching(/Z$/),
      PullStoppedAt: expect.stringMatching(/Z$/),
      Containers: [expect.objectContaining({ Name: 'worker' })],
    });
  });

  test('scale-in sends SIGTERM; who obeys stops with its own exit code', async () => {
    const cloud = await start();
    const service = cloud.service('Obeys');
    await cloud.line('ready', service);
    await scale(cloud, service, 0);
    const gone = await cloud.until('the end', () => cloud.plane.ecs.tasks().find((t) => t.lastStatus === 'STOPPED'));
    expect(gone).toMatchObject({ exitCode: 0, stopCode: 'ServiceSchedulerInitiated' });
    expect(cloud.lines.map((line) => line.event)).toEqual(['ready', 'sigterm']);
  });

  test('who ignores SIGTERM gets SIGKILL after the stop timeout', async () => {
    const cloud = await start();
    const service = cloud.service('Stubborn', { ON_TERM: 'ignore' }, { stopTimeout: 2 });
    await cloud.line('ready', service);
    await scale(cloud, service, 0);
    const gone = await cloud.until('the end', () => cloud.plane.ecs.tasks().find((t) => t.lastStatus === 'STOPPED'));
    expect(gone.exitCode).toBe(137);
    expect((gone.stoppedAt ?? 0) - (gone.stoppingAt ?? 0)).toBeGreaterThanOrEqual(1.9);
  });

  test('a killed worker is replaced', async () => {
    const cloud = await start();
    const service = cloud.service('Killed');
    const first = await cloud.line('ready', service);
    expect(cloud.plane.ecs.killTask(first.task.id, 'SIGKILL')).toBe(true);
    await cloud.until('a second one', () => cloud.lines.filter((line) => line.event === 'ready').length === 2);
    const [old, fresh] = cloud.plane.ecs.tasks();
    expect(old).toMatchObject({ lastStatus: 'STOPPED', exitCode: 137, stopCode: 'EssentialContainerExited' });
    expect(fresh).toMatchObject({ lastStatus: 'RUNNING' });
  });

  test('protection from inside holds scale-in back; a stopping task gets none', async () => {
    const cloud = await start();
    const service = cloud.service('Protected', { PROTECT: 'yes', ON_TERM: 'protect' });
    const ready = await cloud.line('ready', service);
    await scale(cloud, service, 0);
    expect(cloud.plane.ecs.services()[0]).toMatchObject({ desiredCount: 0, runningCount: 1, protectedCount: 1 });
    await fetch(`${cloud.plane.url}/agent/${ready.task.id}/task-protection/v1/state`, {
      method: 'PUT',
      body: '{"ProtectionEnabled":false}',
    });
    const refused = await cloud.line('refused', service);
    expect(refused.answer).toMatchObject({ status: 400, failure: { Reason: 'DEPLOYMENT_BLOCKED' } });
  });

  test('CPU time is measured and published relative to the size of the task', async () => {
    const cloud = await start({ metricPeriodSeconds: 2 });
    const service = cloud.service(
      'Burner',
      {},
      {
        metadata: {
          'sluice:local': {
            command: [
              'node',
              '-e',
              'setInterval(() => { const end = Date.now() + 40; while (Date.now() < end); }, 80)',
            ],
          },
        },
      },
    );
    const task = await cloud.until('usage', () => cloud.plane.ecs.tasks().find((t) => t.cpuSeconds > 0.5));
    expect(task.service).toBe(service);
    expect(task.rssMiB).toBeGreaterThan(20);
    await expect
      .poll(() => readMetric(cloud, 'CPUUtilization', service), { timeout: 8000, interval: 200 })
      .not.toBeUndefined();
    // Half a core burnt on a quarter vCPU.
    expect(await readMetric(cloud, 'CPUUtilization', service)).toBeGreaterThan(50);
    expect(await readMetric(cloud, 'MemoryUtilization', service)).toBeGreaterThan(4);
  });

  test('a command that is not Node runs, is measured and is killed with all that it started', async () => {
    const cloud = await start();
    cloud.service(
      'Shell',
      {},
      {
        metadata: {
          'sluice:local': { command: ['sh', '-c', 'sleep 300 & echo "{\\"event\\":\\"child\\",\\"pid\\":$!}"; wait'] },
        },
      },
    );
    const child = await cloud.line('child', 'Shell');
    await cloud.until('memory', () => cloud.plane.ecs.tasks().find((t) => t.rssMiB > 0));
    await cloud.plane.close();
    open = undefined;
    expect(isAlive(child.pid)).toBe(false);
  });

  test('an entry that does not build fails to start, with the reason', async () => {
    const cloud = await start();
    cloud.service('Broken', {}, { metadata: { 'sluice:local': { entry: 'nowhere.ts' } } });
    const failed = await cloud.until('failure', () => cloud.plane.ecs.tasks().find((t) => t.stopCode !== undefined));
    expect(failed).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringContaining('nowhere.ts'),
    });
    expect(cloud.plane.ecs.services()[0]?.failedTasks).toBeGreaterThan(0);
  });

  test('close leaves no child behind, not even one that ignores SIGTERM under protection', async () => {
    const cloud = await start({ closeGraceSeconds: 0.5 });
    const service = cloud.service('Last', { ON_TERM: 'ignore', PROTECT: 'yes' }, { service: { DesiredCount: 2 } });
    await cloud.until('both', () => cloud.lines.filter((line) => line.event === 'ready').length === 2);
    await cloud.plane.close();
    open = undefined;
    expect(cloud.lines.filter((l) => l.task.service === service).map(({ pid }) => isAlive(pid))).not.toContain(true);
    expect(cloud.plane.ecs.tasks().map((task) => task.lastStatus)).toEqual(['STOPPED', 'STOPPED']);
  });
});

test('the death of the host by SIGKILL leaves no worker behind, not even one in an endless loop', async () => {
  const host = spawn(process.execPath, [`${import.meta.dirname}/control-plane-fixtures/host.ts`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const pids: number[] = [];
  for await (const line of createInterface({ input: host.stdout })) {
    pids.push(...JSON.parse(line).pids);
    if (pids.length >= 3) break;
  }
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  const gone = once(host, 'exit');
  host.kill('SIGKILL');
  await gone;
  await expect.poll(() => pids.filter(isAlive), { timeout: 5000, interval: 20 }).toEqual([]);
});

/** A zombie, which only waits for its parent to look, is dead. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};
