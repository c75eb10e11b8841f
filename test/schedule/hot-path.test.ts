import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { epoch, planWith } from './plan-for-test.ts';

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

it('settingsAt is cheap: well under 20 µs a call, each call in a minute of its own', () => {
  const plan = planWith({
    calendar: { timeZone: 'America/New_York', holidays: ['2026-12-24'] },
    schedule: ['weekdays', 'weekends', 'holidays', 'every'].map((days, i) => ({
      name: String(i),
      days: days as 'every',
      fromMinute: 60 * i,
      toMinute: 1200,
    })),
  });
  const from = epoch('2026-03-01T00:00:00Z');
  const calls = 20_000;
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let i = 0; i < calls; i += 1) settingsAt(plan, from + i * 60);
    return ((performance.now() - start) * 1000) / calls;
  });
  // The best of five: the machine may be busy with other things.
  expect(Math.min(...rounds)).toBeLessThan(20);
});
