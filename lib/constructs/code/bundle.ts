import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { BuildOptions, BuildResult } from 'esbuild';
import { writeIfChanged } from './write-if-changed.ts';

export interface BundleProps {
  /** Absolute path of the TypeScript file. */
  readonly entry: string;
  /** Absolute path of the folder that gets `index.mjs` and `index.mjs.map`. */
  readonly folder: string;
  /** Modules that are replaced, by name. */
  readonly alias?: Readonly<Record<string, string>>;
}

/** Bundles one entry with all it imports into `index.mjs`. The same input gives the same bytes. */
export const bundle = (props: BundleProps): void => {
  const result = esbuild().buildSync({ ...bundleOptions(props), write: false });
  for (const file of result.outputFiles ?? []) writeIfChanged(join(props.folder, basename(file.path)), file.contents);
};

/** The size of the bundle and of every file in it, as esbuild counts them. Not part of `bundle`: the list would be deployed too. */
export const measure = (props: BundleProps): NonNullable<BuildResult['metafile']> => {
  const result = esbuild().buildSync({ ...bundleOptions(props), write: false, metafile: true });
  if (result.metafile === undefined) throw new Error(`esbuild gave no metafile for ${props.entry}`);
  return result.metafile;
};

const bundleOptions = (props: BundleProps): BuildOptions => ({
  entryPoints: [props.entry],
  outfile: join(props.folder, 'index.mjs'),
  bundle: true,
  ...(props.alias === undefined ? {} : { alias: { ...props.alias } }),
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  keepNames: true,
  // `module` first: as CommonJS the AWS clients do not shake, and the bundle doubles.
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  // CommonJS dependencies inside an ES module still call require.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
});

// Loaded when needed: who installs the built package and gives images needs no esbuild.
const esbuild = (): typeof import('esbuild') => {
  try {
    return createRequire(import.meta.url)('esbuild');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(
      'A worker with an "entry" is bundled by esbuild, which is not installed: npm install --save-dev esbuild, or give the worker an "image".',
    );
  }
};
