import { describe, expect, it } from 'vitest';
import { noValue, resolveValue, type Scope } from '../../../lib/local/template/resolve-value.ts';

const names: Readonly<Record<string, unknown>> = {
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '000000000000',
  'AWS::NoValue': noValue,
  Queue: 'http://127.0.0.1:1/000000000000/jobs',
  Zones: ['a', 'b'],
};
const scope: Scope = {
  ref: (name) => names[name],
  attribute: (id, attribute) => (id === 'Queue' ? `${id}:${attribute}` : undefined),
  condition: (name) => ({ Yes: true, No: false })[name],
  mapping: (...path) => (path.join() === 'Map,first,second' ? 'mapped' : undefined),
  importValue: (name) => (name === 'other:Export' ? 'imported' : undefined),
};
const resolve = (value: unknown) => resolveValue(value, scope, 'stack.R.Properties');

describe('resolveValue', () => {
  it.each([
    ['plain values', { a: [1, true, 'x', null] }, { a: [1, true, 'x', null] }],
    ['Ref', { Ref: 'Queue' }, names.Queue],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue:Arn'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Queue.Endpoint.Address' }, 'Queue:Endpoint.Address'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 3]] }, 'a-us-east-1-3'],
    ['Fn::Join of a list that is a Ref', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b'],
    ['Fn::Sub', { 'Fn::Sub': `b-$\{AWS::AccountId}-$\{Queue.Arn}-$\{!Kept}` }, 'b-000000000000-Queue:Arn-$' + '{Kept}'],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': [`$\{x}/$\{AWS::Region}`, { x: { Ref: 'Queue' } }] },
      `${names.Queue}/us-east-1`,
    ],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['Fn::Select of Fn::GetAZs', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    ['Fn::If, true', { 'Fn::If': ['Yes', 'x', { Ref: 'Missing' }] }, 'x'],
    ['Fn::If, false', { 'Fn::If': ['No', { Ref: 'Missing' }, 'y'] }, 'y'],
    ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, true],
    ['Fn::Or in Fn::Not', { 'Fn::Not': [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { Condition: 'No' }] }] }, true],
    ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', 'first', 'second'] }, 'mapped'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'other:Export' }, 'imported'],
    ['Fn::Base64', { 'Fn::Base64': 'x' }, 'eA=='],
    ['AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue in a list', [{ Ref: 'AWS::NoValue' }, 1], [1]],
    ['AWS::NoValue out of Fn::If', { a: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] } }, {}],
    ["an IAM statement's Condition", { Condition: { Bool: { x: 'true' } } }, { Condition: { Bool: { x: 'true' } } }],
    [
      'JSON text made by toJsonString',
      { 'Fn::Join': ['', ['{"url":"', { Ref: 'Queue' }, '"}']] },
      JSON.stringify({ url: names.Queue }),
    ],
  ])('%s', (_name, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it.each([
    [
      'an unknown function',
      { a: { 'Fn::Cidr': ['10.0.0.0/16', 2] } },
      /R\.Properties\.a: found Fn::Cidr; expected one of Ref/,
    ],
    ['an unknown name', { a: { Ref: 'Nobody' } }, /R\.Properties\.a\.Ref: found Nobody/],
    ['an attribute of nothing', { 'Fn::GetAtt': ['Nobody', 'Arn'] }, /found Nobody\.Arn/],
    ['an index beyond the list', { 'Fn::Select': [5, ['a']] }, /found index 5/],
    ['an unknown condition', { 'Fn::If': ['Maybe', 1, 2] }, /found Maybe/],
    ['an unknown export', { 'Fn::ImportValue': 'x' }, /an export of an earlier stack/],
    ['a list inside Fn::Join', { 'Fn::Join': ['', [['a']]] }, /expected text/],
  ])('refuses %s', (_name, value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });
});
