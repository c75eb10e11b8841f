import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

// Synthesises the CDK app with CDK's own validation on, and counts what is in it.
//   npm run synth -- [--config FILE] [--app FILE] [--out FOLDER]
const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    app: { type: 'string', default: 'bin/app.ts' },
    out: { type: 'string', default: 'cdk.out' },
  },
});

const context = values.config === undefined ? {} : { config: values.config };
const { CDK_VALIDATION: _off, ...inherited } = process.env;
const { status } = spawnSync(process.execPath, ['bin/run.js', '--script', values.app], {
  stdio: 'inherit',
  env: { ...inherited, CDK_OUTDIR: values.out, CDK_CONTEXT_JSON: JSON.stringify(context) },
});
if (status === 0) printTemplates();
else process.exitCode = status ?? 1;

function printTemplates(): void {
  for (const file of readdirSync(values.out).filter((name) => name.endsWith('.template.json'))) {
    const template: Template = JSON.parse(readFileSync(join(values.out, file), 'utf8'));
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    console.log(`${join(values.out, file)}: ${types.length} resources`);
    for (const [type, all] of Object.entries(Object.groupBy(types, (type) => type)).toSorted()) {
      console.log(`${String(all?.length).padStart(5)}  ${type}`);
    }
  }
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}
