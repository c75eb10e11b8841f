import type { EpochSeconds } from '../../../model/units.ts';
import type { Draft } from './draft.ts';
import { isWanted } from './task-life.ts';
import type { Service, Task } from './types.ts';

/** Starts up to `count` tasks of the service's primary deployment; fewer where back-off, launch rate or quota say so. */
export const launchTasks = (draft: Draft, key: string, count: number): string[] => {
  const started: string[] = [];
  if (isBackingOff(draft.service(key), draft.now) || draft.primaryOf(key).rolloutState === 'FAILED') return started;
  while (started.length < count && hasCapacity(draft, key) && takeLaunchToken(draft)) {
    started.push(launchTask(draft, key));
  }
  return started;
};

export const isBackingOff = (service: Service, now: EpochSeconds): boolean => service.retryAt > now;

const launchTask = (draft: Draft, key: string): string => {
  const service = draft.service(key);
  const primary = draft.primaryOf(key);
  const id = draft.drawHex(32);
  const { region, account } = draft.settings;
  const task: Task = {
    id,
    arn: `arn:aws:ecs:${region}:${account}:task/${service.cluster}/${id}`,
    cluster: service.cluster,
    service: key,
    deployment: primary.id,
    definition: primary.definition,
    zone: emptiestZone(draft, key),
    provider: chooseProvider(draft, service),
    status: 'PROVISIONING',
    statusAt: draft.now,
    desired: 'RUNNING',
    createdAt: draft.now,
    delaySeconds: draft.drawStartDelay(),
    ...(service.loadBalancing
      ? { targetGroups: service.loadBalancing.targetGroups, drainSeconds: service.loadBalancing.drainSeconds }
      : {}),
    usage: { at: draft.now, cpuSeconds: 0, memoryMiB: 0 },
    published: { at: draft.now, cpuSeconds: 0, memoryMiB: 0 },
  };
  draft.tasks.set(id, task);
  return id;
};

const emptiestZone = (draft: Draft, key: string): string => {
  const tasks = draft.tasksOf(key).filter(isWanted);
  const load = (zone: string): number => tasks.filter((task) => task.zone === `${draft.settings.region}${zone}`).length;
  const [zone] = [...draft.settings.zones].sort((a, b) => load(a) - load(b) || a.localeCompare(b));
  return `${draft.settings.region}${zone ?? 'a'}`;
};

/** The base is filled first, then the provider that is furthest below its share by weight. */
const chooseProvider = (draft: Draft, service: Service): string => {
  const tasks = draft.tasksOf(service.key).filter(isWanted);
  const on = (provider: string): number => tasks.filter((task) => task.provider === provider).length;
  const strategy = service.capacityProviderStrategy;
  const needsBase = strategy.find((item) => on(item.capacityProvider) < item.base);
  if (needsBase) return needsBase.capacityProvider;
  const weighted = strategy.filter((item) => item.weight > 0);
  const fill = (item: (typeof strategy)[number]): number => (on(item.capacityProvider) - item.base + 1) / item.weight;
  const [best] = [...weighted].sort((a, b) => fill(a) - fill(b));
  return best?.capacityProvider ?? 'FARGATE';
};

const hasCapacity = (draft: Draft, key: string): boolean => {
  const service = draft.service(key);
  const provider = chooseProvider(draft, service);
  const units = [...draft.tasks.values()]
    .filter((task) => task.provider === provider && task.status !== 'STOPPED')
    .reduce((sum, task) => sum + draft.definitionOf(task).cpu, 0);
  const next = draft.definitions.get(draft.primaryOf(key).definition)?.cpu ?? 0;
  if ((units + next) / 1024 <= draft.settings.vcpuQuota) return true;
  if (service.told !== 'noCapacity') {
    draft.tell(
      key,
      "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
    );
    draft.patchService(key, { told: 'noCapacity' });
  }
  return false;
};

const takeLaunchToken = (draft: Draft): boolean => {
  const { burst, perSecond } = draft.settings.launches;
  const refilled = draft.launchTokens + (draft.now - draft.launchTokensAt) * perSecond;
  draft.launchTokens = Math.min(burst, refilled);
  draft.launchTokensAt = draft.now;
  // Half a nanosecond of rounding must not cost another turn.
  if (draft.launchTokens < 1 - 1e-6) return false;
  draft.launchTokens -= 1;
  return true;
};

/** A task that never reached RUNNING. Crashes afterwards are not counted and not slowed down. */
export const recordStartFailure = (draft: Draft, task: Task): void => {
  const service = draft.service(task.service);
  const deployment = service.deployments.find((candidate) => candidate.id === task.deployment);
  if (deployment && !deployment.hasRun) {
    draft.patchDeployment(service.key, deployment.id, { failedTasks: deployment.failedTasks + 1 });
  }
  const { afterFailures, firstSeconds, maxSeconds } = draft.settings.startBackoff;
  const startFailures = service.startFailures + 1;
  const over = startFailures - afterFailures;
  const wait = over < 0 ? 0 : Math.min(maxSeconds, firstSeconds * 2 ** over);
  draft.patchService(service.key, { startFailures, retryAt: wait > 0 ? draft.now + wait : 0 });
  if (over === 0) draft.tell(service.key, 'is unable to consistently start tasks successfully.');
};

/** One running task clears the deployment's failures for good, and the service's back-off. */
export const recordRunning = (draft: Draft, task: Task): void => {
  draft.patchDeployment(task.service, task.deployment, { failedTasks: 0, hasRun: true });
  draft.patchService(task.service, { startFailures: 0, retryAt: 0 });
};
