import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { packageRoot } from '../../lib/package-files.ts';

/**
 * Goal: the examples of the docs do what they say. Method: each block that is marked as one is put into a module with
 * the imports that it names, and synthesised.
 */
const page = readFileSync(join(packageRoot, 'docs/constructs.md'), 'utf8');
const examples = [...page.matchAll(/```ts example\n([\s\S]*?)```/g)].map(([, code = '']) => code);

const homes: Readonly<Record<string, string>> = {
  JobQueue: 'job-queue',
  WorkerService: 'worker/worker-service',
  WebService: 'web/web-service',
  ExistingService: 'adopt/existing-service',
  Scaler: 'scaler',
  QueueProcessingFargateService: 'patterns/queue-processing-fargate-service',
};

const moduleOf = (code: string): string => {
  const used = Object.entries(homes).filter(([name]) => code.includes(name));
  return [
    "import { Duration, Stack } from 'aws-cdk-lib';",
    "import { Template } from 'aws-cdk-lib/assertions';",
    "import * as ecs from 'aws-cdk-lib/aws-ecs';",
    "import * as iam from 'aws-cdk-lib/aws-iam';",
    "import * as sqs from 'aws-cdk-lib/aws-sqs';",
    `import { toServicePlan } from '${packageRoot}/lib/config/parse-config.ts';`,
    `import { testApp } from '${packageRoot}/test/constructs/fixtures.ts';`,
    `import { StateTable } from '${packageRoot}/lib/constructs/state-table.ts';`,
    `import { WorkerCluster } from '${packageRoot}/lib/constructs/worker/worker-cluster.ts';`,
    `import { WorkerNetwork } from '${packageRoot}/lib/constructs/worker/worker-network.ts';`,
    ...used.map(([name, file]) => `import { ${name} } from '${packageRoot}/lib/constructs/${file}.ts';`),
    "const stack = new Stack(testApp(), 'docs');",
    "const cluster = new WorkerCluster(stack, 'Cluster', { vpc: new WorkerNetwork(stack, 'Network') });",
    "const table = new StateTable(stack, 'State');",
    "const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/x/y:1');",
    "const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });",
    code,
    'void [Duration, sqs, toServicePlan, cluster, table, image, producer];',
    'export const template = Template.fromStack(stack).toJSON();',
  ].join('\n');
};

let folder: string;
beforeAll(() => {
  mkdirSync(join(packageRoot, '.build'), { recursive: true });
  folder = mkdtempSync(join(packageRoot, '.build/docs-'));
  examples.forEach((code, index) => {
    writeFileSync(join(folder, `example${index}.ts`), moduleOf(code));
  });
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.cdk.json', include: ['*.ts'], exclude: [] }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/constructs.md', () => {
  it('has an example of each construct', () => {
    expect(Object.keys(homes).filter((name) => !examples.some((code) => code.includes(`new ${name}(`)))).toEqual([]);
  });

  it('is type-checked', () => {
    const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  }, 60_000);

  it.each(examples.map((code, index) => [code.trim().split('\n').at(-1), index] as const))('%s', async (_, index) => {
    const file = join(folder, `example${index}.ts`);
    const { template } = (await import(file)) as { readonly template: { readonly Resources: object } };
    expect(Object.keys(template.Resources).length).toBeGreaterThan(2);
    expect(JSON.stringify(template)).not.toContain('DesiredCount');
  });
});

it('the five lines of docs/adopt.md are a config', () => {
  const adopt = readFileSync(join(packageRoot, 'docs/adopt.md'), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(adopt) ?? [];
  const parsed = parseConfig(JSON.parse(`{ "services": {${json}} }`));
  expect(parsed).toMatchObject({ ok: true, plans: [{ service: 'convert', mode: 'shadow', reports: false }] });
});
