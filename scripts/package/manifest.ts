import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { root } from '../run-tool.ts';

type Versions = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
  readonly optionalDependencies?: Versions;
  readonly [key: string]: unknown;
}

export const readManifest = (): Manifest => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * The repository's package.json as users get it: `dependencies` are the packages that the compiled files import, no
 * more. What only the repository needs (Node itself, tools, scripts) goes.
 */
export const publishedManifest = (manifest: Manifest, dist: string): Manifest => {
  const { devDependencies: _tools, optionalDependencies: _node, scripts: _scripts, ...kept } = manifest;
  const { private: _private, allowScripts: _allowed, ...rest } = kept;
  const needed = importedPackages(dist).filter((name) => !(name in manifest.peerDependencies));
  const unknown = needed.filter((name) => !(name in manifest.dependencies));
  if (unknown.length > 0) throw new Error(`The package imports what it does not depend on: ${unknown.join(', ')}.`);
  const versions = (names: readonly string[]): Versions =>
    Object.fromEntries(names.toSorted().map((name) => [name, `^${manifest.dependencies[name]}`]));
  return {
    ...rest,
    // Not in the repository, whose shell may have an older one: `npm ci` brings this one along.
    engines: { node: '>=24' },
    dependencies: versions(needed.filter((name) => !heavy.includes(name))),
    optionalDependencies: versions(needed.filter((name) => heavy.includes(name))),
  };
};

/** Twelve megabytes that only a config with `holidays` needs: an image of a worker leaves it out with --omit=optional. */
const heavy: readonly string[] = ['date-holidays'];

/** Packages that the compiled library names, in code and in types. The bundles name none that are not there already. */
const importedPackages = (dist: string): readonly string[] => {
  const files = readdirSync(join(dist, 'lib'), { recursive: true, encoding: 'utf8' });
  const texts = files.filter((file) => /\.(js|d\.ts)$/.test(file)).map((file) => readText(join(dist, 'lib', file)));
  const specifiers = texts.flatMap((text) =>
    [...text.matchAll(importedNames)].map(([, named, plain, typed]) => named ?? plain ?? typed ?? ''),
  );
  const names = specifiers.map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(names)].filter((name) => !/^(node:|\.)/.test(name) && !builtinModules.includes(name));
};

/** `import … from 'x'` and `export … from 'x'`, `import 'x'`, and `import('x')` in types. */
const importedNames =
  /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;

const readText = (file: string): string => readFileSync(file, 'utf8');
