import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../lib/package-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-app-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const good = { stage: 'demo', services: { convert: { worker: { image: 'public.ecr.aws/x/y:1' } } } };

const configFile = (config: unknown): string => {
  const file = join(mkdtempSync(join(folder, 'config-')), 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return file;
};

const run = (script: string, args: readonly string[], environment: Record<string, string> = {}) =>
  spawnSync(process.execPath, [script, ...args], {
    cwd: packageRoot,
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false', ...environment },
  });

/** As npm start does it: the app under plain Node. */
const library = (config: unknown) => {
  const out = join(mkdtempSync(join(folder, 'library-')), 'out');
  const context = JSON.stringify({ config: configFile(config) });
  return { out, ...run('bin/run.js', ['--script', 'bin/app.ts'], { CDK_OUTDIR: out, CDK_CONTEXT_JSON: context }) };
};

const template = (out: string): unknown => JSON.parse(readFileSync(join(out, 'demo.template.json'), 'utf8'));

describe('bin/app.ts', () => {
  test('plain Node and the CDK CLI make the same template', () => {
    const { out, stderr, status } = library(good);
    expect({ status, stderr: stderr.replaceAll(/^warning: .*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    const cli = join(folder, 'cli');
    const args = ['synth', '-q', '-o', cli, '-c', `config=${configFile(good)}`];
    expect(run('node_modules/aws-cdk/bin/cdk', args)).toMatchObject({ status: 0 });
    expect(template(cli)).toEqual(template(out));
  }, 60_000);

  test.each([
    ['a typo', { services: { convert: { workr: {} } } }, /services\.convert\.workr: found .*; expected .*"worker"/],
    ['nothing to run', { services: { convert: {} } }, /services\.convert\.worker: found neither "image" nor "entry"/],
    [
      'a queue name that leaves no room',
      { services: { convert: { queue: { name: 'n'.repeat(70) }, worker: { image: 'i' } } } },
      /services\.convert\.queue\.name: .*Shorten the name or the stage "sluice" by 2\./,
    ],
  ])('%s ends with one line, exit code 2 and nothing written', (_, config, line) => {
    const { out, stderr, status } = library(config);
    expect(stderr).toMatch(line);
    expect(stderr).not.toContain('    at ');
    expect({ status, written: readdirSync(out) }).toEqual({ status: 2, written: [] });
  });
});
