import type { VotePolicy } from '../../model/policy.ts';
import type { Json } from '../../model/state.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { shown } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

type Sample = readonly (number | null)[];
interface Memory {
  /** Time of the newest value in the last sample: a tick that brings nothing newer is no new sample. */
  readonly at: number;
  readonly samples: readonly Sample[];
}

/**
 * Votes on means over the last samples (3). Out when at least `atLeast` signals are above their thresholds:
 * +3 above 90 % CPU, +2 above 80 %, else +1. In, by one task, only when all signals of `in` are known and below.
 */
export const vote = (policy: VotePolicy, input: PolicyInput): PolicyOutput => {
  const { current } = input;
  const names = namesOf(policy);
  const signals = new SignalReader(input.observation);
  const values = names.map((name) => signals.read(name) ?? null);
  const memory = remember(input.memory, names.length, policy.history, signals.newestAt, values);
  if (values.every((value) => value === null))
    return { proposal: cannotTell('vote', signals), memory: memory as unknown as Json };

  const answer = (desired: number, text: string): PolicyOutput => ({
    proposal: settle('vote', signals, current, desired, text),
    memory: memory as unknown as Json,
  });
  if (memory.samples.length < policy.history)
    return answer(current, `${memory.samples.length} of ${policy.history} samples are there: wait.`);

  const means = new Map(names.map((name, index) => [name, meanOf(memory.samples, index)] as const));
  const outVotes = Object.entries(policy.out.signals).filter(([name, above]) => (means.get(name) ?? -Infinity) > above);
  if (outVotes.length >= policy.out.atLeast) {
    const step = outStep(means.get('cpu'));
    const reasons = outVotes.map(([name, above]) => `${name} ${shown(means.get(name) ?? 0)} > ${shown(above)}`);
    return answer(current + step, `${countedMeans(policy)}: ${reasons.join(', ')}: ${step} more.`);
  }
  const below = Object.entries(policy.in.signals);
  const allLow = below.length > 0 && below.every(([name, limit]) => (means.get(name) ?? Infinity) < limit);
  const shownMeans = [...means]
    .map(([name, mean]) => `${name} ${mean === undefined ? 'unknown' : shown(mean)}`)
    .join(', ');
  if (allLow) return answer(current - 1, `${countedMeans(policy)} are all low (${shownMeans}): one fewer.`);
  return answer(
    current,
    `${countedMeans(policy)} (${shownMeans}): ${outVotes.length} of ${policy.out.atLeast} votes to scale out, and not all low.`,
  );
};

const outStep = (cpu: number | undefined): number => {
  if (cpu === undefined) return 1;
  return cpu > 90 ? 3 : cpu > 80 ? 2 : 1;
};

const countedMeans = (policy: VotePolicy): string => `Means of ${policy.history} samples`;

const namesOf = (policy: VotePolicy): readonly string[] => [
  ...new Set([...Object.keys(policy.out.signals), ...Object.keys(policy.in.signals)]),
];

/** The mean of the known samples; unknown when the newest one is, for old values do not vote. */
const meanOf = (samples: readonly Sample[], index: number): number | undefined => {
  if ((samples.at(-1)?.[index] ?? null) === null) return undefined;
  let sum = 0;
  let count = 0;
  for (const sample of samples) {
    const value = sample[index];
    if (typeof value !== 'number') continue;
    sum += value;
    count += 1;
  }
  return sum / count;
};

const remember = (before: Json | undefined, width: number, history: number, at: number, values: Sample): Memory => {
  const old = readMemory(before, width);
  if (at <= old.at) {
    // The same data points again; but what has become unknown since must not go on voting.
    const last = old.samples.at(-1);
    if (last === undefined) return old;
    return {
      at: old.at,
      samples: [...old.samples.slice(0, -1), last.map((value, index) => (values[index] === null ? null : value))],
    };
  }
  return { at, samples: [...old.samples, values].slice(-Math.max(1, history)) };
};

const readMemory = (memory: Json | undefined, width: number): Memory => {
  const candidate = memory as Partial<Memory> | undefined | null;
  const usable =
    typeof candidate?.at === 'number' &&
    Array.isArray(candidate.samples) &&
    candidate.samples.every((sample) => Array.isArray(sample) && sample.length === width);
  return usable ? (candidate as Memory) : { at: 0, samples: [] };
};
