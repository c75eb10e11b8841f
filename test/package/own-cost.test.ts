import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { furtherServiceCost, ownCost, sumOf, sumWithFreeTiers, withOwnCost } from '../../scripts/docs/own-cost.ts';

test('docs/deploy.md has the arithmetic as the code has it: npm run docs', () => {
  const page = readFileSync('docs/deploy.md', 'utf8');
  expect(page).toBe(withOwnCost(page));
});

test('the promises on cost', () => {
  expect(sumOf(ownCost({ idle: false, pollers: 5 }))).toBeLessThanOrEqual(1.3);
  expect(sumWithFreeTiers(ownCost({ idle: false, pollers: 5 }))).toBeLessThanOrEqual(0.6);
  expect(sumWithFreeTiers(ownCost({ idle: true, pollers: 5 }))).toBeLessThanOrEqual(0.4);
  expect(furtherServiceCost()).toBeLessThanOrEqual(0.16);
});
