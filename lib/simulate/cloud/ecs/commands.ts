import { CloudError } from '../cloud-error.ts';
import type { Draft } from './draft.ts';
import { beginDeployment } from './scheduler-pass.ts';
import type { Service, TaskDefinition } from './types.ts';

export const createCluster = (draft: Draft, name: string): string => {
  const { region, account } = draft.settings;
  const arn = `arn:aws:ecs:${region}:${account}:cluster/${name}`;
  draft.clusters.set(name, { name, arn });
  return arn;
};

/** Each registration is a new revision of its family. Returns the ARN with revision. */
export const registerTaskDefinition = (
  draft: Draft,
  spec: Omit<TaskDefinition, 'arn' | 'revision'>,
): TaskDefinition => {
  const { region, account } = draft.settings;
  const revision = 1 + latestRevision(draft, spec.family);
  const arn = `arn:aws:ecs:${region}:${account}:task-definition/${spec.family}:${revision}`;
  const { stopTimeoutSeconds } = spec.container;
  if (!(stopTimeoutSeconds >= 2 && stopTimeoutSeconds <= 120)) {
    throw new CloudError('ClientException', `stopTimeout must be from 2 to 120 seconds, not ${stopTimeoutSeconds}`);
  }
  const definition = { ...spec, revision, arn };
  draft.definitions.set(`${spec.family}:${revision}`, definition);
  return definition;
};

export interface ServiceSpec {
  readonly name: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  /** Left out: the service starts with 1, as CloudFormation has it. */
  readonly desiredCount?: number;
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly circuitBreaker?: { readonly rollback: boolean };
  readonly capacityProviderStrategy?: Service['capacityProviderStrategy'];
  readonly loadBalancing?: Service['loadBalancing'];
}

export const createService = (draft: Draft, spec: ServiceSpec): Service => {
  const cluster = resolveCluster(draft, spec.cluster);
  const key = `${cluster}/${spec.name}`;
  if (draft.services.has(key)) {
    throw new CloudError('InvalidParameterException', 'Creation of service was not idempotent.');
  }
  const { region, account } = draft.settings;
  const service: Service = {
    key,
    name: spec.name,
    arn: `arn:aws:ecs:${region}:${account}:service/${cluster}/${spec.name}`,
    cluster,
    createdAt: draft.now,
    desiredCount: wholeCount('desiredCount', spec.desiredCount ?? 1),
    minimumHealthyPercent: spec.minimumHealthyPercent ?? 100,
    maximumPercent: spec.maximumPercent ?? 200,
    ...(spec.circuitBreaker ? { circuitBreaker: spec.circuitBreaker } : {}),
    capacityProviderStrategy: checkStrategy(spec.capacityProviderStrategy ?? []),
    ...(spec.loadBalancing ? { loadBalancing: spec.loadBalancing } : {}),
    deployments: [],
    events: [],
    startFailures: 0,
    retryAt: 0,
    told: 'moving',
  };
  draft.services.set(key, service);
  beginDeployment(draft, key, resolveDefinition(draft, spec.taskDefinition));
  return draft.service(key);
};

export const wholeCount = (name: string, value: unknown): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 5000) return value;
  throw new CloudError('InvalidParameterException', `${name} must be a whole number from 0 to 5000, not ${value}`);
};

const checkStrategy = (items: Service['capacityProviderStrategy']): Service['capacityProviderStrategy'] => {
  const fail = (message: string): never => {
    throw new CloudError('InvalidParameterException', message);
  };
  if (items.length > 20) fail('a capacity provider strategy takes at most 20 items');
  if (items.filter((item) => item.base > 0).length > 1) fail('only one capacity provider may have a base');
  if (items.length > 0 && items.every((item) => item.weight === 0)) fail('at least one weight must be above 0');
  const unknown = items.find((item) => !['FARGATE', 'FARGATE_SPOT'].includes(item.capacityProvider));
  if (unknown) fail(`the capacity provider ${unknown.capacityProvider} is not modelled here`);
  return items;
};

/** A name or an ARN; nothing means the cluster `default`. Returns the name. */
export const resolveCluster = (draft: Pick<Draft, 'clusters'>, reference: unknown): string => {
  const name = lastPart(reference ?? 'default');
  if (draft.clusters.has(name)) return name;
  throw new CloudError('ClusterNotFoundException', `Cluster not found: ${name}`);
};

/** Returns the key `cluster/name`. */
export const resolveService = (draft: Pick<Draft, 'services'>, cluster: string, reference: unknown): string => {
  const key = `${cluster}/${lastPart(reference)}`;
  if (draft.services.has(key)) return key;
  throw new CloudError('ServiceNotFoundException', `Service not found: ${lastPart(reference)}`);
};

/** An ARN, `family:revision`, or `family` for the latest revision. Returns `family:revision`. */
export const resolveDefinition = (draft: Pick<Draft, 'definitions'>, reference: unknown): string => {
  const name = lastPart(reference);
  const key = name.includes(':') ? name : `${name}:${latestRevision(draft, name)}`;
  if (draft.definitions.has(key)) return key;
  throw new CloudError('ClientException', `Unable to describe task definition ${name}.`);
};

/** What stands after the last slash: ids and names are looked up by it, ARN or not. */
export const lastPart = (reference: unknown): string => String(reference).split('/').at(-1) ?? '';

const latestRevision = (draft: Pick<Draft, 'definitions'>, family: string): number =>
  [...draft.definitions.values()]
    .filter((definition) => definition.family === family)
    .reduce((newest, definition) => Math.max(newest, definition.revision), 0);
