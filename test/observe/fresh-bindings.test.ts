import { expect, test } from 'vitest';
import { FreshBindings, type ReadBindings } from '../../lib/observe/fresh-bindings.ts';
import { bindingOf } from '../tick/world.ts';

/** A path in SSM: what it holds can change, and reading it can fail. */
class Parameters {
  max = 50;
  reads = 0;
  down = false;
  read = async (): Promise<ReadBindings> => {
    if (this.down) throw new Error('SSM is down');
    this.reads += 1;
    return { bindings: [bindingOf('a'), bindingOf('b', { tasks: { min: 0, max: this.max } })], issues: [] };
  };
}

test('they are read once where nothing follows', async () => {
  const parameters = new Parameters();
  const fresh = new FreshBindings(parameters.read, Number.POSITIVE_INFINITY);
  for (const now of [0, 1e3, 1e9]) await fresh.at(now);
  expect(parameters.reads).toBe(1);
});

test('where stacks follow, a change arrives with the next reading; what did not change stays the same object', async () => {
  const parameters = new Parameters();
  const fresh = new FreshBindings(parameters.read, 300);
  const [a, b] = (await fresh.at(0)).bindings;
  parameters.max = 60;
  expect((await fresh.at(299)).bindings).toEqual([a, b]);
  const later = (await fresh.at(300)).bindings;
  expect(later[0]).toBe(a);
  expect(later[1]?.plan.tasks.max).toBe(60);
});

test('what cannot be read again stays; what was never read rejects, and is tried anew', async () => {
  const parameters = new Parameters();
  const fresh = new FreshBindings(parameters.read, 300);
  parameters.down = true;
  await expect(fresh.at(0)).rejects.toThrow('SSM is down');
  parameters.down = false;
  await fresh.at(1);
  parameters.down = true;
  expect((await fresh.at(400)).bindings).toHaveLength(2);
});
