import { loadChecks } from './checks/load-checks.ts';
import { queueChecks } from './checks/queue-checks.ts';
import { serviceChecks } from './checks/service-checks.ts';
import { stageChecks } from './checks/stage-checks.ts';
import type { StageFacts } from './facts.ts';
import type { Check, Finding } from './finding.ts';

export const checks: readonly Check[] = [...serviceChecks, ...queueChecks, ...stageChecks, ...loadChecks];

export interface Examined {
  readonly stage: string;
  readonly region: string;
  /** False with any error. */
  readonly ready: boolean;
  readonly checks: readonly { readonly code: string; readonly title: string; readonly findings: readonly Finding[] }[];
}

/** The readiness checklist of a stage, from what the account said. */
export const examine = (facts: StageFacts): Examined => {
  const done = checks.map(({ code, title, find }) => ({ code, title, findings: find(facts) }));
  const ready = done.every(({ findings }) => findings.every(({ severity }) => severity !== 'error'));
  return { stage: facts.stage, region: facts.region, ready, checks: done };
};
