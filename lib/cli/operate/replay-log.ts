import { packHot, unpackHot } from '../../act/hot-pack.ts';
import { decide } from '../../decide/decide.ts';
import type { Decision, DecisionRecord } from '../../model/decision.ts';
import type { ServicePlan } from '../../model/plan.ts';
import { freshLearnt, type HotState, initialState, type ServiceState } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { appliedPlan } from '../../schedule/applied-plan.ts';
import { settingsAt } from '../../schedule/settings-at.ts';
import { planMark } from '../../tick/plan-mark.ts';
import { type CountDrift, type CountPair, countDrift } from './count-drift.ts';
import { type Difference, differenceOf } from './difference.ts';
import { followHistory } from './follow-history.ts';

/** What came of deciding one service's log again. */
export interface ReplayedService {
  readonly service: string;
  readonly decided: number;
  /** Records whose state nobody knows: one before them is missing, and none of their hour carries a state. */
  readonly skipped: number;
  /** Where the log has holes. */
  readonly gaps: readonly { readonly from: EpochSeconds; readonly to: EpochSeconds }[];
  /** Ticks that were decided by another plan than the one given here. */
  readonly otherPlan: number;
  readonly differences: readonly Difference[];
  /** What was asked for then, and what is now, over all ticks that were decided again. */
  readonly drift: CountDrift;
  /** Ticks in shadow: what somebody else had the fleet at, and what this plan would have it at. Absent: none was. */
  readonly shadow?: CountDrift;
}

/**
 * Decides a log again, each tick on what was seen then and on the state that the ticks before made. What the fleet did
 * is history: where a decision comes out differently, the next tick still finds the count that was really asked for.
 *
 * @param records of one service, oldest first
 */
export const replayLog = (records: readonly DecisionRecord[], plan: ServicePlan): ReplayedService => {
  const mark = planMark(plan);
  const differences: Difference[] = [];
  const pairs: CountPair[] = [];
  const shadowed: CountPair[] = [];
  const gaps: { from: EpochSeconds; to: EpochSeconds }[] = [];
  let state: ServiceState | undefined;
  let [decided, skipped, otherPlan] = [0, 0, 0];
  let last: DecisionRecord | undefined;
  for (const record of records) {
    const isFirst = last === undefined;
    const missing = state !== undefined && isGap(state, record);
    if (missing && last) gaps.push({ from: last.observation.now, to: record.observation.now });
    state = startingState(record, missing ? undefined : state, isFirst, mark);
    last = record;
    if (record.plan !== undefined && record.plan !== mark) otherPlan++;
    if (state === undefined) {
      skipped++;
      continue;
    }
    const before = state;
    const outcome = decideAgain(record, plan, before);
    decided++;
    const difference = differenceOf(record, outcome);
    if (difference) differences.push(difference);
    if (!(outcome instanceof Error)) {
      const { at, desired, from, shadow } = record.decision;
      pairs.push({ at, was: desired, wouldBe: outcome.desired });
      if (shadow) shadowed.push({ at, was: from, wouldBe: outcome.desired });
    }
    state = stateAfter(record, before, outcome, difference);
  }
  return {
    service: plan.service,
    decided,
    skipped,
    gaps,
    otherPlan,
    differences,
    drift: countDrift(pairs),
    ...(shadowed.length > 0 && { shadow: countDrift(shadowed) }),
  };
};

/** A decision, or the error that came instead. */
type Outcome = Decision | Error;

const decideAgain = (record: DecisionRecord, plan: ServicePlan, state: ServiceState): Outcome => {
  try {
    const overlaid = appliedPlan(plan, record.applied);
    const settings = { ...settingsAt(overlaid, record.observation.now), ...record.given };
    return decide(record.observation, settings, state);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** A record is missing when this one builds on another tick than the last that was decided. */
const isGap = ({ hot }: ServiceState, { after }: DecisionRecord): boolean =>
  after !== undefined && after !== hot.lastTickAt;

/**
 * The log's own state where it has one and was made by this plan: then each hour stands for itself. Under another plan
 * that state would mix what this plan would have remembered with what the other did, so it only starts a replay.
 */
const startingState = (
  record: DecisionRecord,
  state: ServiceState | undefined,
  isFirst: boolean,
  mark: string,
): ServiceState | undefined => {
  const { before, after } = record;
  if (before !== undefined && (state === undefined || record.plan === mark)) return before;
  if (isFirst && state === undefined && (after === undefined || after === 0)) {
    return { hot: initialState(0).hot, learnt: freshLearnt(record.observation.now) };
  }
  return state;
};

/** Like the tick: the instant is its own, and the hot part goes through the table. */
const stateAfter = (
  record: DecisionRecord,
  before: ServiceState,
  outcome: Outcome,
  difference: Difference | undefined,
): ServiceState => {
  const { now } = record.observation;
  const failed = record.decision.explanation[0]?.code === 'decisionFailed';
  const made = outcome instanceof Error || failed ? before : outcome.state;
  const { hot, learnt } = difference?.count ? followHistory(record, before, made) : made;
  return { hot: throughTable({ ...hot, lastTickAt: now }), learnt };
};

const throughTable = (hot: HotState): HotState => unpackHot(packHot(hot)) ?? hot;
