import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/** Goal: the command keeps to the interface of the design. Method: the program itself, on a trace of an hour. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const rows = Array.from({ length: 60 }, (_, i) => `${60 * i},${i % 20 < 5 ? 120 : 30}`);
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const trace = file('hour & <b>.csv', `second,jobs\n${rows.join('\n')}\n`);
const simulate = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['bin/run.js', 'simulate', ...args], { encoding: 'utf8' });

describe('sluice simulate', () => {
  it('--json: one document with the figures of each policy and the bounds', () => {
    const args = ['--trace', trace, '--slo-seconds', '60', '--slo-percent', '99', '--service-seconds', '5'];
    const more = ['--concurrency', '2', '--start-seconds', '35', '--max', '40', '--scale', '1.5', '--seed', '3'];
    const { status, stdout, stderr } = simulate(...args, ...more, '--policies', 'static,keda,keda:tuned,slo', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { policies, bound } = JSON.parse(stdout);
    expect(Object.keys(policies).toSorted()).toEqual(['keda', 'keda:tuned', 'slo', 'static']);
    for (const figures of Object.values<Record<string, unknown>>(policies))
      expect(figures).toMatchObject({
        taskHours: expect.any(Number),
        usd: expect.any(Number),
        attainedPercent: expect.any(Number),
        waitSeconds: {
          p50: expect.any(Number),
          p95: expect.any(Number),
          p99: expect.any(Number),
          max: expect.any(Number),
        },
        scaleActions: expect.any(Number),
        killedJobs: 0,
      });
    expect(policies.static.usd / policies.static.taskHours).toBeCloseTo(0.04048 + 2 * 0.004445, 9);
    expect(policies['keda:tuned'].taskHours).toBeLessThanOrEqual(policies.keda.taskHours);
    expect(bound.clairvoyantTaskHours).toBeGreaterThan(bound.workTaskHours);
    expect(bound.workTaskHours).toBeLessThan(policies.static.taskHours);
  });

  it('for people: a table, the cheapest that keeps the promise first; and a page of curves without a script', () => {
    const out = join(folder, 'page');
    const { status, stdout } = simulate('--trace', trace, '--service-seconds', '5', '--max', '40', '--out', out);
    expect(status).toBe(0);
    const [kept = '', missed = ''] = stdout.split('These do not keep');
    const costs = [...kept.matchAll(/^[\w:]+ +([\d.,]+) +USD/gm)].map((match) => Number(match[1]?.replace(',', '')));
    expect(costs.length).toBeGreaterThan(2);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(missed).toContain('cdkQueueProcessing');
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page).toContain('hour &amp; &lt;b&gt;.csv');
    expect(page).not.toMatch(/<script|<b>|https?:|NaN|undefined|Infinity/);
    expect(page.match(/<svg role="img"/g)).toHaveLength(2 + 2 * 8);
  });

  it('plays a service of a config with its own bounds and schedule', () => {
    const config = file(
      'config.json',
      JSON.stringify({
        services: {
          convert: {
            worker: { image: 'x', concurrency: 4 },
            slo: { percent: 99, startWithinSeconds: 60 },
            tasks: { min: 0, max: 9 },
            policy: { type: 'slo' },
            schedule: [{ name: 'all day', days: 'every', tasks: { exact: 7 } }],
          },
        },
      }),
    );
    const name = `config:${config}#convert`;
    const args = ['--trace', trace, '--service-seconds', '5', '--max', '5', '--policies', name, '--json'];
    const { status, stdout } = simulate(...args);
    expect(status).toBe(0);
    const { [name]: figures } = JSON.parse(stdout).policies;
    expect(figures.taskHours).toBeGreaterThan(6.8);
    expect(figures.taskHours).toBeLessThan(7.1);
    const wrong = simulate('--trace', trace, '--service-seconds', '5', '--policies', `config:${config}#convrt`);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/"convrt"; expected a service of .*: convert\. Did you mean "config:.*#convert"\?/);
  });

  it.each([
    [['--policies', 'kedda'], /--policies: found "kedda"; expected one of static, .* Did you mean "keda"\?/],
    [['--policies', 'keda:tund'], /found "keda:tund".* Did you mean "keda:tuned"\?/],
    [['--policies', 'config:x.json'], /expected config:FILE#SERVICE/],
    [['--policies', ','], /--policies: found no name/],
    [['--slo-percent', '100'], /--slo-percent: found "100"; expected a percentage above 0 and below 100/],
    [['--concurrency', '1.5', '--scale', 'x'], /--concurrency: found "1.5"[\s\S]*--scale: found "x"/],
    [['--min', '5', '--max', '4'], /--min: found 5; expected at most --max, 4/],
    [['--start-seconds', '50', '--start-p95', '40'], /--start-p95: found 40 s; expected at least the median, 50 s/],
    [['--world', 'real'], /--world: found "real"; expected ideal, realistic, stress/],
    [['--from', '3'], /found no jobs in that part of the trace/],
    [['--service-seconds', ''], /--service-seconds: found ""/],
  ])('%j is bad input: one line an issue, exit 2', (args, message) => {
    const { status, stdout, stderr } = simulate('--trace', trace, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a trace that is not there is bad input, with the nearest name', () => {
    const { status, stderr } = simulate('--trace', join(folder, 'houre & <b>.csv'), '--service-seconds', '5');
    expect(status).toBe(2);
    expect(stderr).toMatch(/--trace: found no such file: .*Did you mean .*hour & <b>\.csv\?/);
  });

  it('a trace without service times needs --service-seconds', () => {
    const { status, stderr } = simulate('--trace', trace);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--service-seconds: found nothing; expected how long a job takes/);
  });
});
