import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftOutLines } from '../../../lib/cli/start/left-out.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-left-out-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (services: object) => {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ services }));
  return leftOutLines({ context: { config } });
};
const there = { existing: { cluster: 'prod', service: 'there' }, queue: { name: 'there' } };

it('names the services that exist in AWS alone', async () => {
  expect(await lines({ here: { worker: { entry: 'a.ts' } }, there })).toEqual([
    '  left out, since they exist in AWS and not here: there',
  ]);
  expect(await lines({ here: { worker: { entry: 'a.ts' } } })).toEqual([]);
  expect(await leftOutLines({ context: {} })).toEqual([]);
});

it('refuses a run with nothing in it', async () => {
  await expect(lines({ there })).rejects.toThrow('found only services that exist in AWS already (there)');
});
