import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import { testApp } from './fixtures.ts';
import { libraryStack } from './library-stack.ts';
import type { Acknowledgement } from './nag-acknowledgements.ts';
import { ofType, statementsOf } from './resolved.ts';

/** Goal: what nag.test.ts and validation.test.ts ask of a config's stack, asked of the other constructs. */
let outdir: string;
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'sluice-library-'));
});
afterAll(() => rmSync(outdir, { recursive: true }));

test("CDK's own rules find nothing", () => {
  const app = createApp({ outdir: undefined, builtinCloudFormationValidation: true });
  libraryStack(app);
  const { stacks } = app.synth();
  expect(stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([]);
});

const names = 'Names, URLs and numbers only. No secret is among them.';
const protection =
  'Task protection of tasks that do not exist yet; the cluster is known, and a condition names it too.';
const acknowledged: readonly (Omit<Acknowledgement, 'id'> & { readonly id: RegExp })[] = [
  {
    path: /\/site\/Balancer\/SecurityGroup\//,
    id: /EC23$/,
    reason: 'In may come the network’s own range alone: a reference, which the rule cannot read.',
  },
  {
    path: /\/Network\//,
    id: /VPC7$/,
    reason: 'As in a config’s stack: flow logs cost by the byte, and nothing comes in.',
  },
  { path: /\/Cluster\//, id: /ECS4$/, reason: 'As in a config’s stack: Container Insights cost more than Sluice.' },
  { path: /\/Task\/Resource$|TaskDef\/Resource$/, id: /ECS2$/, reason: names },
  {
    path: /\/site\/Worker\/Role\/|TaskDef\/TaskRole\//,
    id: /IAM5\[Resource::arn:.*:task\/<.*>\/\*\]$/,
    reason: protection,
  },
  {
    path: /\/Scaler\/Tick\/Role\//,
    id: /IAM5\[Resource::\*\]$/,
    reason: 'cloudwatch:GetMetricData has no resource level.',
  },
  {
    path: /\/Scaler\/Tick\/Role\//,
    id: /IAM5\[Resource::arn:.*parameter\/sluice\/.*\/\*\]$/,
    reason: 'The bindings below the stage’s path.',
  },
  {
    path: /\/Scaler\/SchedulerRole\//,
    id: /IAM5\[Resource::<.*\.Arn>:\*\]$/,
    reason: 'Versions and aliases of the one function.',
  },
  {
    path: /\/site\/Balancer\//,
    id: /ELB2$/,
    reason: 'Access logs need a bucket and its rules: who wants them gives an own load balancer ("behind").',
  },
];

test('what AwsSolutions finds is what is acknowledged, and nothing is acknowledged in vain', () => {
  const app = createApp({ outdir: join(outdir, 'nag'), builtinCloudFormationValidation: false });
  libraryStack(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow('Acknowledge with');
  const report: Report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const found = report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ path: constructPath, id: ruleName })),
    ),
  );
  const fits = (one: { path: string; id: string }, { path, id }: (typeof acknowledged)[number]) =>
    path.test(one.path) && id.test(one.id);
  expect(found.filter((one) => !acknowledged.some((ack) => fits(one, ack)))).toEqual([]);
  expect(acknowledged.filter((ack) => !found.some((one) => fits(one, ack)))).toEqual([]);
});

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

test('no desired count, no pattern as an action, and only own services are updated', () => {
  const template = Template.fromStack(libraryStack(testApp())).toJSON();
  expect(JSON.stringify(template)).not.toContain('DesiredCount');
  expect(ofType(template, 'AWS::ECS::Service')).toHaveLength(2);
  const actions = statementsOf(template).flatMap(({ Action }) => [Action].flat());
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  const updates = statementsOf(template).filter(({ Action }) => [Action].flat().includes('ecs:UpdateService'));
  expect(updates.flatMap(({ Resource }) => [Resource].flat())).toHaveLength(3);
});
