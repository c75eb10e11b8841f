import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../lib/report/plan/make-plan.ts';
import { attainedWithReclaim, billed, jobsOf, todaysWays } from './billing-engine.ts';
import { optimum } from './exhaustive-optimum.ts';
import { shownUsage } from './shown-usage.ts';
import { drawAccount, weekHours } from './true-account.ts';
import { truthBook, truthSettings, waysOfPlan } from './truth-bridge.ts';

const accounts = Number(process.env.SLUICE_TRUTH_ACCOUNTS ?? 200);
/** The plan sees three weeks; what counts is the one after them. */
const seen = 3;
const weeks = 4;
const replayed = weeks - seen;

const monthly = (usd: number): number => (usd / (replayed * weekHours)) * 730;

const judge = (seed: number) => {
  const account = drawAccount(seed);
  const plan = makePlan(shownUsage(account, seen), truthBook, truthSettings);
  const ways = waysOfPlan(account, plan);
  const bill = (of: typeof ways): number => monthly(billed(account, of, weeks, seen * weekHours));
  const today = bill(todaysWays(account));
  const saved = today - bill(ways);
  const reachable = today - bill(optimum(account, weeks, seen * weekHours));
  const broken = account.services.filter((service, i) => {
    const way = ways.services[i];
    const jobs = jobsOf(account, i, weeks).slice(seen * weekHours);
    const kept = (of: typeof way): number => (of ? 100 * attainedWithReclaim(service, of, jobs, seed) : 100);
    // Chance breaks a promise now and then whatever one does: what counts is that the plan breaks none.
    return kept(way) < Math.min(service.percent, kept(todaysWays(account).services[i]));
  });
  return { seed, today, predicted: plan.savingUsdPerMonth, saved, reachable, broken, plan };
};

describe(`${accounts} made-up accounts, planned on ${seen} weeks and replayed on another`, () => {
  const judged: readonly ReturnType<typeof judge>[] = Array.from({ length: accounts }, (_, i) => judge(i + 1));
  const seeds = (of: typeof judged): readonly string[] =>
    of.map(({ seed, predicted, saved, reachable }) =>
      [seed, predicted, saved, reachable].map((n) => n.toFixed(2)).join(' '),
    );

  it('the plan reaches 97 % of what an exhaustive search with hindsight does', () => {
    const short = judged.filter(({ saved, reachable }) => saved < 0.97 * reachable - 0.5);
    expect(seeds(short)).toEqual([]);
    const sum = (of: (one: (typeof judged)[number]) => number): number => judged.reduce((s, one) => s + of(one), 0);
    expect(sum(({ saved }) => saved) / sum(({ reachable }) => reachable)).toBeGreaterThan(0.98);
  });

  it('what it predicts is within 5 % of what the replay saves, nine times of ten', () => {
    const off = judged.filter(({ predicted, saved }) => Math.abs(predicted - saved) > 0.05 * Math.max(1, saved));
    expect(off.length).toBeLessThanOrEqual(0.1 * accounts);
  });

  it('no promise is broken, also when all Spot tasks go in the busiest hour', () => {
    expect(seeds(judged.filter(({ broken }) => broken.length > 0))).toEqual([]);
  });
});
