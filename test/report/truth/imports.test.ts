import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the truth knows nothing of the code that it judges: only the bridge and the tests import lib', () => {
  const folder = new URL('.', import.meta.url);
  const truth = readdirSync(folder).filter((file) => !file.endsWith('.test.ts') && file !== 'truth-bridge.ts');
  expect(truth.length).toBeGreaterThan(4);
  for (const file of truth) {
    const imports = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from,
    );
    expect(imports.filter((from) => !/^\.\/[a-z-]+\.ts$/.test(from ?? '') || from === './truth-bridge.ts')).toEqual([]);
  }
});
