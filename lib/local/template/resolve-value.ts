import { BadInput } from '../../model/bad-input.ts';
import { isObject, type JsonObject } from './template.ts';

/** What the names inside a template stand for at this moment. */
export interface Scope {
  /** A pseudo parameter, a parameter or an existing resource. Undefined: no such name. `noValue`: AWS::NoValue. */
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean | undefined;
  mapping(map: string, first: string, second: string): unknown;
  importValue(exportName: string): unknown;
}

/** What `AWS::NoValue` resolves to: the key or element that holds it goes away. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

type Resolve = (argument: unknown, context: Context) => unknown;
interface Context {
  readonly scope: Scope;
  /** For messages: `stack.LogicalId.Properties.Name`. */
  readonly path: string;
}

/** Carries out every intrinsic function inside a value. Throws BadInput for one it does not know, or a name that is not there. */
export const resolveValue = (value: unknown, scope: Scope, path: string): unknown => {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolveValue(item, scope, `${path}.${index}`)).filter((item) => item !== noValue);
  }
  if (!isObject(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0 && isIntrinsic(name, value[name])) {
    const intrinsic = intrinsics[name] ?? refuse(path, name, `one of ${Object.keys(intrinsics).join(', ')}`);
    return intrinsic(value[name], { scope, path: `${path}.${name}` });
  }
  return resolveObject(value, scope, path);
};

/** `Condition` is also a part of IAM statements; there it holds an object. */
const isIntrinsic = (name: string, argument: unknown): boolean =>
  name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof argument === 'string');

const resolveObject = (value: JsonObject, scope: Scope, path: string): JsonObject =>
  Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, resolveValue(item, scope, `${path}.${key}`)] as const)
      .filter(([, item]) => item !== noValue),
  );

const ref: Resolve = (argument, context) => {
  const name = text(argument, context);
  return context.scope.ref(name) ?? refuse(context.path, name, 'a parameter or a resource of this template');
};

const getAtt: Resolve = (argument, context) => {
  const parts = Array.isArray(argument)
    ? argument.map((part) => text(part, context))
    : text(argument, context).split('.');
  const [logicalId, ...attribute] = parts;
  if (logicalId === undefined || attribute.length === 0)
    return refuse(context.path, argument, 'a resource and an attribute');
  return (
    context.scope.attribute(logicalId, attribute.join('.')) ??
    refuse(context.path, parts.join('.'), 'a resource of this template')
  );
};

const join: Resolve = (argument, context) => {
  const [separator, items] = list(argument, context);
  return list(items, context)
    .map((item) => text(item, context))
    .join(text(separator, context));
};

const sub: Resolve = (argument, context) => {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolveObject(isObject(own) ? own : {}, context.scope, context.path);
  return text(template, context).replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return text(variables[name], context);
    return text(name.includes('.') ? getAtt(name, context) : ref(name, context), context);
  });
};

const select: Resolve = (argument, context) => {
  const [index, items] = list(argument, context);
  return (
    list(items, context)[Number(index)] ?? refuse(context.path, `index ${String(index)}`, 'an element of the list')
  );
};

const split: Resolve = (argument, context) => {
  const [separator, whole] = list(argument, context);
  return text(whole, context).split(text(separator, context));
};

const getAzs: Resolve = (argument, context) => {
  const region = text(argument, context) || text(ref('AWS::Region', context), context);
  return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
};

const findInMap: Resolve = (argument, context) => {
  const [map, first, second] = list(argument, context).map((part) => text(part, context));
  return (
    context.scope.mapping(map ?? '', first ?? '', second ?? '') ??
    refuse(context.path, `${map}.${first}.${second}`, 'an entry of Mappings')
  );
};

const importValue: Resolve = (argument, context) => {
  const name = text(argument, context);
  return context.scope.importValue(name) ?? refuse(context.path, name, 'an export of an earlier stack of this app');
};

const condition: Resolve = (argument, context) => {
  const name = text(argument, context);
  return context.scope.condition(name) ?? refuse(context.path, name, 'a condition of this template');
};

/** Only the branch that is taken is looked at: the other one may name what does not exist. */
const ifElse: Resolve = (argument, context) => {
  if (!Array.isArray(argument) || argument.length !== 3) return refuse(context.path, argument, 'three elements');
  const branch = condition(argument[0], context) ? argument[1] : argument[2];
  return resolveValue(branch, context.scope, context.path);
};

const truths = (argument: unknown, context: Context): readonly boolean[] =>
  list(argument, context).map((item) => item === true || item === 'true');

const intrinsics: Readonly<Record<string, Resolve>> = {
  Ref: ref,
  Condition: condition,
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::GetAZs': getAzs,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': importValue,
  'Fn::Base64': (argument, context) => Buffer.from(text(argument, context)).toString('base64'),
  'Fn::If': ifElse,
  'Fn::Equals': (argument, context) => {
    const [left, right] = list(argument, context);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, context) => truths(argument, context).every(Boolean),
  'Fn::Or': (argument, context) => truths(argument, context).some(Boolean),
  'Fn::Not': (argument, context) => !truths(argument, context)[0],
};

const text = (value: unknown, context: Context): string => {
  const resolved = resolveValue(value, context.scope, context.path);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  return refuse(context.path, resolved, 'text');
};

const list = (value: unknown, context: Context): readonly unknown[] => {
  const resolved = resolveValue(value, context.scope, context.path);
  return Array.isArray(resolved) ? resolved : refuse(context.path, resolved, 'a list');
};

const refuse = (path: string, found: unknown, expected: string): never => {
  throw new BadInput([
    {
      path,
      found: typeof found === 'string' ? found : (JSON.stringify(found) ?? String(found)),
      expected,
      mend: 'The local cloud cannot resolve this part of the template.',
    },
  ]);
};
