import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../bench/study/cases.ts';
import { ideas, withEdits } from '../../bench/study/ideas.ts';
import { runCases } from '../../bench/study/pool.ts';
import { syntheticTraces } from '../../bench/study/synthetic-traces.ts';

/**
 * Goal: the ablation table is about the code as it is.
 * Method: every text that it takes out is there exactly once, and what it takes out changes what the policy does.
 */
const source = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../lib/${file}`, import.meta.url)), 'utf8');

describe('the ideas of the ablation', () => {
  it.each(ideas.flatMap(({ name, edits }) => edits.map((edit) => ({ name, ...edit }))))(
    '$name: its text is in lib/$file',
    ({ file, search, replace }) => {
      const text = source(file);
      expect(withEdits(file, text, [{ file, search, replace }])).not.toBe(text);
    },
  );

  it('a text that is gone, or there twice, is an error and no silence', () => {
    const edit = { file: 'x.ts', search: 'a', replace: 'b' };
    expect(() => withEdits('x.ts', 'c', [edit])).toThrow('lib/x.ts has "a" 0 times');
    expect(() => withEdits('x.ts', 'aa', [edit])).toThrow('2 times');
  });

  it('threads play with the edits, and without them when there are none', async () => {
    const traces = syntheticTraces(1).filter(({ name }) => name === 'made_burst_a_day');
    const cases = casesOf(traces, [{ loadTasks: 2, serviceSeconds: 60, startWithinSeconds: 60 }]);
    const neverHold = ideas
      .filter(({ name }) => name === 'idle tasks kept for what is foreseen')
      .flatMap(({ edits }) => edits);
    const [whole, again, without] = await Promise.all([
      runCases(cases, ['slo'], 1),
      runCases(cases, ['slo'], 1),
      runCases(cases, ['slo'], 1, neverHold),
    ]);
    expect(again).toEqual(whole);
    expect(without[0]?.[0]?.costOverWork).not.toBe(whole[0]?.[0]?.costOverWork);
  });
});
