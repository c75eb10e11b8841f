import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { planOf, stackOf } from './fixtures.ts';
import { ofType, resolved, statementsOf } from './resolved.ts';

const image = 'public.ecr.aws/x/y:1';
const template = Template.fromStack(
  stackOf([
    { plan: planOf('fetch'), source: { image, sendsTo: ['process'] } },
    { plan: planOf('process'), source: { image } },
    { plan: planOf('alone'), source: { image, jobs: true } },
    { plan: planOf('plain'), source: { image } },
  ]),
).toJSON();

const variables = (service: string): Readonly<Record<string, unknown>> => {
  const [task] = ofType(template, 'AWS::ECS::TaskDefinition').filter(([id]) => id.startsWith(`Services${service}`));
  const [container] = (task?.[1].Properties.ContainerDefinitions ?? []) as readonly {
    readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
  }[];
  return Object.fromEntries((container?.Environment ?? []).map(({ Name, Value }) => [Name, resolved(Value)]));
};
const sendsTo = (service: string): readonly string[] =>
  statementsOf(template)
    .filter(
      ({ policy, Action }) => policy.startsWith(`Services${service}`) && [Action].flat().includes('sqs:SendMessage'),
    )
    .flatMap(({ Resource }) => [Resource].flat().map(resolved));

test('who sends next jobs, who gets them, and who asks for it keeps records; nobody else', () => {
  for (const service of ['fetch', 'process', 'alone']) {
    expect(variables(service)).toMatchObject({ SLUICE_JOBS_TABLE: expect.stringMatching(/^<JobsTable/) });
  }
  expect(variables('plain').SLUICE_JOBS_TABLE).toBeUndefined();
});

test('a worker knows and may send to the queues of its next jobs, its own and its dead letters', () => {
  expect(variables('fetch').SLUICE_NEXT_QUEUES).toMatch(/^\[{"name":"process","url":"<Queuesprocess/);
  expect(variables('process').SLUICE_NEXT_QUEUES).toBeUndefined();
  expect(sendsTo('fetch').filter((arn) => !arn.includes('Dead'))).toEqual([
    expect.stringMatching(/^<QueuesfetchJobs/),
    expect.stringMatching(/^<QueuesprocessJobs/),
  ]);
});

test('a sweeper looks after them every five minutes, and people’s tools find them', () => {
  const schedules = ofType(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
  expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toContain('rate(5 minutes)');
  const names = ofType(template, 'AWS::SSM::Parameter').map(([, { Properties }]) => Properties.Name);
  expect(names).toContain('/sluice/sluice/jobs');
});

test('a stage without records has no table for them', () => {
  const without = Template.fromStack(stackOf([{ plan: planOf('plain'), source: { image } }])).toJSON();
  expect(ofType(without, 'AWS::DynamoDB::Table')).toHaveLength(1);
});
