import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../lib/report/run/summary.ts';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'sluice-start-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const sluice = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, ['bin/run.js', 'start', ...args], { cwd: projectDirectory });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
};

describe('npm start', () => {
  it('runs a config on a trace, survives a killed worker, comes to rest and accounts for every job', {
    timeout: 120_000,
  }, async () => {
    const trace = join(directory, 'trace.csv');
    writeFileSync(trace, 'second,jobs\n0,20\n60,60\n120,30\n180,10\n');
    const { code, stdout, stderr } = await sluice(
      ...['--config', 'test/cli/fixtures/brisk.config.ts', '--trace', trace, '--out', join(directory, 'out')],
      ...['--minutes', '0.2', '--start-seconds', '0.2', '--kill-one-at', '2', '--json'],
    );
    expect(stderr).toMatch(/First decision after [\d.]+ s: brisk: /);
    expect(stderr).toContain('Chaos: killed a busy worker of brisk with SIGKILL');
    expect(stderr).toContain('trace time runs');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const summary = JSON.parse(stdout) as RunSummary;
    expect(summary.run).toMatchObject({ finished: true, problems: [], interrupted: null });
    expect(code).toBe(0);

    const { submitted, done, ...others } = summary.jobs;
    expect(submitted).toBeGreaterThan(10);
    expect(done).toBe(submitted);
    expect(Object.values(others).every((n) => n === 0)).toBe(true);
    const brisk = summary.services.brisk;
    expect(brisk?.tasks).toMatchObject({ min: 0, max: 3, backAtMin: true });
    expect(brisk?.tasks.peak).toBeGreaterThan(0);
    expect(brisk?.scaling.actions).toBeGreaterThanOrEqual(2);
    expect(brisk?.scaling.decisions).toBeGreaterThan(brisk?.scaling.actions ?? 0);
    expect(summary.run.workerCores.mean).toBeGreaterThan(0);

    expect(JSON.parse(readFileSync(join(directory, 'out/summary.json'), 'utf8'))).toEqual(summary);
    const page = readFileSync(join(directory, 'out/report/index.html'), 'utf8');
    expect(page).toContain('jobs done, none lost');
    expect(page.match(/<tr class="(out|in)">/g)?.length).toBe(brisk?.scaling.actions);
  });

  it('refuses bad input before anything is started', async () => {
    const { code, stdout, stderr } = await sluice('--example', 'quikstart', '--json');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      '--example: found quikstart; expected one of llm-governance, media-converter, media-downloader, open-data-pipeline, quickstart, web-collector. Did you mean quickstart?',
    );
  });
});
