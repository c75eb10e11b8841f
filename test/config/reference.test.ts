import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configReference } from '../../lib/config/reference.ts';
import { policyTypes } from '../../lib/config/schema/policy-schema.ts';

it('docs/configuration.md is what "npm run docs" makes', () => {
  expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configReference());
});

it('says of every field what it takes, its default and its meaning', () => {
  const rows = configReference()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(100);
  for (const row of rows) expect(row.split(/(?<!\\) ?\| ?/).slice(1, -1), row).not.toContain('');
});

it('has a section for every policy', () => {
  for (const type of policyTypes) expect(configReference()).toMatch(new RegExp(`^### .*\`${type}\``, 'm'));
});
