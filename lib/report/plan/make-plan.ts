import type { Usd } from '../../model/units.ts';
import type { PriceBook } from '../prices/price-book.ts';
import type { Usage } from '../usage/usage.ts';
import { Account } from './account.ts';
import type { Proposal, Recommendation, Warning } from './advice.ts';
import { type Cover, cents, perMonth } from './bill.ts';
import { commitmentAdvice } from './commitments/commitment-advice.ts';
import type { CommitmentOption } from './commitments/commitment-option.ts';
import { type FrozenAdvice, frozenOf } from './commitments/frozen.ts';
import { heldCovers } from './commitments/held-covers.ts';
import { initialStates } from './initial-states.ts';
import { type PlanContext, planContext } from './plan-context.ts';
import { defaultPlanSettings, leastHistoryHours, type PlanSettings } from './plan-settings.ts';
import { type ResourceState, resourceId } from './resource.ts';
import { proposeArm } from './steps/fargate-arm.ts';
import { proposePolicy } from './steps/fargate-policy.ts';
import { proposeSchedule } from './steps/fargate-schedule.ts';
import { proposeSize } from './steps/fargate-size.ts';
import { proposeSpot } from './steps/fargate-spot.ts';
import { proposeEngine } from './steps/instance-engine.ts';
import { proposeIdleRemoval } from './steps/instance-idle.ts';
import { proposeInstanceSize } from './steps/instance-size.ts';
import { proposeStop } from './steps/instance-stop.ts';
import { proposeRemoval } from './steps/remove.ts';
import { findWarnings } from './warnings.ts';

/** Everything that could be saved, in an order in which no dollar is counted twice. */
export interface Plan {
  /** A month as the window was, with the commitments that are still held at its end. */
  readonly usdPerMonthBefore: Usd;
  readonly usdPerMonthAfter: Usd;
  /** `usdPerMonthBefore - usdPerMonthAfter`: the recommendations and `minor` add up to it. */
  readonly savingUsdPerMonth: Usd;
  readonly recommendations: readonly Recommendation[];
  /** Advice too small for a line of its own. */
  readonly minor: { readonly count: number; readonly usdPerMonth: Usd };
  /** Changes that save nothing before a commitment ends. In no sum. */
  readonly frozen: readonly FrozenAdvice[];
  /** All terms side by side, also those that are not advised. */
  readonly commitmentOptions: readonly CommitmentOption[];
  /** Why nothing is to be bought, when nothing is. */
  readonly commitNothing?: string;
  /** What has too little. In no sum. */
  readonly warnings: readonly Warning[];
  /** Resources that the price book has no price for: in no sum. */
  readonly unpriced: readonly string[];
  /** The bill of the whole window, with the commitments that ended in it. */
  readonly windowUsd: Usd;
  /** Of today's commitments, what finds no use after the plan. */
  readonly unusedFeesUsdPerMonth: Usd;
}

type Step = (state: ResourceState, context: PlanContext) => Proposal | undefined;

/** In the order of `adviceKinds`; commitments come last and look at the whole account. */
const steps: readonly Step[] = [
  proposeRemoval,
  proposeIdleRemoval,
  proposeSize,
  proposeInstanceSize,
  proposeArm,
  proposePolicy,
  proposeSchedule,
  proposeSpot,
  proposeEngine,
  proposeStop,
];

