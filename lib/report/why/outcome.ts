import type { DecisionRecord } from '../../model/decision.ts';
import type { TaskSize } from '../../model/plan.ts';
import { counted } from '../run/format.ts';

/** The outcome in a few words. */
export const titleOf = (record: DecisionRecord): string => {
  const { kind, from, desired, shadow } = record.decision;
  if (kind === 'scale' && from !== desired) {
    const move = `${desired > from ? 'OUT' : 'IN'} from ${from} to ${counted(desired, 'task')}`;
    if (shadow) return `SHADOW: would go ${move.toLowerCase()}`;
    return hasFailed(record) ? `${move} FAILED` : move;
  }
  if (kind === 'hold') return `HELD at ${counted(desired, 'task')}`;
  return `NOTHING CHANGED, ${counted(desired, 'task')}`;
};

/** The decisive reason. The summary's `Out from 3 to 4: …` says in front what the title says already. */
export const reasonOf = ({ decision }: DecisionRecord): string =>
  decision.summary.replace(/^(Out from \d+ to \d+|In from \d+ to \d+|Stay at \d+): (?=.)/, '');

/** What became of it, in sentences. */
export const outcomeLines = (record: DecisionRecord): readonly string[] => {
  const { kind, from, desired, shadow, size, sizeFrom } = record.decision;
  const lines = [changeLine(record)];
  if (sizeFrom !== undefined) lines.push(`The task size: from ${sizeText(sizeFrom)} to ${sizeText(size)}.`);
  const said = answerText(record);
  if (said !== undefined) lines.push(said);
  if (shadow && (kind === 'scale' || sizeFrom !== undefined) && (from !== desired || sizeFrom !== undefined))
    lines.push('This service is in shadow mode: the decision is recorded and not carried out.');
  return lines;
};

const changeLine = ({ decision, acted }: DecisionRecord): string => {
  const { kind, from, desired, shadow } = decision;
  if (kind === 'hold' && from === desired) return `The count stays at ${from}, whatever would have been right.`;
  if (from === desired) return `The desired count stays at ${from}.`;
  if (shadow) return `The desired count would go from ${from} to ${desired}.`;
  const told = `ECS was told to go from ${from} to ${counted(desired, 'task')}`;
  if (acted === undefined) return `${told}.`;
  if (acted.changed === 'unknown') return `${told}. Whether it did is not known; the next tick looks.`;
  return acted.changed ? `${told}, and accepted it.` : `${told}, and refused.`;
};

/** The last link of the chain is what ECS said, when that was not a plain yes. */
const answerText = ({ decision, acted }: DecisionRecord): string | undefined =>
  acted === undefined || (acted.changed === true && acted.desired === decision.desired)
    ? undefined
    : decision.explanation.at(-1)?.text;

const hasFailed = ({ acted }: DecisionRecord): boolean => acted !== undefined && acted.changed !== true;

const sizeText = ({ cpu, memoryMiB }: TaskSize): string => `${cpu / 1024} vCPU / ${memoryMiB / 1024} GiB`;
