import { BadInput } from '../../model/bad-input.ts';
import { readUsage } from '../../report/usage/read-usage.ts';
import type { Usage } from '../../report/usage/usage.ts';
import { readJsonFile } from './read-json-file.ts';

/** @throws BadInput that names the file, and the line or the path in it. */
export const readUsageFile = (file: string): Usage => {
  const usage = readUsage(readJsonFile('--usage', file, 'a usage file (docs/usage.schema.json)'));
  if (usage.ok) return usage.usage;
  throw new BadInput(usage.issues.map((issue) => ({ ...issue, path: `${file} ${issue.path}` })));
};
