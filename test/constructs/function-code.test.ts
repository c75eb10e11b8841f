import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../lib/constructs/code/bundle.ts';
import { functionBundle, functionFolder } from '../../lib/constructs/code/function-code.ts';
import { fixtureFunction } from './fixtures.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-functions-'));
  mkdirSync(join(root, 'functions'));
  writeFileSync(join(root, 'functions', 'greet.ts'), source);
});
afterAll(async () => {
  const { rm } = await import('node:fs/promises');
  await rm(root, { recursive: true });
});

const source = `
import { createHash } from 'node:crypto';
export const handler = async (event: { readonly name: string }): Promise<string> =>
  require('node:path').basename(event.name) + createHash('sha256').update('').digest('hex').slice(0, 4);
`;

describe('functionFolder', () => {
  test('bundles a function into one ES module that runs, CommonJS calls included', async () => {
    const folder = functionFolder('greet', root);
    expect(folder).toBe(join(root, '.build', 'functions', 'greet'));
    const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
    expect(await handler({ name: 'a/b' })).toBe('be3b0');
  });

  test('the same source gives the same bytes, and the file is left alone', () => {
    const file = join(functionFolder('greet', root), 'index.mjs');
    const before = { text: readFileSync(file, 'utf8'), changed: statSync(file).mtimeMs };
    bundle(functionBundle('greet', root));
    expect({ text: readFileSync(file, 'utf8'), changed: statSync(file).mtimeMs }).toEqual(before);
  });

  test('takes what lies ready in a built package', () => {
    expect(functionFolder('ready', join(fixtureFunction, '..', '..'))).toBe(fixtureFunction);
  });
});
