import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configReference } from '../lib/config/reference.ts';
import { openApiDocument } from '../lib/jobs/api/contract/openapi.ts';
import { usageJsonSchema } from '../lib/report/usage/usage-json-schema.ts';
import { reportJsonSchema } from '../lib/report/weekly/report-json-schema.ts';
import { withAlertTable } from './docs/alert-table.ts';
import { withOwnCost } from './docs/own-cost.ts';

/** Pages that are made from the code: file → text. The tests compare them. */
const pages: readonly (readonly [file: string, text: () => string])[] = [
  ['docs/configuration.md', configReference],
  ['docs/openapi.json', () => `${JSON.stringify(openApiDocument(), null, 2)}\n`],
  ['docs/report.schema.json', reportJsonSchema],
  ['docs/usage.schema.json', usageJsonSchema],
];

const pathOf = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

for (const [file, text] of pages) {
  await writeFile(pathOf(file), text());
  console.log(`wrote ${file}`);
}
// Written by hand, but for a table in them.
const tables: readonly (readonly [file: string, made: (page: string) => string])[] = [
  ['docs/deploy.md', withOwnCost],
  ['docs/operations.md', withAlertTable],
];
for (const [file, made] of tables) {
  await writeFile(pathOf(file), made(await readFile(pathOf(file), 'utf8')));
  console.log(`wrote ${file}`);
}
