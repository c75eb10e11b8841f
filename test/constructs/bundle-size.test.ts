import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../lib/constructs/code/bundle.ts';
import { bundleSize } from '../../lib/constructs/code/bundle-size.ts';
import { functionBundle } from '../../lib/constructs/code/function-code.ts';
import { bundleLimitBytes } from '../../lib/constructs/code/function-limits.ts';
import { packageRoot } from '../../lib/package-files.ts';

let folder: string;
let entry: string;
beforeAll(() => {
  // Inside the project, so that its dependencies are found.
  mkdirSync(join(packageRoot, '.build'), { recursive: true });
  folder = mkdtempSync(join(packageRoot, '.build', 'test-'));
  entry = join(folder, 'entry.ts');
  writeFileSync(
    entry,
    "import middy from '@middy/core';\nimport { Logger } from '@aws-lambda-powertools/logger';\nexport const handler = middy(async () => new Logger());\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('bundleSize', () => {
  test('counts the bytes that are deployed, by package, largest first', () => {
    bundle({ entry, folder: join(folder, 'out') });
    const { totalBytes, byPackage } = bundleSize({ entry, folder: join(folder, 'out') });
    expect(totalBytes).toBe(statSync(join(folder, 'out', 'index.mjs')).size);
    expect(byPackage.map(([name]) => name)).toEqual(
      expect.arrayContaining(['@middy/core', '@aws-lambda-powertools/logger', '@aws-lambda-powertools/commons']),
    );
    const sizes = byPackage.map(([, bytes]) => bytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(totalBytes);
  });
});

test.each(Object.entries(bundleLimitBytes))('%s stays below %i bytes', (name, limit) => {
  const { totalBytes, byPackage } = bundleSize(functionBundle(name));
  expect(totalBytes).toBeLessThanOrEqual(limit);
  // What finds credentials outside Lambda has no business here; if it is back, the alias no longer holds.
  expect(byPackage.map(([dependency]) => dependency)).not.toContain('@aws-sdk/nested-clients');
});
