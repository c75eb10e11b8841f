import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creationOrder } from '../../../lib/local/template/creation-order.ts';
import type { RawResource } from '../../../lib/local/template/template.ts';

const queue = (Properties: Record<string, unknown> = {}, more = {}): RawResource => ({
  Type: 'AWS::SQS::Queue',
  Properties,
  ...more,
});

describe('creationOrder', () => {
  it.each([
    ['Ref', { Ref: 'B' }],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['B', 'Arn'] }],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'B.Arn' }],
    ['Fn::Sub', { 'Fn::Sub': `x-$\{B}` }],
    ['Fn::Sub of an attribute', { 'Fn::Sub': [`x-$\{B.Arn}`, {}] }],
    ['a nested one', { x: [{ 'Fn::Join': ['', [{ Ref: 'B' }]] }] }],
  ])('puts what is referred to by %s first', (_name, value) => {
    expect(creationOrder({ A: queue({ value }), B: queue() })).toEqual(['B', 'A']);
  });

  it('follows DependsOn', () => {
    expect(creationOrder({ A: queue({}, { DependsOn: ['B'] }), B: queue() })).toEqual(['B', 'A']);
    expect(creationOrder({ A: queue({}, { DependsOn: 'B' }), B: queue() })).toEqual(['B', 'A']);
  });

  it('lets schedules and mappings begin when everything else is there', () => {
    const resources = {
      S: { Type: 'AWS::Scheduler::Schedule' },
      M: { Type: 'AWS::Lambda::EventSourceMapping' },
      Q: queue(),
    };
    expect(creationOrder(resources)).toEqual(['Q', 'S', 'M']);
  });

  it('names the members of a circle', () => {
    expect(() => creationOrder({ A: queue({ r: { Ref: 'B' } }), B: queue({ r: { Ref: 'A' } }), C: queue() })).toThrow(
      /circle of references among A, B;/,
    );
  });

  it('is an order of all resources in which nothing comes before what it needs', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(graph, (edges) => {
        // Only references to later numbers, so there is no circle.
        const needs = edges.map((targets, from) => targets.filter((to) => to > from && to < edges.length));
        const resources = Object.fromEntries(
          needs.map((targets, from) => [`R${from}`, queue({ refs: targets.map((to) => ({ Ref: `R${to}` })) })]),
        );
        const order = creationOrder(resources);
        expect(order.toSorted()).toEqual(Object.keys(resources).toSorted());
        needs.forEach((targets, from) => {
          for (const to of targets) expect(order.indexOf(`R${to}`)).toBeLessThan(order.indexOf(`R${from}`));
        });
      }),
    );
  });
});
