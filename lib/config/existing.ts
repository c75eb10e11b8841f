import { clusterArn, queueArn, queueUrl, serviceArn } from './schema/existing-schema.ts';
import type { CheckedService } from './schema/service-schema.ts';

type Queue = Exclude<CheckedService['queue'], false | undefined> | NonNullable<CheckedService['queues']>[number];

/** The queue's name within Sluice: its own, else the one in its address, else the service's. */
export const queueNameIn = ({ name, arn, url }: Queue, service: string): string =>
  name ?? queueArn.exec(arn ?? '')?.[3] ?? queueUrl.exec(url ?? '')?.[2] ?? service;

/** Where an existing queue is. `region` and `account` are absent when only its name is known: then it is a neighbour of the stack. */
export interface QueueAddress {
  /** What SQS calls it. */
  readonly name: string;
  readonly arn?: string;
  readonly url?: string;
  readonly fifo: boolean;
}

/** The existing queues of a service by their names in the plan. Those that Sluice makes are not in it. */
export const existingQueues = (name: string, service: CheckedService): ReadonlyMap<string, QueueAddress> => {
  if (service.queue === false) return new Map();
  const queues: readonly Queue[] = service.queues ?? [service.queue ?? {}];
  return new Map(
    queues
      .filter((queue) => service.existing !== undefined || isExisting(queue))
      .map((queue) => [queueNameIn(queue, name), addressOf(queue, queueNameIn(queue, name))]),
  );
};

const isExisting = ({ arn, url, existing }: Queue): boolean =>
  existing === true || arn !== undefined || url !== undefined;

const addressOf = ({ arn, url, fifo }: Queue, name: string): QueueAddress => {
  const real = queueArn.exec(arn ?? '')?.[3] ?? queueUrl.exec(url ?? '')?.[2] ?? name;
  return {
    name: real,
    ...(arn !== undefined && { arn }),
    ...(url !== undefined && { url }),
    fifo: fifo ?? real.endsWith('.fifo'),
  };
};

/** Names of an existing service and its cluster, whether they were given as names or as ARNs. */
export const existingNames = ({ cluster, service }: NonNullable<CheckedService['existing']>) => {
  const [, clusterInArn, serviceInArn] = serviceArn.exec(service) ?? [];
  return {
    cluster: clusterArn.exec(cluster ?? '')?.[1] ?? cluster ?? clusterInArn ?? 'default',
    service: serviceInArn ?? service,
    /** As it was given, where it was. A service of an old account has an ARN without the cluster. */
    ...(serviceInArn !== undefined && { serviceArn: service }),
  };
};
