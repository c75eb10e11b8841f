import { isAbsolute, resolve } from 'node:path';
import { BadInput } from '../../model/bad-input.ts';
import type { ContainerSpec, TaskDefinition } from '../../simulate/cloud/ecs/types.ts';
import type { TemplateResource } from './interface.ts';
import {
  type KnownProperties,
  type Properties,
  physicalName,
  readList,
  readNumber,
  readObject,
  readText,
  refuse,
  refuseUnknownProperties,
} from './template-properties.ts';

/** What runs instead of the image. */
export type LocalRun = { readonly entry: string } | { readonly command: readonly string[] };

export interface LocalTaskDefinition {
  readonly spec: Omit<TaskDefinition, 'arn' | 'revision'>;
  readonly run: LocalRun;
}

/** AWS::ECS::TaskDefinition → what the model registers and what this machine runs. Throws BadInput. */
export const readTaskDefinition = (resource: TemplateResource, projectDirectory: string): LocalTaskDefinition => {
  const properties = resource.Properties;
  refuseUnknownProperties(resource, properties, knownProperties);
  const container = readContainer(resource);
  return {
    spec: {
      family: physicalName(resource, 'Family'),
      cpu: readNumber(resource, 'Cpu', properties.Cpu, { min: 256, max: 16_384 }),
      memoryMiB: readNumber(resource, 'Memory', properties.Memory, { min: 512, max: 122_880 }),
      container,
    },
    run: readLocalRun(resource, container, projectDirectory),
  };
};

const knownProperties: KnownProperties = {
  modelled: ['Family', 'Cpu', 'Memory', 'ContainerDefinitions'],
  withoutMeaningHere: [
    'ExecutionRoleArn',
    'TaskRoleArn',
    'NetworkMode',
    'RequiresCompatibilities',
    'RuntimePlatform',
    'EphemeralStorage',
    'Tags',
  ],
};

const knownContainerProperties: KnownProperties = {
  modelled: ['Name', 'Image', 'Command', 'Environment', 'StopTimeout', 'Essential'],
  withoutMeaningHere: [
    'Cpu',
    'Memory',
    'MemoryReservation',
    'LogConfiguration',
    'HealthCheck',
    'PortMappings',
    'ReadonlyRootFilesystem',
    'LinuxParameters',
    'User',
    'Ulimits',
    'VersionConsistency',
  ],
};

const readContainer = (resource: TemplateResource): ContainerSpec => {
  const containers = readList(resource, 'ContainerDefinitions', resource.Properties.ContainerDefinitions);
  if (containers.length !== 1) {
    refuse(resource, 'ContainerDefinitions', containers.length, 'exactly one container', 'Sidecars are not modelled.');
  }
  const path = 'ContainerDefinitions.0';
  const container = readObject(resource, path, containers[0]);
  refuseUnknownProperties(resource, container, knownContainerProperties, `${path}.`);
  return {
    name: readText(resource, `${path}.Name`, container.Name),
    image: String(container.Image ?? ''),
    command: readList(resource, `${path}.Command`, container.Command).map(String),
    environment: readEnvironment(resource, container),
    stopTimeoutSeconds: readNumber(resource, `${path}.StopTimeout`, container.StopTimeout ?? 30, { min: 2, max: 120 }),
  };
};

const readEnvironment = (resource: TemplateResource, container: Properties): Readonly<Record<string, string>> => {
  const path = 'ContainerDefinitions.0.Environment';
  const pairs = readList(resource, path, container.Environment).map((item, index) => {
    const { Name, Value } = readObject(resource, `${path}.${index}`, item);
    const known =
      typeof Value === 'object'
        ? refuse(resource, `${path}.${index}.Value`, Value, 'a text', 'A reference stayed unresolved.')
        : Value;
    return [readText(resource, `${path}.${index}.Name`, Name), String(known ?? '')];
  });
  return Object.fromEntries(pairs);
};

const readLocalRun = (resource: TemplateResource, container: ContainerSpec, directory: string): LocalRun => {
  const local = (resource.Metadata?.['sluice:local'] ?? {}) as { readonly entry?: unknown; readonly command?: unknown };
  if (typeof local.entry === 'string') {
    return { entry: isAbsolute(local.entry) ? local.entry : resolve(directory, local.entry) };
  }
  if (Array.isArray(local.command) && local.command.length > 0) return { command: local.command.map(String) };
  if (container.command.length > 0) return { command: container.command };
  throw new BadInput([
    {
      path: `${resource.logicalId}.Metadata.sluice:local`,
      found: 'only an image',
      expected: 'an entry or a command',
      mend: 'Give the worker an `entry` or a `command`: an image alone has no local run.',
    },
  ]);
};
