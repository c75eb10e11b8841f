import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { designConfig } from '../config/design-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-schedule-'));
const config = join(folder, 'design.json');
beforeAll(() => writeFileSync(config, JSON.stringify(designConfig)));
afterAll(() => rmSync(folder, { recursive: true }));
const schedule = (...options: string[]) =>
  spawnSync(process.execPath, ['bin/run.js', 'schedule', '--config', config, ...options], { encoding: 'utf8' });

it('--json has the shape of the design, from --from to the letter', () => {
  const { status, stdout } = schedule('--from', '2026-12-23T12:00:00.000Z', '--days', '2', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    transitions: [
      {
        service: 'convert',
        at: '2026-12-23T12:00:00.000Z',
        local: '2026-12-23T13:00:00+01:00',
        window: 'business',
        tasks: { min: 5, max: 5 },
        worker: { cpu: 1024, memoryMiB: 2048 },
      },
      {
        service: 'convert',
        at: '2026-12-23T17:00:00Z',
        local: '2026-12-23T18:00:00+01:00',
        window: 'off hours',
        tasks: { min: 2, max: 2 },
        worker: { cpu: 512, memoryMiB: 1024 },
      },
      {
        service: 'convert',
        at: '2026-12-23T23:00:00Z',
        local: '2026-12-24T00:00:00+01:00',
        window: 'weekend',
        tasks: { min: 1, max: 1 },
        worker: { cpu: 256, memoryMiB: 512 },
      },
    ],
  });
});

it('prints local time and UTC and marks a day whose clocks change, even a quiet one', () => {
  const { status, stdout } = schedule('--from', '2026-10-23', '--days', '4');
  expect(status).toBe(0);
  const rows = stdout.trimEnd().split('\n');
  expect(rows[0]).toBe('convert');
  expect(rows[2]).toMatch(/^Fri 2026-10-23 00:00 {2}\+02:00 {2}Thu 2026-10-22 22:00 {2}off hours {2}2 +512\/1024$/);
  expect(rows.filter((row) => row.includes('clocks go back 60 min'))).toEqual([
    expect.stringMatching(/^Sun 2026-10-25 02:00 {2}\+01:00 {2}Sun 2026-10-25 01:00 {2}weekend/),
  ]);
});

it.each([
  ['--days', 'many', /^--days: found "many"/],
  ['--days', '0', /^--days: found "0"/],
  ['--from', 'tomorrow', /^--from: found "tomorrow"/],
])('answers %s %s by one line and exit code 2', (option, value, line) => {
  const { status, stderr } = schedule(option, value);
  expect(status).toBe(2);
  expect(stderr).toMatch(line);
});
