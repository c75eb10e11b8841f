import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { checkProperties } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';
import { subscribe } from './subscription.ts';

/** `Ref` is the ARN. */
export const createTopic: Creator = async (resource, context) => {
  checkProperties(resource, ['TopicName', 'Subscription'], ['DisplayName', 'KmsMasterKeyId', 'TracingConfig']);
  const { TopicName, Subscription } = resource.properties;
  const name = typeof TopicName === 'string' ? TopicName : physicalName(resource.stack, resource.logicalId);
  const { TopicArn: arn = '' } = await context.clients.sns.send(new CreateTopicCommand({ Name: name }));
  for (const one of Array.isArray(Subscription) ? Subscription : []) {
    await subscribe({ ...resource, properties: { ...one, TopicArn: arn } }, context);
  }
  return { ref: arn, name, attributes: { TopicArn: arn, TopicName: name } };
};
