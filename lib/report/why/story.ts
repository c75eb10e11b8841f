import type { Alert, DecisionRecord, ExplanationStep, Stage } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { outcomeLines, reasonOf, titleOf } from './outcome.ts';
import { seenLines } from './seen.ts';

/** One thing that was looked at. */
export interface SeenLine {
  readonly name: string;
  readonly text: string;
  /** Age of the value at the decision. Absent: not known, or it has no single time. */
  readonly ageSeconds?: Seconds;
  readonly known: boolean;
}

/** What a policy, or a combination of them, asked for. */
export interface Wish {
  readonly desired: number;
  readonly text: string;
  readonly combined: boolean;
}

/** A rule that changed the number, or kept all from being decided. */
export interface Clamp {
  readonly stage: Stage;
  readonly code: string;
  readonly text: string;
  /** Without it, the count would have been this. */
  readonly wouldHaveBeen: number;
  readonly became: number;
}

/** One line for a tick beside the one that is told about. */
export interface Neighbour {
  readonly at: EpochSeconds;
  readonly from: number;
  readonly desired: number;
  readonly title: string;
}

/** What is known beside the decision itself. */
export interface Surroundings {
  readonly previous?: DecisionRecord;
  readonly next?: DecisionRecord;
  /** The last tick before this one that changed the count. */
  readonly lastChange?: DecisionRecord;
  /** How far back the ticks go that ended as this one did, and how many they are, itself included. */
  readonly sameSince?: { readonly at: EpochSeconds; readonly ticks: number };
}

/** One decision in plain words. */
export interface Story {
  readonly service: string;
  readonly at: EpochSeconds;
  readonly kind: 'scale' | 'keep' | 'hold';
  readonly from: number;
  readonly desired: number;
  readonly shadow: boolean;
  /** `OUT from 3 to 4 tasks`, `NOTHING CHANGED, 4 tasks`. */
  readonly title: string;
  /** The decisive reason, one sentence. */
  readonly because: string;
  readonly seen: readonly SeenLine[];
  readonly wanted: readonly Wish[];
  readonly clamps: readonly Clamp[];
  readonly outcome: readonly string[];
  readonly alerts: readonly Alert[];
  readonly previous?: Neighbour;
  readonly next?: Neighbour;
  readonly lastChange?: Neighbour;
  readonly sameSince?: { readonly at: EpochSeconds; readonly ticks: number };
}

/** Turns a record of the decision log into what a person wants to know of it. Nothing is looked up elsewhere. */
export const storyOf = (record: DecisionRecord, around: Surroundings = {}): Story => {
  const { decision } = record;
  const { service, at, kind, from, desired, shadow, alerts } = decision;
  const { previous, next, lastChange, sameSince } = around;
  return {
    service,
    at,
    kind,
    from,
    desired,
    shadow,
    title: titleOf(record),
    because: reasonOf(record),
    seen: seenLines(record.observation),
    wanted: decision.explanation.filter(isWish).map(toWish),
    clamps: decision.explanation.filter(isClamp).map(toClamp),
    outcome: outcomeLines(record),
    alerts,
    ...(previous && { previous: neighbour(previous) }),
    ...(next && { next: neighbour(next) }),
    ...(lastChange && { lastChange: neighbour(lastChange) }),
    ...(sameSince && { sameSince }),
  };
};

const isWish = ({ stage }: ExplanationStep): boolean => stage === 'propose' || stage === 'combine';

const toWish = ({ stage, text, to }: ExplanationStep): Wish => ({ desired: to, text, combined: stage === 'combine' });

/** What ECS answered is part of the outcome, and `asProposed` takes nothing away. */
const isClamp = (step: ExplanationStep): boolean => !isWish(step) && step.stage !== 'act';

const toClamp = ({ stage, code, text, from, to }: ExplanationStep): Clamp => ({
  stage,
  code,
  text,
  wouldHaveBeen: from,
  became: to,
});

const neighbour = (record: DecisionRecord): Neighbour => ({
  at: record.decision.at,
  from: record.decision.from,
  desired: record.decision.desired,
  title: titleOf(record),
});
