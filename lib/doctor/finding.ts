import type { Fact, ServiceFacts, StageFacts } from './facts.ts';

/** `unknown`: it could not be looked at. Only an `error` makes the stage unready. */
export type FindingSeverity = 'error' | 'warning' | 'info' | 'unknown';

export interface Finding {
  readonly severity: FindingSeverity;
  /** Stable, camelCase, for machines. */
  readonly code: string;
  /** Absent: of the whole stage. */
  readonly service?: string;
  readonly found: string;
  readonly expected: string;
  readonly mend: string;
  /** For a shell. */
  readonly command: string;
}

/** One line of the checklist; without findings it holds. */
export interface Check {
  readonly code: string;
  readonly title: string;
  readonly find: (facts: StageFacts) => readonly Finding[];
}

export type FindingText = Omit<Finding, 'code' | 'service'>;

/** A check that looks at each service by itself. */
export const perService = (
  code: string,
  title: string,
  find: (service: ServiceFacts, stage: StageFacts) => readonly FindingText[],
): Check => ({
  code,
  title,
  find: (stage) =>
    stage.services.flatMap((facts) =>
      find(facts, stage).map((finding) => ({ ...finding, code, service: facts.binding.plan.service })),
    ),
});

export const perStage = (code: string, title: string, find: (stage: StageFacts) => readonly FindingText[]): Check => ({
  code,
  title,
  find: (stage) => find(stage).map((finding) => ({ ...finding, code })),
});

/** Goes on with the value; what is not known becomes a finding of its own. */
export const given = <T>(fact: Fact<T>, find: (value: T) => readonly FindingText[]): readonly FindingText[] =>
  fact.known ? find(fact.value) : [notAllowed(fact)];

const notAllowed = ({ action, because }: { readonly action: string; readonly because: string }): FindingText => ({
  severity: 'unknown',
  found: `no answer (${because})`,
  expected: `the right to ${action}`,
  mend: `It could not be checked: whoever runs doctor needs ${action}.`,
  command: `aws iam put-role-policy --role-name YOUR_ROLE --policy-name sluice-doctor --policy-document '${JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action.split(', '), Resource: '*' }] })}'`,
});
