import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { localAccount, localRegion } from '../../client-environment.ts';
import { checkProperties } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';

const attributes = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];
const encryption = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'RedriveAllowPolicy'];

/** `Ref` is the URL. Created through the SDK, so that SQS' own checks of the values run. */
export const createQueue: Creator = async (resource, context) => {
  checkProperties(resource, [...attributes, 'QueueName'], encryption);
  const { QueueName, FifoQueue } = resource.properties;
  const suffix = FifoQueue === true || FifoQueue === 'true' ? '.fifo' : '';
  const name =
    typeof QueueName === 'string' ? QueueName : `${physicalName(resource.stack, resource.logicalId, 75)}${suffix}`;
  const given = Object.entries(resource.properties).filter(([key]) => attributes.includes(key));
  await context.clients.sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: Object.fromEntries(given.map(([key, value]) => [key, asAttribute(value)])),
    }),
  );
  const arn = `arn:aws:sqs:${localRegion}:${localAccount}:${name}`;
  const url = context.queueUrl(name);
  return { ref: url, name, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
};

/** The API takes only text, and a policy as JSON text where the template has an object. */
const asAttribute = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
