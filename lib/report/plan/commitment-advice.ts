import type { Usd } from '../../model/units.ts';
import { type CommitmentOffer, ratioOf } from '../prices/price-book.ts';
import type { Recommendation } from './advice.ts';
import { cents } from './bill.ts';
import { type CommitmentOption, commitmentOption } from './commitment-option.ts';
import type { PlanContext } from './plan-context.ts';

export interface CommitmentAdvice {
  readonly recommendations: readonly Recommendation[];
  readonly options: readonly CommitmentOption[];
  /** "Commit nothing", with the reason. */
  readonly nothing?: string;
}

type Residual = ReadonlyMap<string, Float64Array>;

/**
 * What to commit to on what all other advice has left. A year without upfront payment is advised, pool by pool: Savings
 * Plans for Fargate and EC2 together, reservations family by family. Longer and prepaid terms stand beside it.
 */
export const commitmentAdvice = (residual: Residual, context: PlanContext, baseline: Residual): CommitmentAdvice => {
  const { usage, book, settings } = context;
  const days = usage.hours / 24;
  const options = pools(residual).flatMap((pool) =>
    book.offers.flatMap((offer) => {
      const option = commitmentOption(pool.name, offer, pool.usage, settings);
      return option ? [option] : [];
    }),
  );
  if (days < settings.commitMinHistoryDays) {
    return { recommendations: [], options, nothing: tooYoung(days, settings.commitMinHistoryDays) };
  }
  const recommendations: Recommendation[] = [];
  const open = new Map(residual);
  const advisable = options
    .filter(({ offer }) => offer.years === 1 && offer.payment === 'none')
    .filter(({ usdPerMonth }) => usdPerMonth >= settings.commitMinUsdPerMonth)
    .toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
  for (const { pool, offer } of advisable) {
    const usageOfPool = new Map([...open].filter(([key]) => inPool(pool, key)));
    const now = commitmentOption(pool, offer, usageOfPool, settings);
    if (now === undefined || now.usdPerMonth < settings.commitMinUsdPerMonth) continue;
    for (const key of usageOfPool.keys()) if (ratioOf(offer, key) !== undefined) open.delete(key);
    const whole = new Map([...baseline].filter(([key]) => inPool(pool, key)));
    recommendations.push(line(now, commitmentOption(pool, offer, whole, settings)?.usdPerMonth ?? 0, context));
  }
  return {
    recommendations,
    options,
    ...(recommendations.length > 0 ? {} : { nothing: tooLittle(options) }),
  };
};

interface Pool {
  readonly name: string;
  readonly usage: Residual;
}

/** Savings Plans look at everything; reservations at one family each. */
const pools = (residual: Residual): readonly Pool[] => [
  { name: '', usage: new Map([...residual].filter(([key]) => key.startsWith('fargate/') || key.startsWith('ec2/'))) },
  ...[...residual]
    .filter(([key]) => !key.startsWith('fargate/'))
    .map(([key, usd]): Pool => ({ name: key, usage: new Map([[key, usd]]) })),
];

const inPool = (pool: string, key: string): boolean =>
  pool === '' ? key.startsWith('fargate/') || key.startsWith('ec2/') : key === pool;

const line = (option: CommitmentOption, aloneUsdPerMonth: Usd, { usage, settings }: PlanContext): Recommendation => {
  const { pool, offer, feeUsdPerHour, range } = option;
  return {
    id: `commit:${pool || 'compute'}`,
    kind: 'commit',
    resource: pool || 'account',
    title: `${nameOf(offer)}${pool === '' ? '' : ` for ${pool}`}: commit USD ${feeUsdPerHour.toFixed(4)} an hour`,
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
