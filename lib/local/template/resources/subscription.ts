import { SubscribeCommand } from '@aws-sdk/client-sns';
import { checkProperties, refuseValue } from '../check-properties.ts';
import type { CreationContext, Creator, ResolvedResource } from '../creator.ts';

/** Protocols that leave this machine are taken and go nowhere; queues get every message. */
const protocolsWithoutEffect = ['email', 'email-json', 'http', 'https', 'sms'];

/** `Ref` is the ARN. */
export const createSubscription: Creator = async (resource, context) => {
  checkProperties(
    resource,
    ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'],
    ['Region'],
  );
  return { ref: await subscribe(resource, context) };
};

export const subscribe = async (resource: ResolvedResource, context: CreationContext): Promise<string> => {
  const { TopicArn, Protocol, Endpoint, RawMessageDelivery, FilterPolicy, FilterPolicyScope } = resource.properties;
  const protocol = String(Protocol);
  if (protocol !== 'sqs' && !protocolsWithoutEffect.includes(protocol)) {
    throw refuseValue(
      resource,
      'Protocol',
      `sqs or ${protocolsWithoutEffect.join(', ')}`,
      'Subscribe a queue instead.',
    );
  }
  if (protocol !== 'sqs') {
    context.ignore(`${resource.stack}.${resource.logicalId} (${protocol} subscription of ${String(Endpoint)})`);
  }
  const { SubscriptionArn = '' } = await context.clients.sns.send(
    new SubscribeCommand({
      TopicArn: String(TopicArn),
      Protocol: protocol,
      Endpoint: String(Endpoint),
      ReturnSubscriptionArn: true,
      Attributes: {
        ...(RawMessageDelivery === undefined ? {} : { RawMessageDelivery: String(RawMessageDelivery) }),
        ...(FilterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(FilterPolicy) }),
        ...(FilterPolicyScope === undefined ? {} : { FilterPolicyScope: String(FilterPolicyScope) }),
      },
    }),
  );
  return SubscriptionArn;
};
