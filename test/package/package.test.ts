import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleLimitBytes } from '../../lib/constructs/code/function-limits.ts';
import { packageRoot } from '../../lib/package-files.ts';
import { buildPackage } from '../../scripts/package/build.ts';
import type { Manifest } from '../../scripts/package/manifest.ts';

/**
 * Goal: what `npm pack` gives is what users need, and nothing else.
 * Method: the package is built into a scratch folder and looked at as publint, attw and Node see it. The deploy lane
 * installs it into an app and deploys that (test/deploy/package.test.ts).
 */
let folder: string;
let manifest: Manifest;
let files: readonly string[];
let tarball: string;

beforeAll(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'sluice-package-'));
  // Its dependencies, as beside an installed package.
  symlinkSync(join(packageRoot, 'node_modules'), join(parent, 'node_modules'));
  folder = join(parent, 'sluice');
  manifest = await buildPackage(folder);
  const [packed] = JSON.parse(npm('pack', '--ignore-scripts', '--json', '--pack-destination', parent));
  files = packed.files.map(({ path }: { readonly path: string }) => path);
  tarball = join(parent, packed.filename);
  console.log(`package: ${files.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
  expect(packed.size).toBeLessThan(2_750_000);
}, 120_000);

afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }));

const npm = (...args: readonly string[]): string => {
  const { stdout, status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

test('publint finds nothing, not even a suggestion', async () => {
  const { messages } = await publint({ pkgDir: folder, strict: true, level: 'suggestion', pack: false });
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
});

test('attw: every door has the right types', () => {
  const cli = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(dirname(cli), 'dist/index.js'), tarball, '--profile', 'esm-only', '--format', 'ascii'],
    { encoding: 'utf8' },
  );
  expect({ status, stdout: status === 0 ? '' : stdout }).toEqual({ status: 0, stdout: '' });
});

describe('what is in it', () => {
  test('compiled code, types and functions; no sources, tests, maps or data', () => {
    const kinds = new Set(files.map((file) => /(\.d\.ts|\.[a-z]+)$/.exec(file)?.[1] ?? file));
    expect([...kinds].toSorted()).toEqual(['.d.ts', '.js', '.json', '.md', '.mjs', '.txt', 'LICENSE']);
    expect(files.filter((file) => !/^(dist\/|package\.json|README\.md|LICENSE)/.test(file))).toEqual([]);
    expect(files.filter((file) => /\/(test|bench|examples|scripts|fixtures)\//.test(file))).toEqual([]);
  });

  test('the functions lie ready where their constructs look', () => {
    const names = Object.keys(bundleLimitBytes).toSorted();
    expect(files.filter((file) => file.startsWith('dist/functions/'))).toEqual(
      names.map((name) => `dist/functions/${name}/index.mjs`),
    );
  });
});

describe('what it brings along', () => {
  test('only what the library imports: neither CDK, tools, nor a Node of its own', () => {
    expect(Object.keys(manifest.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs', 'esbuild']);
    expect(Object.keys(manifest.optionalDependencies ?? {})).toEqual(['date-holidays']);
    const names = Object.keys(manifest.dependencies);
    expect(names).toContain('@aws-sdk/client-sqs');
    expect(
      names.filter((name) => /cdk|^constructs$|^node-|commander|fauxqs|middy|powertools|client-ec2/.test(name)),
    ).toEqual([]);
    expect(manifest.scripts).toBeUndefined();
    expect(manifest.devDependencies).toBeUndefined();
  });

  test('"sluice/worker" leads to no CDK and no calendar', () => {
    const reached = packagesBehind('dist/lib/worker.js');
    expect(reached).toContain('@aws-sdk/client-sqs');
    expect(reached.filter((name) => /cdk|constructs|date-holidays|esbuild/.test(name))).toEqual([]);
  });
});

describe('Node runs it', () => {
  const run = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

  test('all doors open', () => {
    const program = `
      const names = async (door) => Object.keys(await import(door));
      console.log(JSON.stringify([await names('sluice'), await names('sluice/worker'), await names('sluice/client')]));
    `;
    const { stdout, stderr } = run('--input-type=module', '-e', program);
    expect(stderr).toBe('');
    const [library, worker, client] = JSON.parse(stdout);
    expect(library).toEqual(expect.arrayContaining(['JobQueue', 'Scaler', 'Sluice', 'WorkerService', 'defineConfig']));
    expect(worker).toContain('runWorker');
    expect(client).toEqual(expect.arrayContaining(['JobApiError', 'JobClient']));
  });

  test('the CLI starts, and refuses bad input', () => {
    expect(run('dist/bin/run.js', '--help').stdout).toContain('Usage: sluice');
    const bad = run('dist/bin/run.js', 'validate', '--config', 'none.ts');
    expect(bad).toMatchObject({ status: 2, stderr: expect.stringContaining('none.ts: found no such file') });
  });
});

/** Packages that a compiled file and all behind it import. */
const packagesBehind = (entry: string): readonly string[] => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier = ''] of readFileSync(join(folder, file), 'utf8').matchAll(
      /(?:from|import\()\s*'([^']+)'/g,
    )) {
      if (specifier.startsWith('.')) visit(normalize(join(dirname(file), specifier)));
      else packages.add(specifier);
    }
  };
  visit(entry);
  expect(seen.size).toBeGreaterThan(10);
  expect(readdirSync(join(folder, 'dist/lib')).length).toBeGreaterThan(3);
  return [...packages];
};
