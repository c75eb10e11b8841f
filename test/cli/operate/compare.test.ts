import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watch } from '../../simulate/shadow/watched-fleet.ts';
import { run } from './test-stage.ts';

let folder: string;
let config: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-compare-'));
  config = join(folder, 'config.json');
  file = join(folder, 'decisions.jsonl');
  const existing = { cluster: 'prod', service: 'convert' };
  writeFileSync(
    config,
    JSON.stringify({
      services: {
        convert: {
          existing,
          mode: 'shadow',
          tasks: { max: 40 },
          queue: { name: 'convert' },
          worker: { cpu: 512, memoryMiB: 1024, concurrency: 2 },
        },
        site: { existing, queue: false },
      },
    }),
  );
  writeFileSync(
    file,
    watch('deletes')
      .log.map((record) => `${JSON.stringify(record)}\n`)
      .join(''),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const compare = (...args: readonly string[]) => run(['compare', ...args, '--log', file, '--config', config]);

describe('sluice compare', () => {
  it('puts the present autoscaler beside Sluice, and says where the figures come from', async () => {
    const { status, stdout } = await compare('convert');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^convert, Sat 2026-11-21 10:00.* \(6 h\): 1[23],\d{3} jobs of 20 s each \(from what was in flight and deleted\)/,
    );
    expect(stdout).toMatch(/present autoscaler +4\d\.\d +USD \d\.\d\d +9\d\.\d\d %/);
    expect(stdout).toMatch(/sluice +\d\d\.\d +USD \d\.\d\d +99\.\d\d %/);
    expect(stdout).toContain('From the log alone');
    expect(stdout).toMatch(/Sluice would have asked for \d+\.\d on average: for more [\d.]+ % of the time/);
  });

  it('--json is one document', async () => {
    const { status, stdout } = await compare('convert', '--json', '--from', '2h ago');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ service: 'convert', present: {}, sluice: {}, recorded: {}, doubts: [] });
  });

  it.each([
    [['other'], /other/],
    [['convert', '--seed', 'x'], /--seed: found "x"/],
    [['convert', '--service-seconds', '0'], /--service-seconds: found "0"/],
    [['convert', '--from', '2026-11-20T00:00:00Z', '--to', '2026-11-20T01:00:00Z'], /0 decisions of convert/],
  ])('%j is bad input', async (args, message) => {
    const { status, stderr } = await compare(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