/** Pure: the same usage, prices and settings give the same plan, to the byte. */
export const makePlan = (usage: Usage, book: PriceBook, settings: PlanSettings = defaultPlanSettings): Plan => {
  const context = planContext(usage, book, settings);
  const held = heldCovers(usage, book);
  // What ended within the window is in its bill, but no coming month has it.
  const covers = held.filter(({ untilHour }) => untilHour >= usage.hours);
  const states = initialStates(context.usage);
  const coming = { asIfAlwaysThere: true };
  const today = new Account(states, covers, book, usage.hours, coming);
  const planned = new Account(states, covers, book, usage.hours, coming);
  const frozen: FrozenAdvice[] = [];
  const walked = { today, planned, context, covers, frozen };
  const found = (usage.hours < leastHistoryHours ? [] : steps).flatMap((step) => walk(step, walked));
  // A term of a year rests on hours that were, not on those of a month to come.
  const was = (account: Account) => new Account(account.states, covers, book, usage.hours).settled.residual;
  const commitment = commitmentAdvice(was(planned), context, was(today));
  const all = [...found, ...commitment.recommendations];
  const savingUsdPerMonth = sumOf(all);
  const usdPerMonthBefore = cents(perMonth(today.usd, usage.hours));
  return {
    usdPerMonthBefore,
    usdPerMonthAfter: cents(usdPerMonthBefore - savingUsdPerMonth),
    savingUsdPerMonth,
    ...withoutMinor(all, settings),
    frozen,
    commitmentOptions: commitment.options,
    ...(commitment.nothing === undefined ? {} : { commitNothing: commitment.nothing }),
    warnings: findWarnings(context),
    unpriced: planned.unpriced,
    windowUsd: new Account(states, held, book, usage.hours).usd,
    unusedFeesUsdPerMonth: cents(perMonth(planned.settled.unusedFeesUsd, usage.hours)),
  };
};

/** One step over all resources: each proposal that saves something is put in place before the next is looked at. */
const walk = (step: Step, { today, planned, context, covers, frozen: waiting }: Walked): readonly Recommendation[] => {
  const { hours, from } = context.usage;
  const asUsed = new Map(today.states.map((state) => [resourceId(state), state]));
  return planned.states.flatMap((state): readonly Recommendation[] => {
    const proposal = wanted(step(state, context), state, context);
    const saving = proposal && planned.savingIf(proposal.after);
    if (proposal === undefined || saving === undefined) return [];
    const { after, ...advice } = proposal;
    const id = resourceId(state);
    const frozen = frozenOf(planned.freedIf(after), covers, context.usage);
    if (perMonth(saving, hours) < leastUsdPerMonth) {
      if (frozen !== undefined && frozen.usdPerMonth >= context.settings.minorUsdPerMonth)
        waiting.push({ id: `${advice.kind}:${id}`, resource: id, title: advice.title, ...frozen });
      return [];
    }
    const costUsd = planned.usdOf(state);
    const used = asUsed.get(id);
    const alone = used && step(used, context);
    return [
      {
        ...advice,
        id: `${advice.kind}:${id}`,
        resource: id,
        ...(state.usage.owner === undefined ? {} : { owner: state.usage.owner }),
        usdPerMonth: cents(perMonth(planned.take(after), hours)),
        aloneUsdPerMonth: cents(perMonth((alone && today.savingIf(alone.after)) ?? 0, hours)),
        percentOfResource: costUsd === 0 ? 0 : (100 * saving) / costUsd,
        ...(frozen === undefined ? {} : { frozen }),
        expiresAt: from + hours * 3600 + context.settings.expiresDays * 86_400,
      },
    ];
  });
};

interface Walked {
  readonly today: Account;
  readonly planned: Account;
  readonly context: PlanContext;
  /** Commitments that are held at the end of the window. */
  readonly covers: readonly Cover[];
  /** Grows. */
  readonly frozen: FrozenAdvice[];
}

const wanted = (
  proposal: Proposal | undefined,
  state: ResourceState,
  { settings }: PlanContext,
): Proposal | undefined =>
  proposal && settings.dismissed?.includes(`${proposal.kind}:${resourceId(state)}`) ? undefined : proposal;

/** Less than a cent a month is rounding, not a saving. */
const leastUsdPerMonth: Usd = 0.01;

const withoutMinor = (
  all: readonly Recommendation[],
  { minorUsdPerMonth, minorPercent }: PlanSettings,
): Pick<Plan, 'recommendations' | 'minor'> => {
  const isMinor = (line: Recommendation): boolean =>
    line.kind !== 'commit' && (line.usdPerMonth < minorUsdPerMonth || line.percentOfResource < minorPercent);
  const small = all.filter(isMinor);
  return {
    recommendations: all.filter((line) => !isMinor(line)),
    minor: { count: small.length, usdPerMonth: sumOf(small) },
  };
};

const sumOf = (lines: readonly Recommendation[]): Usd =>
  cents(lines.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0));
