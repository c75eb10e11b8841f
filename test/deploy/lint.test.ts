import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childEnvironment, projectRoot, python } from './lane-environment.ts';
import { runProgram, runWell } from './run-program.ts';

/**
 * Goal: CloudFormation would take our templates, also where moto looks at nothing.
 * Method: cfn-lint knows the schema of every resource type; test/deploy/cfn-lint.yaml lists what it may find, and why.
 */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lint-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['sluice.config.ts', 'bin/app.ts'],
  ['the quickstart', 'examples/quickstart/app.ts'],
])('cfn-lint finds nothing in the template of %s', async (_name, app) => {
  const assembly = join(folder, app.replaceAll('/', '-'));
  const environment = childEnvironment('', folder, { CDK_OUTDIR: assembly });
  await runWell(process.execPath, [join(projectRoot, 'bin/run.js'), '--script', app], environment);
  const templates = join(assembly, '*.template.json');
  const config = join(projectRoot, 'test/deploy/cfn-lint.yaml');
  const { code, stdout, stderr } = await runProgram(
    python('cfn-lint'),
    ['--config-file', config, '--template', templates],
    childEnvironment('', folder),
  );
  expect({ code, findings: `${stdout}${stderr}` }).toEqual({ code: 0, findings: '' });
});
