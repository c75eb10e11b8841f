import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import { sluiceVersion } from '../../lib/model/version.ts';
import { planOf, specOf, stackOf, testApp } from './fixtures.ts';
import { ofType, only, resolved } from './resolved.ts';

const template = Template.fromStack(stackOf([specOf('convert'), specOf('archive')]));

describe('ticks', () => {
  test('once a minute a shard, never again after a minute, dead letters kept', () => {
    template.resourceCountIs('AWS::Scheduler::Schedule', 1);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Input: '{"shard":"0","scheduledAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
  });

  test('31 services make two shards, each with its schedule, and one role for both', () => {
    const many = Array.from({ length: 31 }, (_, index) => specOf(`s${String(index).padStart(2, '0')}`));
    const app = testApp();
    const shards = Template.fromStack(stackOf(many, {}, app)).toJSON();
    const inputs = ofType(shards, 'AWS::Scheduler::Schedule').map(
      ([, { Properties }]) => (Properties.Target as { Input: string; RoleArn: object }).Input,
    );
    expect(inputs.map((input) => JSON.parse(input).shard)).toEqual(['0', '1']);
    const further = app.node.findChild('sluice-2');
    expect(Stack.isStack(further) && bindingsOf(Template.fromStack(further).toJSON())).toMatchObject([
      { shard: '1', plan: { service: 's30' } },
    ]);
    expect(bindingsOf(shards).filter(({ shard }) => shard === '1')).toEqual([]);
  });

  test('the queue feeds them one by one, without a maximum concurrency', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      ScalingConfig: Match.absent(),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('a tick that fails is dead after one try, and the queue keeps it long enough to get there', () => {
    const { Properties: fn } = only(template.toJSON(), 'AWS::Lambda::Function');
    const [queue] = ofType(template.toJSON(), 'AWS::SQS::Queue').filter(([id]) => /Ticks/.test(id));
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = queue?.[1].Properties ?? {};
    expect(RedrivePolicy).toMatchObject({ maxReceiveCount: 1 });
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(fn.Timeout));
    expect(MessageRetentionPeriod).toBeGreaterThan(Number(VisibilityTimeout) + 50);
    expect(MessageRetentionPeriod).toBeLessThanOrEqual(600);
  });
});

describe('the function', () => {
  test('runs on Node 24 on ARM, is never retried, logs JSON', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON' },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });

  test('finds everything by its environment, by the names of docs/architecture.md', () => {
    const { Variables } = only(template.toJSON(), 'AWS::Lambda::Function').Properties.Environment as {
      Variables: Record<string, unknown>;
    };
    expect(Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, resolved(value)]))).toEqual({
      SLUICE_STAGE: 'sluice',
      SLUICE_TABLE: expect.stringMatching(/^<State/),
      SLUICE_PARAMETER_PATH: '/sluice/sluice/',
      SLUICE_TICK_QUEUE_URL: expect.stringMatching(/^<ScalerQueueTicks/),
      SLUICE_CONFIG_HASH: expect.stringMatching(/^[0-9a-f]{16}$/),
      POWERTOOLS_SERVICE_NAME: 'sluice-tick',
      POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
      NODE_OPTIONS: '--enable-source-maps',
    });
  });

  test('starts anew when a binding changes, and only then', () => {
    const hashOf = (max: number): unknown =>
      only(
        Template.fromStack(stackOf([specOf('convert', { tasks: { min: 0, max } })])).toJSON(),
        'AWS::Lambda::Function',
      ).Properties.Environment;
    expect(hashOf(50)).toEqual(hashOf(50));
    expect(hashOf(50)).not.toEqual(hashOf(51));
  });
});

test('the table: on demand, restorable, expiring by `ttl`, kept when the stack goes', () => {
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    },
  });
});

describe('the heartbeat alarm', () => {
  const shape = {
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  };

  test('is the only one, on the free metric, after three silent minutes', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { ...shape, AlarmActions: Match.absent() });
  });

  test('tells a topic when there is one, also that all is well again', () => {
    const stack = stackOf([specOf('convert')]);
    const topic = sns.Topic.fromTopicArn(stack, 'T', 'arn:aws:sns:eu-central-1:123456789012:ops');
    Template.fromStack(stackOf([specOf('convert')], { alarmTopic: topic })).hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      { ...shape, AlarmActions: [topic.topicArn], OKActions: [topic.topicArn] },
    );
  });
});

test('the parameters of a service, joined, are its binding', () => {
  const plan = planOf('convert', {
    queues: ['a', 'b'].map((name) => ({ name, percent: 99, startWithinSeconds: 60, fifo: false })),
    // Long enough for several parts, and with what SSM or JSON would stumble over.
    schedule: Array.from({ length: 90 }, (_, index) => ({ name: `Bürozeit "${index}" {{x}} `, days: 'weekdays' })),
  });
  const json = Template.fromStack(stackOf([{ plan, source: { image: 'i' } }])).toJSON();
  expect(ofType(json, 'AWS::SSM::Parameter').length).toBeGreaterThan(1);
  expect(bindingsOf(json)).toEqual([
    {
      plan,
      shard: '0',
      version: sluiceVersion,
      table: expect.stringMatching(/^<State/),
      cluster: expect.stringMatching(/^<Cluster/),
      ecsService: expect.stringMatching(/^<Servicesconvert.*\.Name>$/),
      taskDefinitions: { '512/1024': expect.stringMatching(/^<ServicesconvertWorkerTask/) },
      queues: [
        {
          name: 'a',
          url: expect.stringMatching(/^<QueuesaJobs/),
          deadLetterUrl: expect.stringMatching(/^<QueuesaDead/),
        },
        {
          name: 'b',
          url: expect.stringMatching(/^<QueuesbJobs/),
          deadLetterUrl: expect.stringMatching(/^<QueuesbDead/),
        },
      ],
    },
  ]);
});

/** As the tick function reads them: all under the path, by service, in the order of their parts. */
const bindingsOf = (json: object): readonly ServiceBinding[] => {
  const texts = new Map<string, string[]>();
  for (const [, { Properties }] of ofType(json, 'AWS::SSM::Parameter')) {
    const [, service = '', part] = /^\/sluice\/sluice\/services\/([^/]+)\/(\d+)$/.exec(String(Properties.Name)) ?? [];
    const parts = texts.get(service) ?? [];
    parts[Number(part)] = resolved(Properties.Value);
    texts.set(service, parts);
  }
  return [...texts.values()].map((parts) => JSON.parse(parts.join('')));
};
