import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPackage } from '../../scripts/package/build.ts';
import { readTemplate } from './cdk.ts';
import { takeInventory } from './inventory.ts';
import { account, childEnvironment, projectRoot, region } from './lane-environment.ts';
import { type Moto, startMoto } from './moto.ts';
import { skippedByMoto } from './moto-gaps.ts';
import { readmeSnippets } from './readme-snippets.ts';
import { type ProgramRun, runProgram, runWell } from './run-program.ts';

/**
 * Goal: a CDK app outside this repository that installs the packed package and copies the README's snippets works: types,
 * template, deploy, CLI.
 * Method: `npm pack`, `npm install` into a scratch folder, the snippets verbatim, the real CDK CLI against moto. Each step
 * goes on from the one before.
 */
const stack = 'media';
let folder: string;
let app: string;
let moto: Moto;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-scratch-'));
  app = join(folder, 'app');
  await mkdir(app);
  moto = await startMoto(folder);
});

afterAll(async () => {
  await moto?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('npm installs the tarball, and no esbuild with it', async () => {
  const built = join(folder, 'built');
  await mkdir(built);
  const { name, version } = await buildPackage(built);
  await npm(built, 'pack', '--ignore-scripts', '--pack-destination', folder);
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'scratch', private: true, type: 'module' }));
  const beside = ['aws-cdk-lib', 'constructs', '@types/node'].map((one) => `${one}@${versionHere(one)}`);
  await npm(
    app,
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(folder, `${name}-${version}.tgz`),
    ...beside,
  );
  expect(existsSync(join(app, 'node_modules/sluice/dist/lib/index.js'))).toBe(true);
  expect(existsSync(join(app, 'node_modules/esbuild'))).toBe(false);
});

test("the README's snippets type-check, every declaration of the package with them", async () => {
  const snippets = readmeSnippets(await readFile(join(projectRoot, 'README.md'), 'utf8'));
  expect(Object.keys(snippets)).toEqual(['sluice.config.ts', 'app.ts', 'worker.ts']);
  for (const [file, text] of Object.entries(snippets)) await writeFile(join(app, file), text);
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await node([join(projectRoot, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
});

test('npx sluice validate and simulate work on them', async () => {
  const { stdout } = await sluice('validate');
  expect(stdout).toContain('sluice.config.ts is valid: 1 service');
  await writeFile(join(app, 'trace.csv'), 'second,jobs\n0,10\n60,30\n120,0\n');
  const simulated = await sluice(
    ...'simulate --trace trace.csv --slo-seconds 60 --slo-percent 99 --service-seconds 2 --concurrency 4'.split(' '),
    ...'--start-seconds 35 --max 50 --policies slo --json'.split(' '),
  );
  expect(Object.keys(JSON.parse(simulated.stdout).policies)).toEqual(['slo']);
});

test('npx sluice start says what a local run needs beside the package', async () => {
  const { code, stderr } = await runProgram(process.execPath, [bin(), 'start'], environment(), { cwd: app });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('npm install --save-dev esbuild fauxqs dynalite'),
  });
});

test('cdk bootstrap', async () => {
  await cdk('bootstrap', `aws://${account}/${region}`, '--output', join(app, 'cdk.out'));
});

test('cdk deploy makes what the template has', async () => {
  const assembly = join(app, 'cdk.out');
  await cdk('deploy', '--require-approval', 'never', '--output', assembly);
  const template = readTemplate(assembly, stack);
  const made = new Set((await takeInventory(moto.endpoint, folder, stack)).stack.map(({ logicalId }) => logicalId));
  const skipped = Object.entries(template.Resources).filter(([id]) => !made.has(id));
  console.log(`  scratch app: moto made ${made.size} of ${Object.keys(template.Resources).length} resources`);
  expect(skipped.filter(([, { Type }]) => !(Type in skippedByMoto))).toEqual([]);
});

test('the functions deployed are those of the package, byte for byte', async () => {
  for (const name of ['tick', 'holidays']) {
    const packed = await readFile(join(app, 'node_modules/sluice/dist/functions', name, 'index.mjs'), 'utf8');
    const assets = await runWell('sh', ['-c', 'cat cdk.out/asset.*/index.mjs'], environment(), { cwd: app });
    expect(assets.stdout.includes(packed)).toBe(true);
  }
});

const compilerOptions = {
  target: 'es2024',
  module: 'nodenext',
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  types: ['node'],
};

const versionHere = (name: string): string =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string }).version;

/** npm with the user's own settings: it needs the registry, or the cache of it. */
const npm = (cwd: string, ...args: readonly string[]): Promise<ProgramRun> =>
  runWell('npm', args, definedOnly(process.env), { cwd, limitSeconds: 240 });
const definedOnly = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const environment = () => childEnvironment(moto.endpoint, folder, { CDK_DISABLE_CLI_TELEMETRY: 'true' });
const node = (args: readonly string[]): Promise<ProgramRun> =>
  runWell(process.execPath, args, environment(), { cwd: app });
/** What `npx sluice` starts. */
const bin = (): string => join(app, 'node_modules/.bin/sluice');
const sluice = (...args: readonly string[]): Promise<ProgramRun> => node([bin(), ...args]);
const cdk = (...args: readonly string[]): Promise<ProgramRun> =>
  node([join(projectRoot, 'node_modules/aws-cdk/bin/cdk'), '--no-notices', '--app', 'node app.ts', ...args]);
