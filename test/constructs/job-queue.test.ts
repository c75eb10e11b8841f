import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { JobQueue, type JobQueueProps } from '../../lib/constructs/job-queue.ts';
import { testApp } from './fixtures.ts';

const templateOf = (props: JobQueueProps): Template => {
  const stack = new Stack(testApp(), 'S');
  new JobQueue(stack, 'Q', props);
  return Template.fromStack(stack);
};

describe('JobQueue', () => {
  test('a job that no worker moves itself is delivered ten times, then kept longer than it could have waited', () => {
    const template = templateOf({ queueName: 'convert', deadLetterQueueName: 'convert-dead' });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'convert',
      MessageRetentionPeriod: 4 * 86_400,
      VisibilityTimeout: 60,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 10, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'convert-dead',
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
      RedrivePolicy: Match.absent(),
    });
  });

  test('both queues refuse what does not come over TLS', () => {
    const template = templateOf({});
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('FIFO: both queues, with a limit per group', () => {
    const names = { queueName: 'convert.fifo', deadLetterQueueName: 'dead.fifo' };
    const template = templateOf({ ...names, fifo: true });
    for (const name of Object.values(names)) {
      template.hasResourceProperties('AWS::SQS::Queue', {
        QueueName: name,
        FifoQueue: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      });
    }
  });

  test.each([4, 3])('dead letters kept %i days beside jobs kept 4 days are refused', (days) => {
    expect(() => templateOf({ deadLetterRetention: Duration.days(days) })).toThrow(
      /must be longer than retention 4 days/,
    );
  });
});
