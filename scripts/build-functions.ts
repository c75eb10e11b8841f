import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../lib/constructs/bundle.ts';
import { functionBundle, packageRoot } from '../lib/constructs/function-code.ts';

// Bundles every function into <out>/<name>/, where a built package looks for them (lib/constructs/function-code.ts).
const { values } = parseArgs({ options: { out: { type: 'string' } } });

for (const file of readdirSync(join(packageRoot, 'functions')).filter((name) => name.endsWith('.ts'))) {
  const name = basename(file, '.ts');
  const paths = functionBundle(name);
  const folder = values.out === undefined ? paths.folder : join(values.out, name);
  bundle({ ...paths, folder });
  console.log(`${name}: ${join(folder, 'index.mjs')}`);
}
