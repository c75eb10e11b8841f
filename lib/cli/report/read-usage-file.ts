import { BadInput } from '../../model/bad-input.ts';
import { readUsage } from '../../report/usage/read-usage.ts';
import type { Usage } from '../../report/usage/usage.ts';
import { readJsonFile } from './read-json-file.ts';

/** @throws BadInput that names the file, and the line or the path in it. */
export const readUsageFile = (file: string): Usage => {
  const usage = readUsage(readJsonFile('--usage', file, 'a usage file (docs/usage.schema.json)'));
  if (usage.ok) return usage.usage;
  const { issues } = usage;
  throw new BadInput([
    ...issues.slice(0, issuesMax).map((issue) => ({ ...issue, path: `${file} ${issue.path}` })),
    ...(issues.length > issuesMax
      ? [{ path: file, found: `${issues.length - issuesMax} faults more`, expected: 'none', mend: 'Mend these first.' }]
      : []),
  ]);
};

/** A program that writes a file wrongly does it in each of a thousand services. */
const issuesMax = 20;
