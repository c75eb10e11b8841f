import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Goal: the architecture of docs/architecture.md holds in every file, and says so where it breaks.
 * Method: read the sources as text; no file is run.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');
const sources = files
  .filter((file) => /^(lib|functions|bin)\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** Which folders under lib/ a folder may import from, beside itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  schedule: ['model'],
  forecast: ['model'],
  config: ['model', 'schedule', 'decide'],
  decide: ['model', 'forecast'],
  simulate: ['model', 'schedule', 'forecast', 'decide'],
  report: ['model', 'config', 'simulate', 'schedule', 'forecast', 'decide'],
  observe: ['model', 'report', 'decide'],
  act: ['model', 'report', 'observe'],
  account: ['model', 'report', 'config', 'act', 'observe'],
  tick: ['model', 'observe', 'act', 'schedule', 'decide'],
  deliver: ['model', 'report', 'observe', 'act'],
  worker: ['model', 'jobs'],
  jobs: ['model'],
  import: ['model', 'config', 'decide'],
  doctor: ['model', 'schedule', 'report'],
  capacity: ['model', 'report'],
  constructs: ['model', 'config', 'schedule'],
  local: ['model', 'simulate', 'worker', 'config'],
  cli: [
    'account',
    'deliver',
    'doctor',
    'capacity',
    'import',
    'model',
    'schedule',
    'config',
    'forecast',
    'decide',
    'simulate',
    'report',
    'observe',
    'act',
    'worker',
    'jobs',
    'local',
    'tick',
  ],
};

/** Folders whose results depend on their arguments alone. */
const pureFolders = [
  'model',
  'schedule',
  'config',
  'forecast',
  'decide',
  'simulate',
  'report',
  'import',
  'doctor',
  'capacity',
];
/** The one file of a pure folder that reads the disk: a config is a file. */
const impureFiles = ['lib/config/load.ts'];
const banned: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bDate\.now\(/, 'take `now` as an argument'],
  [/\bnew Date\(\)/, 'take `now` as an argument'],
  [/\bperformance\.now\(/, 'measure in bench/'],
  [/\bMath\.random\(/, 'take a seeded generator (lib/simulate/random.ts)'],
  [/\bprocess\.env\b/, 'take the value as an argument'],
  [/\bset(Timeout|Interval|Immediate)\(/, 'leave waiting to the adapters'],
  [/from 'node:(?!crypto|zlib|assert)/, 'leave I/O to the adapters'],
  [/from '@aws-sdk\//, 'leave AWS to observe/ and act/'],
];

/** `import … from './x.ts'`, `export … from`, `import('./x.ts')`. */
const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:from\s+|import\()\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
const folderOf = (file: string): string | undefined => /^lib\/([^/]+)\//.exec(file)?.[1];

describe('the house', () => {
  it('imports go one way', () => {
    const wrong = sources.flatMap(({ file, text }) => {
      const folder = folderOf(file);
      return importsOf(text).flatMap((specifier) => {
        const target = normalize(join(dirname(file), specifier));
        const targetFolder = folderOf(target);
        if (folder === undefined || targetFolder === undefined || folder === targetFolder) {
          return file.startsWith('lib/') && /^(functions|bin)\//.test(target)
            ? [`${file} imports ${target}: lib never imports functions or bin`]
            : [];
        }
        return (mayImport[folder] ?? []).includes(targetFolder)
          ? []
          : [`${file} imports ${target}: ${folder} may not import ${targetFolder}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('every folder of lib/ has its place in the order', () => {
    const folders = new Set(sources.map(({ file }) => folderOf(file)).filter((folder) => folder !== undefined));
    expect([...folders].filter((folder) => !(folder in mayImport))).toEqual([]);
  });

  it('pure folders touch no clock, chance, environment, disk or cloud', () => {
    const wrong = sources
      .filter(({ file }) => pureFolders.includes(folderOf(file) ?? '') && !impureFiles.includes(file))
      .flatMap(({ file, text }) =>
        withoutComments(text).flatMap((line, i) =>
          banned
            .filter(([pattern]) => pattern.test(line))
            .map(([pattern, instead]) => `${file}:${i + 1} ${pattern}: ${instead}`),
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('relative imports carry their suffix, and lib/ has no barrels', () => {
    const bare = sources.flatMap(({ file, text }) =>
      importsOf(text)
        .filter((s) => !/\.(ts|js|json)$/.test(s))
        .map((s) => `${file}: ${s}`),
    );
    const barrels = files.filter((file) => /^lib\/.+\/index\.ts$/.test(file));
    expect({ bare, barrels }).toEqual({ bare: [], barrels: [] });
  });

  it('every file is used: imported by another, or an entry', () => {
    const imported = new Set(
      files.flatMap((file) =>
        importsOf(readFileSync(join(root, file), 'utf8')).map((specifier) => normalize(join(dirname(file), specifier))),
      ),
    );
    const named = [
      'package.json',
      'cdk.json',
      'vitest.config.ts',
      'docs/architecture.md',
      'lib/constructs/code/function-code.ts',
    ].map((file) => readFileSync(join(root, file), 'utf8'));
    const entry = (file: string): boolean =>
      /\.test(-d)?\.ts$/.test(file) ||
      /^(bin|functions|bench|examples)\//.test(file) ||
      /config\.ts$/.test(file) ||
      file === 'lib/index.ts' ||
      named.some((text) => text.includes(file)) ||
      usedByPath(file);
    expect(files.filter((file) => !imported.has(file) && !entry(file))).toEqual([]);
  });

  it('nothing is promised for later and no test sleeps through', () => {
    const leftovers = files
      .filter((file) => file !== 'test/tidy.test.ts')
      .flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .flatMap((line, i) =>
            /\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(skip|only|todo)\b/.test(line) ? [`${file}:${i + 1}`] : [],
          ),
      );
    expect(leftovers).toEqual([]);
  });

  it('dependencies are pinned to exact versions', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const loose = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) =>
      Object.entries(manifest[group] ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    );
    expect(loose).toEqual([]);
  });
});

/** Files that are started as programs of their own, by a path in another file's text. */
const usedByPath = (file: string): boolean => {
  const name = file.split('/').at(-1) ?? file;
  return (
    files.some((other) => {
      const text = other === file ? '' : readFileSync(join(root, other), 'utf8');
      return text.includes(`${name}'`) || text.includes(`'${file.replace(/\.ts$/, '')}'`);
    }) || packageScripts.includes(file)
  );
};
const packageScripts = readFileSync(join(root, 'package.json'), 'utf8');

const withoutComments = (text: string): string[] =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''));
