import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../lib/constructs/code/bundle.ts';
import { functionBundle } from '../lib/constructs/code/function-code.ts';
import { bundleLimitBytes } from '../lib/constructs/code/function-limits.ts';

// Bundles every function into <out>/<name>/, where a built package looks for them (lib/constructs/code/function-code.ts).
const { values } = parseArgs({ options: { out: { type: 'string' } } });

for (const name of Object.keys(bundleLimitBytes)) {
  const paths = functionBundle(name);
  const folder = values.out === undefined ? paths.folder : join(values.out, name);
  bundle({ ...paths, folder });
  console.log(`${name}: ${join(folder, 'index.mjs')}`);
}
