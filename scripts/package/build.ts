import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { bundle, measure } from '../../lib/constructs/code/bundle.ts';
import { functionBundle } from '../../lib/constructs/code/function-code.ts';
import { bundleLimitBytes } from '../../lib/constructs/code/function-limits.ts';
import { root, runTool } from '../run-tool.ts';
import { type Manifest, publishedManifest, readManifest } from './manifest.ts';
import { noticesFor } from './notices.ts';

/**
 * Makes the published package in a folder: its package.json, README, licence, and `dist/` with
 * - the doors of `exports` and all they import, compiled file by file with their types (readable, and a bundler can shake them),
 * - the Lambda functions, bundled whole: a user's app needs neither esbuild nor Docker,
 * - the CLI and the programs that a local run starts, bundled, so that its two dozen dependencies are nobody's install.
 */
export const buildPackage = async (folder: string): Promise<Manifest> => {
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const manifest = readManifest();
  compile(dist, manifest);
  const bundled = [...bundleFunctions(dist), await bundleCommandLine(dist), await bundlePrograms(dist)];
  writeFileSync(join(dist, 'THIRD-PARTY.txt'), noticesFor(bundled));
  cpSync(join(root, 'bin/run.js'), join(dist, 'bin/run.js'));
  const published = publishedManifest(manifest, dist);
  if (folder !== root) {
    for (const file of ['README.md', 'LICENSE']) cpSync(join(root, file), join(folder, file));
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  }
  return published;
};

/** The doors, and the CDK app that a local run starts. */
const compile = (dist: string, { exports }: Manifest): void => {
  const doors = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : [target.default.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts')],
  );
  const config = join(root, '.build', 'tsconfig.package.json');
  mkdirSync(join(root, '.build'), { recursive: true });
  const compilerOptions = {
    noEmit: false,
    // `npm run check` has checked all of it, under the flags that hold for each part; a test checks what comes out.
    noCheck: true,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: root,
    outDir: dist,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const files = [...doors, 'bin/app.ts'].map((file) => join(root, file));
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', compilerOptions, files, include: [] }));
  if (runTool('typescript', 'tsc', ['-p', config]) !== 0) throw new Error('The package does not compile.');
};

const bundleFunctions = (dist: string): readonly Metafile[] =>
  Object.keys(bundleLimitBytes).map((name) => {
    const paths = { ...functionBundle(name), folder: join(dist, 'functions', name) };
    bundle(paths);
    // The map would double the package, and its paths name files that a user has not got.
    rmSync(join(paths.folder, 'index.mjs.map'));
    return measure(paths);
  });

const bundleCommandLine = (dist: string): Promise<Metafile> =>
  bundleProgram({ entryPoints: [join(root, 'bin/sluice.ts')], outdir: join(dist, 'bin'), splitting: true });

/** What a local run starts as processes of their own: each must stand by itself, at its own path. */
const bundlePrograms = (dist: string): Promise<Metafile> =>
  bundleProgram({ entryPoints: [...programs], outdir: dist, outbase: root });

const programs = ['lib/local/lambda/runtime', 'lib/local/tasks/preload', 'lib/local/tasks/reaper'].map((name) =>
  join(root, `${name}.ts`),
);

const bundleProgram = async (options: BuildOptions): Promise<Metafile> => {
  const { metafile } = await build({ ...common, ...options, metafile: true });
  return metafile;
};

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  keepNames: true,
  mainFields: ['module', 'main'],
  legalComments: 'none',
  absWorkingDir: root,
  logLevel: 'warning',
  // CommonJS dependencies inside an ES module still call require.
  banner: {
    js: "import{createRequire as sluiceRequire}from'node:module';const require=sluiceRequire(import.meta.url);",
  },
  // Its dependencies anyway, or what only a local run needs.
  external: ['zod', 'temporal-polyfill', 'date-holidays', 'aws-cdk-lib', 'constructs', 'esbuild', 'fauxqs', 'dynalite'],
};
