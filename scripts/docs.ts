import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configReference } from '../lib/config/reference.ts';
import { openApiDocument } from '../lib/jobs/api/contract/openapi.ts';
import { usageJsonSchema } from '../lib/report/usage/usage-json-schema.ts';

/** Pages that are made from the code: file → text. The tests compare them. */
const pages: readonly (readonly [file: string, text: () => string])[] = [
  ['docs/configuration.md', configReference],
  ['docs/openapi.json', () => `${JSON.stringify(openApiDocument(), null, 2)}\n`],
  ['docs/usage.schema.json', usageJsonSchema],
];

for (const [file, text] of pages) {
  await writeFile(fileURLToPath(new URL(`../${file}`, import.meta.url)), text());
  console.log(`wrote ${file}`);
}
