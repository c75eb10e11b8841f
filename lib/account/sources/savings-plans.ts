import { DescribeSavingsPlansCommand, type SavingsPlan, type SavingsplansClient } from '@aws-sdk/client-savingsplans';
import type { HeldCommitment, UnavailableSource } from '../../report/usage/usage.ts';
import { paymentOptions, savingsPlanKinds, yearsOf } from '../commitment-terms.ts';
import type { AccountPart, AccountSource } from '../source.ts';

/** Savings Plans that are active. The service is the same for all Regions. */
export const savingsPlansSource = (client: SavingsplansClient): AccountSource => ({
  source: 'savingsPlans',
  read: async (_window, abortSignal): Promise<AccountPart> => {
    const plans: SavingsPlan[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new DescribeSavingsPlansCommand({
          states: ['active', 'pending-return'],
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
        { abortSignal },
      );
      plans.push(...(page.savingsPlans ?? []));
      nextToken = page.nextToken || undefined;
    } while (nextToken !== undefined);
    return {
      commitments: plans.flatMap((plan) => held(plan) ?? []),
      unavailable: plans.flatMap((plan) => (held(plan) === undefined ? [leftOut(plan)] : [])),
    };
  },
});

const held = (plan: SavingsPlan): HeldCommitment | undefined => {
  const { savingsPlanType, paymentOption, savingsPlanId, commitment, end, termDurationInSeconds, currency } = plan;
  const kind = savingsPlanKinds[savingsPlanType ?? ''];
  const payment = paymentOptions[paymentOption ?? ''];
  const until = Date.parse(end ?? '') / 1000;
  const feeUsdPerHour = Number(commitment);
  if (kind === undefined || payment === undefined || savingsPlanId === undefined) return undefined;
  if (currency !== 'USD' || !Number.isFinite(until) || !(feeUsdPerHour >= 0)) return undefined;
  return {
    id: savingsPlanId,
    kind,
    ...(kind === 'ec2SavingsPlan' ? { covers: `ec2/${plan.region}/${plan.ec2InstanceFamily}` } : {}),
    years: yearsOf(termDurationInSeconds ?? 0),
    payment,
    // The commitment already has the upfront payment in it, spread over the term.
    feeUsdPerHour,
    until,
  };
};

const leftOut = ({ savingsPlanId, savingsPlanType, currency }: SavingsPlan): UnavailableSource => ({
  source: `Savings Plan ${savingsPlanId ?? ''}`.trim(),
  because: `it is a plan of type ${savingsPlanType ?? 'unknown'} in ${currency ?? 'an unknown currency'}`,
  needs: 'nothing: what it covers is not in this report',
});
