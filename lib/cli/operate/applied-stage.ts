import { AppliedStore } from '../../act/applied-store.ts';
import { type AppliedEntry, parseApplied } from '../../model/applied.ts';
import type { ServicePlan } from '../../model/plan.ts';
import { type AppliedTexts, readAppliedTexts } from '../../observe/fresh-applied.ts';
import { type AppliedLine, entriesOf, linesInForce } from '../../report/apply/in-force.ts';
import { isoUtc } from '../../report/why/times.ts';
import type { DeployedStage } from './stage.ts';

/** As it is stored now, by service. */
export const appliedTexts = (stage: DeployedStage): Promise<AppliedTexts> =>
  readAppliedTexts(stage.clients.dynamo, stage.table, AbortSignal.timeout(10_000), { consistent: true });

/**
 * Changes what is applied to one service, on what is stored at this moment: once more when somebody else was faster.
 * @throws an error with one plain sentence when that happens again
 */
export const changeApplied = async (
  stage: DeployedStage,
  service: string,
  change: (entry: AppliedEntry | 'unknown') => AppliedEntry,
): Promise<void> => {
  const store = new AppliedStore(stage.clients.dynamo, stage.table);
  for (let attempt = 0; attempt < 2; attempt++) {
    const seen = (await appliedTexts(stage))[service];
    const entry = change(seen === undefined ? {} : parseApplied(seen));
    if ((await store.replace(service, seen, entry)) === 'written') return;
  }
  throw new Error(`what is applied to ${service} was changed by somebody else at the same time: look, and try again`);
};

/** What lies over the configs of these services, and which entries do not read. */
export const appliedLines = (
  plans: readonly ServicePlan[],
  applied: AppliedTexts,
): { readonly lines: readonly AppliedLine[]; readonly unreadable: readonly string[] } => ({
  lines: linesInForce(plans, entriesOf({ plans, applied })),
  unreadable: Object.entries(applied).flatMap(([service, text]) => (parseApplied(text) === 'unknown' ? [service] : [])),
});

/** `convert: minimum 2 on … (schedule:convert, by report since 2026-11-23T00:00:00Z)` */
export const appliedWords = ({ service, text, advice, by, at, notInForce }: AppliedLine): string =>
  `${service}: ${text} (${advice}, by ${by} since ${isoUtc(at)})${notInForce === undefined ? '' : `; not in force: ${notInForce}`}`;
