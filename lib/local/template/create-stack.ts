import { BadInput } from '../../model/bad-input.ts';
import { localAccount, localRegion } from '../client-environment.ts';
import { creationOrder } from './creation-order.ts';
import type { CreatedResource, CreationContext, Creator, ResolvedResource } from './creator.ts';
import { creators } from './creators.ts';
import { inertResource, inertTypes } from './inert-types.ts';
import { physicalName } from './physical-name.ts';
import type { Stack } from './read-assembly.ts';
import { noValue, resolveValue, type Scope } from './resolve-value.ts';
import { isObject, type JsonObject, type RawResource } from './template.ts';

/** One resource that now exists. */
export interface StackResource extends CreatedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
}

export interface CreatedStack {
  readonly name: string;
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** For `Fn::ImportValue` of later stacks. */
  readonly exports: ReadonlyMap<string, unknown>;
  /** Attributes that the template uses and that nothing here knows: `stack.LogicalId.Attribute = value`. */
  readonly invented: readonly string[];
}

/**
 * Creates everything that a stack's template says, in order of dependency.
 * Throws BadInput for types, properties or functions that the local cloud does not have.
 */
export const createStack = async (
  stack: Stack,
  context: CreationContext,
  imports: ReadonlyMap<string, unknown>,
): Promise<CreatedStack> => {
  const resources = wantedResources(stack, imports);
  refuseUnknownTypes(stack.name, resources);
  const created = new Map<string, CreatedResource>();
  const invented = new Set<string>();
  const scope = stackScope(stack, imports, created, (what) => invented.add(what));
  const quietScope = stackScope(stack, imports, created, () => undefined);
  for (const id of creationOrder(resources)) {
    const raw = resources[id];
    if (raw === undefined) continue;
    const creator = creators[raw.Type];
    const resource = resolveResource(stack.name, id, raw, creator ? scope : quietScope);
    created.set(id, creator ? await createOne(creator, resource, context) : inertResource(resource));
    if (!creator && raw.Type !== 'AWS::CDK::Metadata') context.ignore(`${stack.name}.${id} (${raw.Type})`);
  }
  return {
    name: stack.name,
    resources: [...created].map(([logicalId, resource]) => {
      return { ...resource, stack: stack.name, logicalId, type: resources[logicalId]?.Type ?? '' };
    }),
    ...resolveOutputs(stack, quietScope),
    invented: [...invented],
  };
};

/** What an emulator says of a bad value does not say whose value it is. */
const createOne = async (
  creator: Creator,
  resource: ResolvedResource,
  context: CreationContext,
): Promise<CreatedResource> => {
  try {
    return await creator(resource, context);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new BadInput([
      {
        path: `${resource.stack}.${resource.logicalId}`,
        found: `"${said}" while creating this ${resource.type}`,
        expected: 'values that the service takes',
        mend: 'Correct the resource in the CDK app.',
      },
    ]);
  }
};

/** Without those whose condition is false. */
const wantedResources = (
  stack: Stack,
  imports: ReadonlyMap<string, unknown>,
): Readonly<Record<string, RawResource>> => {
  const scope = stackScope(stack, imports, new Map(), () => undefined);
  return Object.fromEntries(
    Object.entries(stack.template.Resources ?? {}).filter(([id, resource]) => {
      if (resource.Condition === undefined) return true;
      return resolveValue({ Condition: resource.Condition }, scope, `${stack.name}.${id}`) === true;
    }),
  );
};

const refuseUnknownTypes = (stack: string, resources: Readonly<Record<string, RawResource>>): void => {
  const unknown = Object.entries(resources).filter(([, { Type }]) => !(Type in creators) && !inertTypes.has(Type));
  if (unknown.length === 0) return;
  throw new BadInput(
    unknown.map(([id, { Type }]) => ({
      path: `${stack}.${id}`,
      found: `a resource of type ${Type}`,
      expected: `a type that the local cloud has: ${Object.keys(creators).join(', ')}`,
      mend: 'Leave it out of the app that runs locally.',
    })),
  );
};

const resolveResource = (stack: string, logicalId: string, raw: RawResource, scope: Scope): ResolvedResource => {
  const at = `${stack}.${logicalId}`;
  const resolved = (part: string, value: JsonObject | undefined): JsonObject => {
    const object = resolveValue(value ?? {}, scope, `${at}.${part}`);
    return isObject(object) ? object : {};
  };
  return {
    stack,
    logicalId,
    type: raw.Type,
    properties: resolved('Properties', raw.Properties),
    metadata: resolved('Metadata', raw.Metadata),
  };
};

const resolveOutputs = (stack: Stack, scope: Scope): Pick<CreatedStack, 'outputs' | 'exports'> => {
  const outputs: Record<string, string> = {};
  const exports = new Map<string, unknown>();
  for (const [id, output] of Object.entries(stack.template.Outputs ?? {})) {
    const at = `${stack.name}.Outputs.${id}`;
    if (output.Condition !== undefined && resolveValue({ Condition: output.Condition }, scope, at) !== true) continue;
    const value = resolveValue(output.Value, scope, at);
    outputs[id] = typeof value === 'string' ? value : JSON.stringify(value);
    if (output.Export) exports.set(String(resolveValue(output.Export.Name, scope, at)), value);
  }
  return { outputs, exports };
};

const stackScope = (
  stack: Stack,
  imports: ReadonlyMap<string, unknown>,
  created: ReadonlyMap<string, CreatedResource>,
  onInvented: (what: string) => void,
): Scope => {
  const { Parameters, Mappings, Conditions } = stack.template;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': localAccount,
    'AWS::Region': localRegion,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${localRegion}:${localAccount}:stack/${stack.name}/local`,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': noValue,
  };
  const scope: Scope = {
    ref: (name) => pseudo[name] ?? created.get(name)?.ref ?? Parameters?.[name]?.Default,
    attribute: (logicalId, attribute) => {
      const resource = created.get(logicalId);
      if (resource === undefined) return undefined;
      const value = resource.attributes?.[attribute];
      if (value !== undefined) return value;
      const invention = physicalName(stack.name, `${logicalId}.${attribute}`);
      onInvented(`${stack.name}.${logicalId}.${attribute} = ${invention}`);
      return invention;
    },
    condition: (name) => {
      const expression = Conditions?.[name];
      return expression === undefined
        ? undefined
        : resolveValue(expression, scope, `${stack.name}.Conditions.${name}`) === true;
    },
    mapping: (map, first, second) => Mappings?.[map]?.[first]?.[second],
    importValue: (name) => imports.get(name),
  };
  return scope;
};
