import { Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueAddress } from '../../config/existing.ts';
import type { ServiceQueue } from '../service-queue.ts';

/** A queue that is there already, for the plan's name of it. The template has nothing of it but its names. */
export const existingQueue = (scope: Construct, name: string, address: QueueAddress): ServiceQueue => {
  const { arn, url } = address;
  const queueArn = arn ?? (url === undefined ? undefined : arnOfUrl(scope, url)) ?? neighbour(scope, address.name);
  const queue = sqs.Queue.fromQueueAttributes(new Construct(scope, name), 'Queue', {
    queueArn,
    ...(url !== undefined && { queueUrl: url }),
  });
  return { name, queue };
};

/** A name alone: of the account and Region that the stack is deployed to. */
const neighbour = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'sqs', resource: name });

const arnOfUrl = (scope: Construct, url: string): string => {
  const { hostname, pathname } = new URL(url);
  const [, account, name = ''] = pathname.split('/');
  const region = /^sqs\.([a-z0-9-]+)\./.exec(hostname)?.[1];
  return Stack.of(scope).formatArn({ service: 'sqs', resource: name, account, ...(region && { region }) });
};
