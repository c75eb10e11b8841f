import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alertKinds } from '../../lib/model/alert-catalogue.ts';
import { withAlertTable } from '../../scripts/docs/alert-table.ts';

test('docs/operations.md has the alerts of the code: "npm run docs" makes it so', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  expect(page).toBe(withAlertTable(page));
});

/** Alerts are written as objects with a code and a severity, or made by `alertOf('code', 'severity'`. */
const raisedIn = (text: string): readonly string[] => [
  ...[...text.matchAll(/code: '(\w+)',\s*severity/g)].map(([, code = '']) => code),
  ...[...text.matchAll(/alertOf\(\s*'(\w+)'/g)].map(([, code = '']) => code),
];

test('every alert that the code raises has an entry: what it means, what Sluice does, what to do', () => {
  const files = execFileSync('git', ['ls-files', 'lib/decide', 'lib/act', 'lib/tick', 'lib/observe'], {
    encoding: 'utf8',
  });
  const codes = files
    .split('\n')
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => raisedIn(readFileSync(file, 'utf8')));
  expect(new Set(codes).size).toBeGreaterThan(20);
  expect(codes.filter((code) => !Object.hasOwn(alertKinds, code))).toEqual([]);
});
