import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { planOf, specOf, stackOf } from './fixtures.ts';
import { ofType, resolved, type Statement, statementsOf } from './resolved.ts';

const template = Template.fromStack(
  stackOf([
    specOf('convert'),
    { plan: planOf('archive'), source: { entry: 'test/constructs/fixtures/worker.ts' } },
    specOf('silent', { queues: [] }),
  ]),
).toJSON();

const statements = statementsOf(template);
const actionsOf = (statement: Statement): readonly string[] => [statement.Action].flat();
const resourcesOf = (statement: Statement): readonly string[] => [statement.Resource].flat().map(resolved);

/** IAM knows no resource for these. */
const withoutResourceLevel = ['cloudwatch:GetMetricData', 'ecr:GetAuthorizationToken'];

describe('least privilege', () => {
  test('no action is a pattern', () => {
    expect(statements.flatMap(actionsOf).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('a resource is * only where IAM has none, and then nothing else is allowed with it', () => {
    const everywhere = statements.filter((statement) => resourcesOf(statement).includes('*'));
    expect(everywhere.flatMap(actionsOf).toSorted()).toEqual(withoutResourceLevel);
  });

  test('no managed policy of AWS is attached', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  test('nobody may pass a role or delete an item', () => {
    const actions = statements.flatMap(actionsOf);
    expect(actions.filter((action) => /PassRole|dynamodb:Delete|iam:|dynamodb:Scan/.test(action))).toEqual([]);
  });

  test('the tick function may change desired counts of its own services only', () => {
    const [update, ...others] = statements.filter((statement) => actionsOf(statement).includes('ecs:UpdateService'));
    expect(others).toEqual([]);
    expect(update && resourcesOf(update).toSorted()).toEqual([
      expect.stringMatching(/^<ServicesarchiveService/),
      expect.stringMatching(/^<ServicesconvertService/),
      expect.stringMatching(/^<ServicessilentService/),
    ]);
  });

  test('a worker adds to the items of its own service only, and protects tasks of its own cluster only', () => {
    const own = statements.filter(({ policy }) => policy.startsWith('Servicesconvert'));
    expect(own.map((statement) => [actionsOf(statement), statement.Condition])).toEqual([
      [['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'], { ArnEquals: { 'ecs:cluster': expect.anything() } }],
      [
        ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['SVC#convert'] } },
      ],
      [expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']), undefined],
      [['sqs:SendMessage'], undefined],
    ]);
    expect(own.flatMap(resourcesOf)).toEqual([
      expect.stringMatching(/:task\/<Cluster[^>]*>\/\*$/),
      expect.stringMatching(/^<State.*Arn>$/),
      expect.stringMatching(/^<QueuesconvertJobs.*Arn>$/),
      expect.stringMatching(/^<QueuesconvertDead.*Arn>$/),
    ]);
  });
});
