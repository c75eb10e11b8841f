import type { CommitmentKind, PaymentOption } from '../report/usage/usage.ts';

/** Savings Plans by the type that the API of Savings Plans gives them. Others have no price here. */
export const savingsPlanKinds: Readonly<Record<string, CommitmentKind>> = {
  Compute: 'computeSavingsPlan',
  EC2Instance: 'ec2SavingsPlan',
  Database: 'databaseSavingsPlan',
};

/** How a commitment is paid, in the words of every API that sells one. */
export const paymentOptions: Readonly<Record<string, PaymentOption>> = {
  'No Upfront': 'none',
  'Partial Upfront': 'partial',
  'All Upfront': 'all',
};

export const yearsOf = (termSeconds: number): 1 | 3 => (termSeconds > 2 * 365 * 86_400 ? 3 : 1);
