import { expect, test } from 'vitest';
import { seenDefinition } from '../../lib/observe/task-definition.ts';

const arn = (name: string) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/${name}`;
const known = { '512/1024': arn('base:3'), '1024/2048': arn('large:2') };

test.each([
  ['the base one', 'base:3', { name: 'base:3', origin: 'template', size: { cpu: 512, memoryMiB: 1024 } }],
  ['another size', 'large:2', { name: 'large:2', origin: 'template', size: { cpu: 1024, memoryMiB: 2048 } }],
  ['an older revision', 'large:1', { name: 'large:1', origin: 'otherRevision', size: { cpu: 1024, memoryMiB: 2048 } }],
  ['somebody else’s', 'theirs:9', { name: 'theirs:9', origin: 'foreign' }],
  ['one that only begins alike', 'base2:3', { name: 'base2:3', origin: 'foreign' }],
])('%s is known by its ARN', (_name, name, taskDefinition) => {
  expect(seenDefinition(arn(name), known)).toEqual({ taskDefinition });
});

test('nothing is said where the template made none, or ECS names none', () => {
  expect(seenDefinition(arn('base:3'), undefined)).toEqual({});
  expect(seenDefinition(undefined, known)).toEqual({});
});
