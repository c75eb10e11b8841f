import { BadInput } from '../../model/bad-input.ts';
import { isObject, type RawResource } from './template.ts';

/** These set things in motion as soon as they exist, so everything else goes first where dependencies leave the choice. */
const lastTypes: ReadonlySet<string> = new Set(['AWS::Lambda::EventSourceMapping', 'AWS::Scheduler::Schedule']);

/** Logical ids, each after those it refers to; otherwise in the template's order. Throws BadInput when they go in a circle. */
export const creationOrder = (resources: Readonly<Record<string, RawResource>>): readonly string[] => {
  const waiting = new Map(
    Object.entries(resources).map(([id, resource]) => [id, dependencies(id, resource, resources)] as const),
  );
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => needs.size === 0).map(([id]) => id);
    const next = ready.find((id) => !lastTypes.has(resources[id]?.Type ?? '')) ?? ready[0];
    if (next === undefined) throw circle([...waiting.keys()]);
    ordered.push(next);
    waiting.delete(next);
    for (const needs of waiting.values()) needs.delete(next);
  }
  return ordered;
};

const dependencies = (
  id: string,
  resource: RawResource,
  resources: Readonly<Record<string, RawResource>>,
): Set<string> => {
  const names = [
    ...[resource.DependsOn ?? []].flat(),
    ...references(resource.Properties),
    ...references(resource.Metadata),
  ];
  return new Set(names.filter((name) => name !== id && name in resources));
};

/** Every name that a value mentions through Ref, Fn::GetAtt or Fn::Sub. */
const references = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') return [...substituted(Array.isArray(inner) ? inner[0] : inner), ...references(inner)];
    return references(inner);
  });
};

const substituted = (template: unknown): readonly string[] =>
  [...String(template).matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map((match) => match[1] ?? '');

const circle = (ids: readonly string[]): BadInput =>
  new BadInput([
    {
      path: 'Resources',
      found: `a circle of references among ${ids.join(', ')}`,
      expected: 'resources that can be created one after the other',
      mend: 'Break the circle in the CDK app.',
    },
  ]);
