import { type Deployment, DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { ServiceBinding } from '../model/binding.ts';
import { known, type Reading, type ServiceCounts, unknown } from '../model/observation.ts';
import type { EpochSeconds } from '../model/units.ts';
import { refusalsOf } from '../model/unsupported-service.ts';
import { seenDefinition } from './task-definition.ts';
import { describeError } from './time-box.ts';

type Address = Pick<ServiceBinding, 'cluster' | 'ecsService' | 'taskDefinitions'>;

/** Counts of each of `addresses`, in their order. Never rejects: a call that fails leaves its ten services unknown, no others. */
export async function readServiceCounts(
  ecs: ECSClient,
  addresses: readonly Address[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly Reading<ServiceCounts>[]> {
  const answers = new Map<Address, Reading<ServiceCounts>>();
  const describe = async (batch: readonly Address[]): Promise<void> => {
    try {
      const found = await describeBatch(ecs, batch, now, abortSignal);
      batch.forEach((address, i) => {
        answers.set(address, found[i] ?? unknown('missing'));
      });
    } catch (error) {
      for (const address of batch) answers.set(address, unknown('failed', describeError(error)));
    }
  };
  await Promise.all(batchesByCluster(addresses).map(describe));
  return addresses.map((address) => answers.get(address) ?? unknown('missing'));
}

/** DescribeServices takes ten services of one cluster. */
const batchSize = 10;

export function batchesByCluster(addresses: readonly Address[]): readonly (readonly Address[])[] {
  const byCluster = Map.groupBy(addresses, (address) => address.cluster);
  return [...byCluster.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / batchSize) }, (_, i) =>
      group.slice(i * batchSize, (i + 1) * batchSize),
    ),
  );
}

async function describeBatch(
  ecs: ECSClient,
  batch: readonly Address[],
  now: EpochSeconds,
  abortSignal: AbortSignal,
): Promise<readonly Reading<ServiceCounts>[]> {
  const answer = await ecs.send(
    new DescribeServicesCommand({
      cluster: batch[0]?.cluster,
      services: [...new Set(batch.map((address) => address.ecsService))],
    }),
    { abortSignal },
  );
  return batch.map(({ ecsService, taskDefinitions }) => {
    const service = answer.services?.find((one) => isNamed(ecsService, one.serviceName, one.serviceArn));
    if (service !== undefined) return toReading(service, taskDefinitions, now);
    // A wrong name is no error to ECS: it comes back with status 200 under `failures`.
    const failure = answer.failures?.find((one) => isNamed(ecsService, undefined, one.arn));
    return unknown('missing', `${ecsService}: ${failure?.reason ?? 'not in the answer of DescribeServices'}`);
  });
}

const isNamed = (wanted: string, name: string | undefined, arn: string | undefined): boolean =>
  name === wanted || arn === wanted || arn?.split('/').at(-1) === wanted;

function toReading(
  service: Service,
  taskDefinitions: ServiceBinding['taskDefinitions'],
  now: EpochSeconds,
): Reading<ServiceCounts> {
  const { desiredCount, runningCount, pendingCount } = service;
  if (service.status !== 'ACTIVE') return unknown('missing', `the service is ${service.status ?? 'without status'}`);
  if (desiredCount === undefined || runningCount === undefined || pendingCount === undefined) {
    return unknown('missing', 'DescribeServices sent no counts');
  }
  const refusal = refusalOf(service);
  if (refusal !== undefined) return unknown('missing', refusal);
  const deployments = (service.deployments ?? []).filter((deployment) => deployment.status !== 'INACTIVE');
  const primary = deployments.find((deployment) => deployment.status === 'PRIMARY');
  return known(now, {
    desired: desiredCount,
    running: runningCount,
    pending: pendingCount,
    deploymentInProgress: isRollingOut(deployments, primary),
    failedStarts: primary?.failedTasks ?? 0,
    ...seenDefinition(primary?.taskDefinition ?? service.taskDefinition, taskDefinitions),
  });
}

/** A kind of service that Sluice does not scale: unknown counts keep every hand off it, and the reason is told. */
const refusalOf = ({
  launchType,
  capacityProviderStrategy,
  deploymentController,
  schedulingStrategy,
  platformFamily,
}: Service): string | undefined => {
  const [refusal] = refusalsOf({
    launchType,
    capacityProviders: (capacityProviderStrategy ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []),
    deploymentController: deploymentController?.type,
    schedulingStrategy,
    operatingSystem: platformFamily,
  });
  return refusal && `the service has the ${refusal.found}, and Sluice scales ${refusal.expected}. ${refusal.mend}`;
};

const isRollingOut = (deployments: readonly Deployment[], primary: Deployment | undefined): boolean =>
  deployments.length > 1 || primary?.rolloutState === 'IN_PROGRESS';
