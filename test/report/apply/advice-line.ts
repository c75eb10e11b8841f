import type { Recommendation } from '../../../lib/report/plan/advice.ts';

/** A line of the plan for the service `convert` that nothing speaks against. */
export const adviceLine = (
  expiresAt: number,
  line: Pick<Recommendation, 'id' | 'kind' | 'title' | 'change'> & Partial<Recommendation>,
): Recommendation => ({
  resource: 'convert',
  evidence: [],
  risk: 'low',
  effort: 'low',
  confidence: 'high',
  reversible: true,
  rollback: '',
  patch: [],
  usdPerMonth: 50,
  aloneUsdPerMonth: 50,
  percentOfResource: 30,
  expiresAt,
  ...line,
});
