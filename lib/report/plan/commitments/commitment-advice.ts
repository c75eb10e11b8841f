import type { Usd } from '../../../model/units.ts';
import type { CommitmentOffer } from '../../prices/price-book.ts';
import type { Recommendation } from '../advice.ts';
import { cents } from '../bill.ts';
import type { PlanContext } from '../plan-context.ts';
import { type CommitmentOption, commitmentOption, survival } from './commitment-option.ts';
import { fitCommitments, type Residual, residualAfter, slotsOf, usageIn } from './fit-commitments.ts';
import { poolWords } from './pool-words.ts';

export interface CommitmentAdvice {
  readonly recommendations: readonly Recommendation[];
  readonly options: readonly CommitmentOption[];
  /** "Commit nothing", with the reason. */
  readonly nothing?: string;
}

/**
 * What to commit to on what all other advice has left. A year without upfront payment is advised: reservations family by
 * family, Savings Plans over all that they cover, none of it twice. Longer and prepaid terms stand beside it.
 */
export const commitmentAdvice = (residual: Residual, context: PlanContext, baseline: Residual): CommitmentAdvice => {
  const { usage, book, settings } = context;
  const days = usage.hours / 24;
  const options = slotsOf(book.offers, residual).flatMap((slot) => {
    const option = commitmentOption(slot.pool, slot.offer, usageIn(slot, residual), settings);
    return option ? [option] : [];
  });
  if (days < settings.commitMinHistoryDays) {
    return { recommendations: [], options, nothing: tooYoung(days, settings.commitMinHistoryDays) };
  }
  const recommendations: Recommendation[] = [];
  const advisable = slotsOf(book.offers.filter(isAdvisable), residual);
  const fees = fitCommitments(advisable, residual, survival(settings.annualUsageLoss, 1));
  let open = residual;
  advisable.forEach((slot, i) => {
    const option = commitmentOption(slot.pool, slot.offer, usageIn(slot, open), settings, fees[i]);
    if (option === undefined || option.usdPerMonth < settings.commitMinUsdPerMonth) return;
    if (settings.dismissed?.includes(idOf(option))) return;
    open = residualAfter(slot, option.feeUsdPerHour, open);
    const alone = commitmentOption(slot.pool, slot.offer, usageIn(slot, baseline), settings);
    recommendations.push(line(option, alone?.usdPerMonth ?? 0, context));
  });
  return {
    recommendations,
    options,
    ...(recommendations.length > 0 ? {} : { nothing: tooLittle(options) }),
  };
};

const isAdvisable = ({ years, payment }: CommitmentOffer): boolean => years === 1 && payment === 'none';

const line = (option: CommitmentOption, aloneUsdPerMonth: Usd, { usage, settings }: PlanContext): Recommendation => {
  const { pool, offer, feeUsdPerHour, range } = option;
  return {
    id: idOf(option),
    kind: 'commit',
    resource: pool || 'account',
    change: {
      to: 'commitment',
      kind: offer.kind,
      years: offer.years,
      payment: offer.payment,
      ...(pool === '' || pool === 'databases' ? {} : { covers: pool }),
      feeUsdPerHour,
    },
    title: `${nameOf(offer)}${pool === '' ? '' : ` for ${poolWords(pool)}`}: commit USD ${feeUsdPerHour.toFixed(4)} an hour`,
    usdPerMonth: cents(option.usdPerMonth),
    aloneUsdPerMonth: cents(aloneUsdPerMonth),
    percentOfResource: 0,
    evidence: [
      {
        text:
          `${(option.utilization * 100).toFixed(0)} % of it would have been used. Resampled weeks put the best commitment between ` +
          `USD ${range[0].toFixed(4)} and ${range[1].toFixed(4)} an hour; the advice takes the low end, and bears that ` +
          `${(settings.annualUsageLoss * 100).toFixed(0)} % of usage may go within a year.`,
      },
      {
        text: `Pays after ${Math.round(option.breakEvenHours).toLocaleString('en')} hours of use at that level. Buy a quarter now and the rest over three months.`,
      },
    ],
    risk: 'medium',
    effort: 'low',
    confidence: usage.hours >= 90 * 24 ? 'high' : 'medium',
    reversible: false,
    rollback: 'None: the fee is due for the whole term.',
    patch: [{ as: 'command', text: buyText(offer, feeUsdPerHour) }],
    expiresAt: usage.from + usage.hours * 3600 + settings.expiresDays * 86_400,
  };
};

const idOf = ({ pool, offer }: CommitmentOption): string =>
  `commit:${pool || 'compute'}${offer.kind === 'ec2SavingsPlan' ? ':plan' : ''}`;

export const nameOf = ({ kind, years, payment }: CommitmentOffer): string => {
  const what = {
    computeSavingsPlan: 'Compute Savings Plan',
    ec2SavingsPlan: 'EC2 Instance Savings Plan',
    databaseSavingsPlan: 'Database Savings Plan',
    reservation: 'Reserved instances',
  }[kind];
  const pay = { none: 'no upfront', partial: 'partial upfront', all: 'all upfront' }[payment];
  return `${what}, ${years} year${years === 1 ? '' : 's'}, ${pay}`;
};

/** Sluice never buys: it shows where a person does. */
const buyText = (offer: CommitmentOffer, fee: Usd): string =>
  offer.kind === 'reservation'
    ? `# ${nameOf(offer)}: buy in the console of the service, in the family named above`
    : `aws savingsplans describe-savings-plans-offerings --plan-types ${offer.kind === 'databaseSavingsPlan' ? 'Database' : offer.kind === 'ec2SavingsPlan' ? 'EC2Instance' : 'Compute'} --durations ${offer.years * 31_536_000} --payment-options "No Upfront"\naws savingsplans create-savings-plan --commitment ${fee.toFixed(4)} --savings-plan-offering-id OFFERING_ID`;

const tooYoung = (days: number, needed: number): string =>
  `Commit nothing yet: ${Math.floor(days)} days are known, and a commitment of a year wants ${needed}.`;

const tooLittle = (options: readonly CommitmentOption[]): string =>
  options.every((option) => option.optimalFeeUsdPerHour === 0)
    ? 'Commit nothing: usage is off for more of the time than any discount pays for.'
    : 'Commit nothing: what is left after the other advice, and lasts, is too little to be worth a year.';
