import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsClients, createAwsClients } from '../../../lib/local/aws-clients.ts';
import { clientEnvironment } from '../../../lib/local/client-environment.ts';
import { bootEmulators, type Emulators } from '../../../lib/local/emulators/boot-emulators.ts';
import { createHttpApiHost } from '../../../lib/local/http-api/http-api-host.ts';
import { createLambdaHost, type LambdaHost } from '../../../lib/local/lambda/lambda-host.ts';
import { createStack } from '../../../lib/local/template/create-stack.ts';
import type { RawOutput, RawResource, Template } from '../../../lib/local/template/template.ts';
import { fakeControlPlane } from '../fixtures/fake-control-plane.ts';

let emulators: Emulators;
let clients: AwsClients;
let lambda: LambdaHost;
let stackNumber = 0;

beforeAll(async () => {
  emulators = await bootEmulators();
  const { messaging, dynamoDb } = emulators;
  clients = createAwsClients(
    clientEnvironment({ messaging: messaging.endpoint, dynamoDb: dynamoDb.endpoint, controlPlane: '' }),
  );
  lambda = createLambdaHost({
    sqs: clients.sqs,
    queueUrl: messaging.queueUrl,
    awsEnvironment: () => ({}),
    onFunctionLine: () => undefined,
  });
});
afterAll(async () => {
  await lambda.stop();
  clients.destroy();
  await emulators.stop();
});

const create = async (template: Template, imports: ReadonlyMap<string, unknown> = new Map()) => {
  const controlPlane = fakeControlPlane();
  const ignored: string[] = [];
  const stack = { name: `s${stackNumber++}`, template, assets: new Map<string, string>() };
  const created = await createStack(
    stack,
    {
      clients,
      queueUrl: emulators.messaging.queueUrl,
      controlPlane,
      lambda,
      httpApis: createHttpApiHost(() => lambda),
      assetPath: () => undefined,
      ignore: (what) => ignored.push(what),
    },
    imports,
  );
  const resource = (id: string) => created.resources.find(({ logicalId }) => logicalId === id);
  return { ...created, resource, ignored, parameters: controlPlane.parameters };
};
const one = (Type: string, Properties: RawResource['Properties'] = {}, more: object = {}): Template => ({
  Resources: { R: { Type, Properties, ...more } },
});
const output = (Value: unknown): RawOutput => ({ Value });

