import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { importFiles } from '../../lib/import/import-files.ts';
import { writeConfig } from '../../lib/import/write-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sluice = (...args: string[]) => spawnSync(process.execPath, ['bin/run.js', ...args], { encoding: 'utf8' });
const keda = 'test/import/fixtures/keda.yaml';

it('writes a config that validate accepts, and tells what was left out', () => {
  const out = join(folder, 'sluice.config.json');
  const { status, stdout, stderr } = sluice('import', keda, '--out', out, '--service', 'audio');
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('spec.triggers[2]') });
  expect(stdout).toMatch(/audio: KEDA ScaledObject[\s\S]*2 not carried over/);
  expect(sluice('validate', '--config', out)).toMatchObject({ status: 0 });
  expect(sluice('import', keda, '--out', out)).toMatchObject({ status: 2, stderr: expect.stringContaining('--force') });
}, 20_000);

it('--json: config and notes, nothing else on stdout', () => {
  const { status, stdout } = sluice('import', keda, '--json');
  expect(status).toBe(0);
  const { ok, config, notes } = JSON.parse(stdout);
  expect({ ok, max: config.services.convert.tasks.max }).toEqual({ ok: true, max: 50 });
  expect(notes).toContainEqual(expect.objectContaining({ became: null, found: 'the TriggerAuthentication' }));
});

it('a file that is broken, or not there: exit 2, with its place', () => {
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, 'kind: ScaledObject\nspec:\n  - a: [1\n');
  expect(sluice('import', file, '--json')).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('broken.yaml:'),
  });
  expect(sluice('import', join(folder, 'none.yaml'))).toMatchObject({ status: 2 });
  expect(existsSync(join(folder, 'sluice.config.ts'))).toBe(false);
});

it('the TypeScript says the same as the JSON, with a comment at each value that was approximated', async () => {
  for (const names of [
    ['keda.yaml'],
    ['hpa.yaml'],
    ['aas-policies.json', 'aas-rest.json'],
    ['copilot.yml'],
    ['cdk.json'],
  ]) {
    const files = names.map((name) => ({ name, text: readFileSync(`test/import/fixtures/${name}`, 'utf8') }));
    const imported = importFiles(files, { now: '2026-11-21T00:00:00Z' });
    const text = writeConfig(imported, 'x');
    const file = join(folder, `${names[0]}.mts`);
    writeFileSync(file, text.replace("import { defineConfig } from 'x';", 'const defineConfig = (c: unknown) => c;'));
    const { default: read } = await import(file);
    expect(read).toEqual(imported.config);
    const flat = text.replace(/\n\s*\/\/ /g, ' ').replace(/\n \* {2,}/g, ' ');
    for (const { kind, why } of imported.notes) if (kind !== 'default') expect(flat).toContain(why);
  }
});
