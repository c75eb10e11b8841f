import type { Decision } from '../../model/decision.ts';
import type { TaskSize } from '../../model/plan.ts';
import { counted } from '../run/format.ts';

type Decided = Omit<Decision, 'state'>;

/** The outcome in a few words. */
export const titleOf = (decision: Decided): string => {
  const { kind, from, desired, shadow } = decision;
  if (kind === 'scale' && from !== desired) {
    const move = `${desired > from ? 'OUT' : 'IN'} from ${from} to ${counted(desired, 'task')}`;
    if (shadow) return `SHADOW: would go ${move.toLowerCase()}`;
    return failureOf(decision) === undefined ? move : `${move} FAILED`;
  }
  if (kind === 'hold') return `HELD at ${counted(desired, 'task')}`;
  return `NOTHING CHANGED, ${counted(desired, 'task')}`;
};

/** What became of it, in sentences. */
export const outcomeLines = (decision: Decided): readonly string[] => {
  const { kind, from, desired, shadow } = decision;
  const lines = [changeLine(decision), ...sizeLines(decision)];
  const failure = failureOf(decision);
  if (failure !== undefined) lines.push(failure.text);
  if (kind === 'scale' && shadow && from !== desired)
    lines.push('This service is in shadow mode: the decision is recorded and not carried out.');
  return lines;
};

const changeLine = (decision: Decided): string => {
  const { kind, from, desired, shadow } = decision;
  if (kind === 'hold') return `Nothing was decided: the count stays at ${from}, whatever it is.`;
  if (from === desired) return `The desired count stays at ${from}.`;
  if (shadow) return `The desired count would go from ${from} to ${desired}.`;
  return failureOf(decision) === undefined
    ? `ECS was told to go from ${from} to ${counted(desired, 'task')}, and did.`
    : `ECS was told to go from ${from} to ${counted(desired, 'task')}:`;
};

const sizeLines = ({ size, sizeFrom }: Decided): readonly string[] =>
  sizeFrom === undefined ? [] : [`The task size changes from ${sizeText(sizeFrom)} to ${sizeText(size)}.`];

export const sizeText = ({ cpu, memoryMiB }: TaskSize): string => `${cpu / 1024} vCPU / ${memoryMiB / 1024} GiB`;

/** The last link of the chain when carrying it out did not go as decided. */
const failureOf = ({ explanation }: Decided) => {
  const last = explanation.at(-1);
  return last?.stage === 'act' && last.code !== 'asProposed' ? last : undefined;
};
