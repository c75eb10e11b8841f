import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { define } from '../../lib/cli/backtest.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { type ControlPlane, startControlPlane } from '../../lib/local/control-plane.ts';
import { BadInput } from '../../lib/model/bad-input.ts';
import { historyText, parseHistory } from '../../lib/simulate/history/history-file.ts';
import { recordedPast } from '../simulate/history/recorded-past.ts';

/** Goal: from a past to a config that is good. Method: the program itself, on a file and on the local CloudWatch. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-backtest-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const past = recordedPast(8, 20, 5);
const history = file('past.csv', historyText(past.history));
const trace = file(
  'trace.csv',
  `second,jobs\n${Array.from({ length: 60 }, (_, i) => `${60 * i},${i % 20 < 5 ? 60 : 15}`).join('\n')}\n`,
);
let plane: ControlPlane;

beforeAll(async () => {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  plane = await startControlPlane({
    startDelaySeconds: { median: 0.1, p95: 0.2 },
    seed: 1,
    region: 'us-east-1',
    account: '000000000000',
    projectDirectory: process.cwd(),
    taskEnvironment: () => ({}),
  });
  vi.stubEnv('AWS_ENDPOINT_URL', plane.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await plane.close();
  rmSync(folder, { recursive: true });
});

const backtest = (...args: readonly string[]) =>
  new Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'backtest', ...args], {
      env: process.env,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });

describe('sluice backtest', () => {
  it('a recorded past: estimates, today, policies, a recommendation, and the config of it', async () => {
    const config = join(folder, 'sluice.config.json');
    const args = ['--history', history, '--policies', 'static,keda,slo', '--name', 'convert', '--write', config];
    const { status, stdout, stderr } = await backtest(...args, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const {
      estimates,
      policies,
      today,
      recommendation,
      trust,
      reach,
      runTimeRange,
      config: printed,
    } = JSON.parse(stdout);
    expect(estimates.serviceSeconds).toMatchObject({ from: 'in flight ÷ deleted' });
    expect(estimates.serviceSeconds.value).toBeCloseTo(past.jobs.workSeconds / past.jobs.count, 0);
    expect(Object.keys(policies).toSorted()).toEqual(['keda', 'slo', 'static', 'today']);
    // Today is KEDA, so its record in the simulator is what KEDA takes there.
    expect(policies.today.taskHours / policies.keda.taskHours).toBeCloseTo(1, 1);
    expect(today.taskHours / policies.today.taskHours).toBeCloseTo(1, 1);
    expect(recommendation).toMatchObject({ policy: 'slo', kept: true });
    expect(recommendation.saved.taskHours).toBeCloseTo(today.taskHours - recommendation.taskHours, 6);
    expect(reach).toHaveLength(5);
    expect(runTimeRange).toHaveLength(2);
    expect(trust.reasons.length).toBeGreaterThan(6);
    expect(JSON.parse(readFileSync(config, 'utf8'))).toEqual(printed);
    const { plans } = await loadConfig(config);
    expect(plans).toMatchObject([{ service: 'convert', mode: 'shadow', tasks: recommendation.tasks }]);
  });

  it('CloudWatch: the same from a queue and a service; --save keeps what it answered', async () => {
    const { at: first = 0 } = past.history[0] ?? {};
    const shift = Math.floor(Date.now() / 3600_000) * 3600 - 7 * 3600 - first;
    const recent = past.history.slice(0, 360);
    const put = (namespace: string, name: string, at: number, values: readonly number[]) =>
      plane.cloudwatch.putServiceMetric({
        namespace,
        name,
        dimensions: namespace === 'AWS/SQS' ? { QueueName: 'jobs' } : { ClusterName: 'prod', ServiceName: 'convert' },
        unit: 'Count',
        at: at + shift,
        values,
      });
    for (const { at, sent = 0, deleted = 0, visible = 0, inFlight = 0, running = 0 } of recent) {
      put('AWS/SQS', 'NumberOfMessagesSent', at, [sent]);
      put('AWS/SQS', 'NumberOfMessagesDeleted', at, [deleted]);
      put('AWS/SQS', 'ApproximateNumberOfMessagesVisible', at, [visible]);
      if (inFlight > 0) put('AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', at, [inFlight]);
      if (running > 0) put('AWS/ECS', 'CPUUtilization', at, new Array<number>(Math.round(running)).fill(50));
    }
    const saved = join(folder, 'saved.csv');
    const names = ['--queue', 'jobs', '--cluster', 'prod', '--ecs-service', 'convert', '--days', '1'];
    const { status, stdout, stderr } = await backtest(
      ...names,
      '--policies',
      'slo',
      '--quick',
      '--save',
      saved,
      '--json',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document.history).toMatchObject({ label: 'queue jobs', tasksFrom: 'CPU samples', metricsAsked: 8 });
    expect(document.policies.today.taskHours).toBeGreaterThan(0);
    expect(document.config.services.jobs.queue).toEqual({ name: 'jobs' });
    const again = parseHistory(readFileSync(saved, 'utf8'), saved);
    expect(again.map(({ sent }) => sent)).toEqual(recent.map(({ sent }) => sent));
  });

  it('a trace, for people; a config as TypeScript that says where it comes from; nothing is overwritten', async () => {
    const config = join(folder, 'own.config.ts');
    const args = ['--trace', trace, '--service-seconds', '5', '--policies', 'keda,slo', '--quick', '--write', config];
    const { status, stdout } = await backtest(...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /What you have today is not known[\s\S]*policy[\s\S]*Recommendation[\s\S]*How far to trust this: poor/,
    );
    const text = readFileSync(config, 'utf8');
    expect(text).toContain('// By "sluice backtest", from');
    expect((await loadConfig(config)).plans).toHaveLength(1);
    const refused = await backtest(...args);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('a file that is there already');
    expect(readFileSync(config, 'utf8')).toBe(text);
    expect((await backtest(...args, '--force')).status).toBe(0);
  });

  it.each<[readonly string[], string]>([
    [[], '--queue, --history, --trace: found none of them'],
    [['--queue', 'jobs', '--trace', trace], 'found 2 of them'],
    [['--queue', 'jobs', '--cluster', 'prod'], '--cluster, --ecs-service: found only a part'],
    [['--queue', 'nobody'], 'no message sent to or deleted from "nobody" in 14 days'],
    [['--trace', trace], '--service-seconds: found nothing'],
    [['--trace', history, '--service-seconds', '5'], 'That is a history: --history'],
    [['--trace', trace, '--service-seconds', '0', '--write', 'x.yaml'], '--write: found x.yaml'],
    [['--history', join(folder, 'pas.csv')], `Did you mean ${history}?`],
  ])('%j is bad input', async (args, message) => {
    const command = new Command('backtest');
    define(command);
    const answer = await command.parseAsync([...args], { from: 'user' }).catch((error: unknown) => error);
    expect(answer).toBeInstanceOf(BadInput);
    expect(String(answer)).toContain(message);
  });
});