describe('createStack', () => {
  it('creates a queue with its dead-letter queue; Ref is a URL that works', async () => {
    const { outputs } = await create({
      Resources: {
        Jobs: {
          Type: 'AWS::SQS::Queue',
          Properties: {
            VisibilityTimeout: 90,
            SqsManagedSseEnabled: true,
            RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
          },
        },
        Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead', MessageRetentionPeriod: 1_209_600 } },
      },
      Outputs: { Url: output({ Ref: 'Jobs' }), DeadUrl: output({ Ref: 'Dead' }) },
    });
    expect(outputs.DeadUrl).toBe(emulators.messaging.queueUrl('dead'));
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: outputs.Url, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      VisibilityTimeout: '90',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3}',
    });
  });

  it.each([
    ['FifoQueue', { FifoQueue: true, ContentBasedDeduplication: true }, /\.fifo$/],
    ['a name', { FifoQueue: true, QueueName: 'mine.fifo' }, /\/mine\.fifo$/],
  ])('creates a FIFO queue with %s', async (_name, properties, url) => {
    expect((await create(one('AWS::SQS::Queue', properties))).resource('R')?.ref).toMatch(url);
  });

  it('creates table, bucket, parameter and subscribed topic', async () => {
    const created = await create({
      Resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
            TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        },
        Bucket: { Type: 'AWS::S3::Bucket' },
        Topic: { Type: 'AWS::SNS::Topic' },
        Queue: { Type: 'AWS::SQS::Queue' },
        ToQueue: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'Topic' },
            Protocol: 'sqs',
            Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            RawMessageDelivery: true,
          },
        },
        ToPerson: {
          Type: 'AWS::SNS::Subscription',
          Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'a@example.com' },
        },
        Parameter: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/a/b', Type: 'String', Value: { Ref: 'Table' } },
        },
      },
    });
    const ref = (id: string) => created.resource(id)?.ref ?? '';
    const { Table } = await clients.dynamoDb.send(new DescribeTableCommand({ TableName: ref('Table') }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    await clients.s3.send(new HeadBucketCommand({ Bucket: ref('Bucket') }));
    expect(created.parameters.get('/a/b')).toBe(ref('Table'));
    await clients.sns.send(new PublishCommand({ TopicArn: ref('Topic'), Message: 'news' }));
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: ref('Queue'), WaitTimeSeconds: 2 }),
    );
    expect(Messages?.[0]?.Body).toBe('news');
    expect(created.ignored).toEqual([
      `${created.name}.Table: time to live`,
      `${created.name}.ToPerson (email subscription of a@example.com)`,
    ]);
  });

  it('leaves out what has no effect here, says so, and invents an attribute only where something real uses it', async () => {
    const created = await create({
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC' },
        Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { 'Fn::GetAtt': ['Vpc', 'VpcId'] } } },
        Role: { Type: 'AWS::IAM::Role' },
        Meta: { Type: 'AWS::CDK::Metadata' },
        P: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } } },
        Q: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      },
    });
    const { name } = created;
    expect(created.ignored).toEqual([
      `${name}.Vpc (AWS::EC2::VPC)`,
      `${name}.Group (AWS::EC2::SecurityGroup)`,
      `${name}.Role (AWS::IAM::Role)`,
    ]);
    expect(created.invented).toHaveLength(1);
    expect(created.invented[0]).toMatch(`${name}.Group.GroupId = `);
  });

  it('leaves out resources and outputs whose condition is false', async () => {
    const created = await create({
      Conditions: {
        Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
        Away: { 'Fn::Not': [{ Condition: 'Here' }] },
      },
      Resources: {
        In: { Type: 'AWS::SQS::Queue', Condition: 'Here' },
        Out: { Type: 'AWS::Unknown::Thing', Condition: 'Away' },
      },
      Outputs: {
        Out: { Value: { Ref: 'Out' }, Condition: 'Away' },
        Name: output({ 'Fn::GetAtt': ['In', 'QueueName'] }),
      },
    });
    expect(created.resources.map(({ logicalId }) => logicalId)).toEqual(['In']);
    expect(Object.keys(created.outputs)).toEqual(['Name']);
  });

  it('passes exports on to a later stack', async () => {
    const first = await create({
      Resources: { Q: { Type: 'AWS::SQS::Queue' } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Q', 'Arn'] }, Export: { Name: 'first:Arn' } } },
    });
    const second = await create(
      one('AWS::SSM::Parameter', { Value: { 'Fn::ImportValue': 'first:Arn' } }),
      first.exports,
    );
    expect(second.resource('R')?.attributes?.Value).toBe(first.resource('Q')?.attributes?.Arn);
  });

  it.each([
    [
      'a type that it does not have',
      one('AWS::StepFunctions::StateMachine'),
      /s\d+\.R: found a resource of type AWS::StepFunctions/,
    ],
    [
      'a property that it does not have',
      one('AWS::S3::Bucket', { NotificationConfiguration: {} }),
      /NotificationConfiguration/,
    ],
    [
      'an unknown function in a resource without effect',
      one('AWS::IAM::Role', { x: { 'Fn::Cidr': [] } }),
      /found Fn::Cidr/,
    ],
    [
      'a subscription of a function',
      one('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: 'x' }),
      /found "lambda"/,
    ],
    [
      'a function in Python',
      one('AWS::Lambda::Function', { Runtime: 'python3.13' }),
      /found "python3.13"; expected a Node/,
    ],
    [
      'inline code',
      one('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Code: { ZipFile: 'x' } }),
      /a file asset of this app/,
    ],
    [
      'a queue value that SQS refuses',
      one('AWS::SQS::Queue', { VisibilityTimeout: 50_000 }),
      /s\d+\.R: found ".*VisibilityTimeout.*while creating this AWS::SQS::Queue/,
    ],
  ])('refuses %s', async (_name, template, message) => {
    await expect(create(template)).rejects.toThrow(message);
  });
});
