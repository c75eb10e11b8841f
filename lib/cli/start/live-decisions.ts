import type { EpochSeconds } from '../../model/units.ts';

/** A decision as the tick function's log tells it. The decision log has the whole of it. */
export interface LiveDecision {
  readonly service: string;
  readonly at: EpochSeconds;
  readonly kind: 'scale' | 'keep' | 'hold';
  readonly from: number;
  readonly desired: number;
  readonly summary: string;
  readonly shadow: boolean;
}

/** A function's own complaint: what it logged as an error. */
export interface FunctionTrouble {
  readonly functionName: string;
  readonly text: string;
}

/** Reads a line of a function's log. Undefined: it is about something else. */
export const readFunctionLine = (functionName: string, line: string): LiveDecision | FunctionTrouble | undefined => {
  const entry = parsed(line);
  if (entry === undefined) return undefined;
  if (entry.level === 'ERROR') return { functionName, text: troubleText(entry) };
  if (entry.message !== 'decision' || typeof entry.service !== 'string') return undefined;
  const { service, kind, from, desired, summary, shadow, timestamp } = entry;
  return { service, kind, from, desired, summary, shadow, at: Date.parse(String(timestamp)) / 1000 } as LiveDecision;
};

type Entry = Readonly<Record<string, unknown>>;

const parsed = (line: string): Entry | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
};

const troubleText = ({ message, problem, error }: Entry): string => {
  const detail = problem ?? (error as Entry | undefined)?.message;
  return detail === undefined
    ? String(message)
    : `${message}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`;
};
