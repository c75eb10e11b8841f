import type { LocalCloud } from '../../local/local-cloud.ts';

/** The name of the table with the decision log: the one that the deciding function is told of. */
export const decisionTable = (cloud: Pick<LocalCloud, 'lambda'>): string => {
  const names = cloud.lambda.functions.map((spec) => spec.environment.SLUICE_TABLE);
  const name = names.find((candidate) => candidate !== undefined);
  if (name === undefined) throw new Error('no function of the template has SLUICE_TABLE in its environment');
  return name;
};
