import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sluice-validate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const validate = (name: string, text: string | undefined, ...more: string[]) => {
  const file = join(folder, name);
  if (text !== undefined) writeFileSync(file, text);
  return spawnSync(process.execPath, ['bin/run.js', 'validate', '--config', file, ...more], { encoding: 'utf8' });
};
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

it('says what it understood, warns on stderr, and exits 0', () => {
  const config = {
    services: { convert: { slo: { startWithinSeconds: 20 }, worker: { image: 'x' }, tasks: { max: 3 } } },
  };
  const { status, stdout, stderr } = validate('good.json', JSON.stringify(config));
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /is valid: 1 service, 2 warnings[\s\S]*99 % of jobs start within 20 s[\s\S]*0 to 3 of 0.25 vCPU/,
  );
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/^warning: services\.convert\.slo/),
    expect.stringMatching(/^warning: services\.convert\.worker/),
  ]);
});

it('--json: one document on stdout, warnings inside', () => {
  const { status, stdout } = validate(
    'good.json',
    '{"services": {"convert": {"slo": {"startWithinSeconds": 20}}}}',
    '--json',
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    services: [{ name: 'convert', timeZone: 'UTC', tasks: { min: 0, max: 10 } }],
    warnings: [{ code: 'sloBelowStart', path: 'services.convert.slo.startWithinSeconds' }, { code: 'nothingToRun' }],
  });
});

it('exits 2 with one line an issue, and with --json a document as well', () => {
  const text = '{"services": {"a": {"tasks": {"max": "5"}, "polcy": {}}}}';
  const { status, stdout, stderr } = validate('bad.json', text, '--json');
  expect(status).toBe(2);
  expect(lines(stderr)).toHaveLength(2);
  const { ok, issues } = JSON.parse(stdout);
  expect(ok).toBe(false);
  expect(issues).toContainEqual({
    path: 'services.a.tasks.max',
    found: '"5"',
    expected: 'a whole number from 0 to 5000',
    mend: 'Write 5 without quotes.',
  });
});

it.each([
  [
    'a syntax error with file and line',
    'syntax.ts',
    'export default {\n  services: {,}\n};\n',
    /^\S*syntax\.ts:2: found a syntax error: .*$/,
  ],
  [
    'an error with file and line when it runs',
    'runs.ts',
    '\nexport default { services: nothing };\n',
    /^\S*runs\.ts:2:\d+: found an error when it runs: ReferenceError.*$/,
  ],
  [
    'a missing import',
    'import.ts',
    "import './nope.ts';\nexport default {};\n",
    /^\S*import\.ts: found an error when it runs: Error: Cannot find module.*$/,
  ],
  ['a missing file', 'missing.ts', undefined, /^\S*missing\.ts: found no such file; .*$/],
])('answers %s by one line and exit code 2', (_name, file, text, line) => {
  const { status, stdout, stderr } = validate(file, text);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.trimEnd()).toMatch(line);
});
