import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from './package/build.ts';
import { root } from './run-tool.ts';

// The published package: `--out FOLDER` makes it there; `--here` and `--restore` are what `npm pack` and `npm publish`
// run before and after: npm packs this folder's own package.json, so users' stands in its place meanwhile.
const { values } = parseArgs({
  options: { out: { type: 'string' }, here: { type: 'boolean' }, restore: { type: 'boolean' } },
});
const manifest = join(root, 'package.json');
const ours = join(root, '.build', 'package.json');

if (values.out !== undefined) await buildPackage(resolve(values.out));
else if (values.restore) restore();
else if (values.here) {
  restore();
  const published = await buildPackage(root);
  copyFileSync(manifest, ours);
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
} else {
  console.error('build-package: give --out FOLDER, --here or --restore.');
  process.exitCode = 2;
}

function restore(): void {
  if (existsSync(ours)) renameSync(ours, manifest);
}
