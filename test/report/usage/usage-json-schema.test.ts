import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { usageJsonSchema } from '../../../lib/report/usage/usage-json-schema.ts';

it('docs/usage.schema.json is the schema of the code', () => {
  expect(readFileSync('docs/usage.schema.json', 'utf8')).toBe(usageJsonSchema());
});

it('says yes and no like the reader', () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(usageJsonSchema()));
  const file = { version: 1, currency: 'USD', timeZone: 'UTC', from: '2026-08-17T00:00Z', to: '2026-08-17T01:00Z' };
  expect(validate(file)).toBe(true);
  expect(validate({ ...file, currency: 'EUR' })).toBe(false);
  expect(validate({ ...file, sevices: [] })).toBe(false);
});
