import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('settingsAt brings neither zod nor date-holidays into a bundle', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: ['lib/schedule/settings-at.ts'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((file) => /node_modules\/(zod|date-holidays)\//.test(file))).toEqual([]);
  expect(inputs.some((file) => file.includes('temporal-polyfill'))).toBe(true);
  // The tick bundle has 720 KB for everything.
  expect(outputFiles[0]?.contents.length).toBeLessThan(100_000);
});
