import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type ImportedConfig, type ImportFile, importFiles } from '../import/import-files.ts';
import { formatNote } from '../import/note.ts';
import { writeConfig } from '../import/write-config.ts';
import { BadInput } from '../model/bad-input.ts';

interface Options {
  readonly out?: string;
  readonly json?: true;
  readonly service?: string;
  readonly force?: true;
}

export const define = (command: Command): void => {
  command
    .argument('<file...>', 'KEDA or HPA YAML, Application Auto Scaling JSON, Copilot manifests, CDK pattern props')
    .option('--out <file>', 'write the config there, .ts or .json; otherwise it is printed')
    .option('--force', 'overwrite the file of --out')
    .option('--service <name>', 'what the service is called, or which of several is wanted')
    .option('--json', 'one JSON document: { ok, config, notes, out? } or { ok, issues }')
    .action(importConfig);
};

const importConfig = async (names: readonly string[], options: Options): Promise<void> => {
  try {
    const { out, service, json } = options;
    refuseOut(out, options.force === true);
    const imported = importFiles(names.map(read), {
      now: new Date().toISOString(),
      ...(service !== undefined && { service }),
    });
    if (out !== undefined) await write(out, imported);
    for (const note of imported.notes) if (note.kind !== 'default') process.stderr.write(`${formatNote(note)}\n`);
    const { config, notes, origins } = imported;
    if (json) process.stdout.write(document({ ok: true, config, notes, origins, ...(out !== undefined && { out }) }));
    else process.stdout.write(out === undefined ? writeConfig(imported, definitionFrom('.')) : closing(out, imported));
  } catch (error) {
    if (!(error instanceof BadInput) || !options.json) throw error;
    process.stderr.write(`${error.message}\n`);
    process.stdout.write(document({ ok: false, issues: error.issues }));
    process.exitCode = 2;
  }
};

const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const read = (name: string): ImportFile => {
  try {
    return { name, text: readFileSync(name, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code})`;
    throw new BadInput([{ path: name, found, expected: 'a YAML or JSON file', mend: 'Name an existing file.' }]);
  }
};

const refuseOut = (out: string | undefined, force: boolean): void => {
  if (out === undefined) return;
  const bad = (found: string, expected: string, mend: string): BadInput =>
    new BadInput([{ path: '--out', found, expected, mend }]);
  if (!['.ts', '.json'].includes(extname(out)))
    throw bad(JSON.stringify(out), 'a name that ends in .ts or .json', 'Such as sluice.config.ts.');
  if (existsSync(out) && !force)
    throw bad(`${out}, which exists`, 'a new file', 'Name another one, or add --force to overwrite it.');
};

const write = async (out: string, imported: ImportedConfig): Promise<void> => {
  await mkdir(dirname(resolve(out)), { recursive: true });
  await writeFile(
    out,
    extname(out) === '.json' ? document(imported.config) : writeConfig(imported, definitionFrom(dirname(out))),
  );
};

/** Inside this project the file itself, since the package has no name there yet; elsewhere the package. */
const definitionFrom = (folder: string): string => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const from = resolve(folder);
  if (from !== resolve(root) && !from.startsWith(resolve(root) + sep)) return 'sluice';
  const path = relative(from, resolve(root, 'lib/config/define-config.ts')).replaceAll(sep, '/');
  return path.startsWith('.') ? path : `./${path}`;
};

const closing = (out: string, { config, notes, origins }: ImportedConfig): string => {
  const count = (kind: string): number => notes.filter((note) => note.kind === kind).length;
  return [
    ...Object.keys(config.services).map((name) => `${name}: ${origins[name]}`),
    `${out} is written: ${count('approximated')} values approximated, ${count('default')} defaults written out, ${count('dropped')} not carried over.`,
    `Check it with: sluice validate --config ${out}`,
    '',
  ].join('\n');
};
