import type { Decision, DecisionRecord, ExplanationStep } from '../../model/decision.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { describeError } from '../../observe/time-box.ts';

/** One tick that did not come out as it is written. */
export interface Difference {
  readonly service: string;
  readonly tick: string;
  readonly at: EpochSeconds;
  /** The count differs, or whether anything was decided. False: only words, alerts or the way there. */
  readonly count: boolean;
  readonly logged: number;
  /** Absent: the decision fails now. */
  readonly now?: number;
  /** The first link of the chain that is another one, with its place in the chain. */
  readonly step?: { readonly index: number; readonly logged?: ExplanationStep; readonly now?: ExplanationStep };
  /** What else differs first, when the chain does not: `alerts`, `size`. */
  readonly field?: string;
  readonly error?: string;
}

/** Undefined: the same, bit for bit. What ECS answered is not part of a decision, and is left out. */
export const differenceOf = (record: DecisionRecord, outcome: Decision | Error): Difference | undefined => {
  const { decision, tick } = record;
  const base = { service: decision.service, tick, at: decision.at, logged: decision.desired };
  if (outcome instanceof Error) {
    const error = describeError(outcome);
    return failedLikewise(decision, error) ? undefined : { ...base, count: true, error };
  }
  const logged = withoutAnswer(record, outcome);
  // Through JSON, as the log went: what it drops is no difference.
  const { state: _, ...again } = JSON.parse(JSON.stringify(outcome)) as Decision;
  const step = firstStep(logged.explanation, again.explanation);
  const field = fields.find((name) => name in logged && !isEqual(logged[name], again[name]));
  if (step === undefined && field === undefined) return undefined;
  const count = logged.desired !== again.desired || (logged.kind === 'hold') !== (again.kind === 'hold');
  return { ...base, count, now: again.desired, ...(step ? { step } : field === undefined ? {} : { field }) };
};

/** A field that a record lacks was not written yet when it was made. A size that changes shows in the chain. */
type Logged = DecisionRecord['decision'];

const fields = [
  'desired',
  'kind',
  'from',
  'at',
  'size',
  'sizeFrom',
  'alerts',
  'summary',
  'shadow',
  'urgency',
] as const satisfies readonly (keyof Logged)[];

/** A decision that failed then and fails in the same way now is the same. */
const failedLikewise = ({ explanation }: Logged, error: string): boolean =>
  explanation[0]?.code === 'decisionFailed' && explanation[0].text.endsWith(error);

/** The record without what the act added to it: one last step, its alert, and its words as the summary. */
const withoutAnswer = ({ decision, acted }: DecisionRecord, outcome: Decision): Logged => {
  if (acted === undefined || (acted.changed === true && acted.desired === decision.desired)) return decision;
  const explanation = decision.explanation.slice(0, -1);
  if (acted.changed === true) return { ...decision, explanation };
  return { ...decision, explanation, alerts: decision.alerts.slice(0, -1), summary: outcome.summary };
};

const firstStep = (logged: readonly ExplanationStep[], now: readonly ExplanationStep[]): Difference['step'] => {
  const length = Math.max(logged.length, now.length);
  for (let index = 0; index < length; index++) {
    const [one, other] = [logged[index], now[index]];
    if (!isEqual(one, other)) return { index, ...(one && { logged: one }), ...(other && { now: other }) };
  }
  return undefined;
};

/** Of plain JSON; the order of fields does not count. */
const isEqual = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isEqual(one[key], other[key]));
};
