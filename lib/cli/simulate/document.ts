import type { ComparedPolicy, Comparison } from '../../report/simulation/comparison.ts';

/** The JSON document. Policies by name, in the order of the table; curves are for the page. */
export const documentOf = ({ policies, curves: _curves, ...rest }: Comparison) => ({
  policies: Object.fromEntries(policies.map((policy) => [policy.name, rowOf(policy)])),
  ...rest,
  cheapestThatKeeps: policies.find((policy) => policy.kept)?.name ?? null,
});

const rowOf = ({ name: _name, curve: _curve, ...row }: ComparedPolicy) => row;
