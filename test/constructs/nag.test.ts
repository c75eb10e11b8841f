import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../../lib/constructs/sluice-from-config.ts';
import { fixtureFunction } from './fixtures.ts';
import { acknowledgements } from './nag-acknowledgements.ts';

/**
 * Goal: cdk-nag's AwsSolutions rules find nothing in the stack that is not looked at, and nothing is acknowledged that
 * they do not find any more.
 * Method: the stack of sluice.config.ts, with the rules as CDK's own validation runs them.
 */
let outdir: string;
let app: App;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'sluice-nag-'));
});
afterAll(() => rmSync(outdir, { recursive: true }));

const nagApp = async (name: string) => {
  app = createApp({ outdir: join(outdir, name), builtinCloudFormationValidation: false });
  const stack = await sluiceStack(app, { code: lambda.Code.fromAsset(fixtureFunction) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return stack;
};

interface Finding {
  readonly path: string;
  readonly id: string;
}

/** Synthesises the app; what the rules find, without the acknowledgements. */
const findings = (): readonly Finding[] => {
  expect(() => app.synth()).toThrow('Acknowledge with');
  const report: Report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ path: constructPath, id: ruleName })),
    ),
  );
};

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

const fits = (finding: Finding, { id, path }: (typeof acknowledgements)[number]): boolean =>
  id === finding.id && path.test(finding.path);

test('what AwsSolutions finds is what is acknowledged, each with its reason', async () => {
  await nagApp('found');
  const found = findings();
  expect(found.filter((finding) => !acknowledgements.some((one) => fits(finding, one)))).toEqual([]);
  expect(acknowledgements.filter((one) => !found.some((finding) => fits(finding, one)))).toEqual([]);
});

test('and with these acknowledgements the rules pass', async () => {
  const stack = await nagApp('acknowledged');
  for (const construct of stack.node.findAll()) {
    for (const { path, id, reason } of acknowledgements) {
      if (path.test(construct.node.path)) Validations.of(construct).acknowledge({ id, reason });
    }
  }
  app.synth();
});

test('a queue that takes plain HTTP is found', async () => {
  new sqs.Queue(await nagApp('planted'), 'Open');
  expect(findings().filter(({ path }) => path.startsWith('sluice/Open/'))).toContainEqual({
    path: 'sluice/Open/Resource',
    id: 'AwsSolutions-SQS4',
  });
});
