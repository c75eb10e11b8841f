import { expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { todaysWays } from './billing-engine.ts';
import { shownUsage } from './shown-usage.ts';
import { drawAccount } from './true-account.ts';
import { truthBook, truthSettings, waysOfPlan } from './truth-bridge.ts';

it('a plan that is carried out leaves nothing to advise, once every size has had its reports', () => {
  for (let seed = 301; seed <= 330; seed++) {
    const account = drawAccount(seed);
    let ways = todaysWays(account);
    let before = Number.POSITIVE_INFINITY;
    let left: readonly string[] = ['not yet planned'];
    // One step of size a report, of five sizes.
    for (let report = 0; report < 6 && left.length > 0; report++) {
      const plan = makePlan(shownUsage(account, 3, ways), truthBook, truthSettings);
      expect(plan.usdPerMonthBefore, `account ${seed}`).toBeLessThanOrEqual(before + 0.01);
      left = plan.recommendations.filter(({ usdPerMonth }) => usdPerMonth >= 0.05).map(({ id }) => id);
      before = plan.usdPerMonthBefore;
      ways = waysOfPlan(account, plan, ways);
    }
    expect(left, `account ${seed}`).toEqual([]);
  }
});
