import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../lib/config/load.ts';
import { BadInput } from '../../lib/model/bad-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-load-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('loadConfig', () => {
  it('reads JSON, with or without a byte order mark', async () => {
    expect((await loadConfig(write('a.json', '{"services": {"a": {}}}'))).plans).toHaveLength(1);
    expect((await loadConfig(write('b.json', '\uFEFF{"services": {"a": {}}}'))).plans).toHaveLength(1);
  });

  it('reads TypeScript', async () => {
    const file = write('a.ts', 'const max: number = 7;\nexport default { services: { a: { tasks: { max } } } };');
    expect((await loadConfig(file)).plans[0]?.tasks.max).toBe(7);
  });

  it('reads the config of this repository, without an issue', async () => {
    const { config, plans } = await loadConfig('sluice.config.ts');
    expect(plans.map(({ service }) => service)).toEqual(Object.keys(config.services));
  });

  it.each([
    ['missing', () => join(folder, 'nope.ts'), /nope\.ts: found no such file/],
    ['a folder', () => join(folder, '.'), /found a folder/],
    ['YAML', () => write('a.yaml', 'services:'), /ends in "\.yaml"; expected a \.ts or \.json file/],
    [
      'broken JSON',
      () => write('c.json', '{\n  "services": {\n}'),
      /c\.json:3:2: found the end of the file; expected "," or "}"/,
    ],
    ['no default export', () => write('c.ts', 'export const a = 1;'), /c\.ts: found no default export/],
    ['a config with issues', () => write('d.json', '{"services": {}}'), /services: found no services/],
    [
      'an error when it runs',
      () => write('e.ts', 'export default missing.thing;'),
      /e\.ts.*ReferenceError: missing is not defined/,
    ],
  ])('refuses %s', async (_name, file, message) => {
    const error = await loadConfig(file()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadInput);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('\n');
  });
});
