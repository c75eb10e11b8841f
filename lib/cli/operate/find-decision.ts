import { BadInput } from '../../model/bad-input.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Surroundings } from '../../report/why/story.ts';
import { isoUtc } from '../../report/why/times.ts';
import type { DecisionSource } from './decision-source.ts';

export interface FoundDecision {
  readonly record: DecisionRecord;
  readonly around: Surroundings;
}

/** Quiet services tick once a minute at least; a scaler that stood still is looked for further back. */
const reachesSeconds: readonly Seconds[] = [3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600, 90 * 24 * 3600];
const aheadSeconds: Seconds = 900;

/** The decision of the tick at `at`, else of the last one before it, with its neighbours. Throws BadInput when there is none. */
export const findDecision = async (
  source: DecisionSource,
  service: string,
  at: EpochSeconds,
): Promise<FoundDecision> => {
  for (const reach of reachesSeconds) {
    const records = await source.read(service, at - reach, at + aheadSeconds);
    // A tick of the same second counts as being at that time: nobody types milliseconds.
    const index = records.findLastIndex(({ decision }) => Math.floor(decision.at) <= at);
    const record = records[index];
    if (record !== undefined) return { record, around: surroundings(records, index) };
  }
  throw new BadInput([
    {
      path: '--at',
      found: isoUtc(at),
      expected: `a time at or after the first decision for ${service} (${source.label})`,
      mend: `"sluice log ${service}" lists what there is.`,
    },
  ]);
};

const surroundings = (records: readonly DecisionRecord[], index: number): Surroundings => {
  const earlier = records.slice(0, index);
  const [previous, next] = [records[index - 1], records[index + 1]];
  const lastChange = earlier.findLast(({ decision }) => decision.kind === 'scale' && !decision.shadow);
  return {
    ...(previous && { previous }),
    ...(next && { next }),
    ...(lastChange && { lastChange }),
    ...sameSince(records, index),
  };
};

/** Ticks without a break that ended with the same kind and count, back from this one. */
const sameSince = (records: readonly DecisionRecord[], index: number): Pick<Surroundings, 'sameSince'> => {
  const here = records[index];
  if (here === undefined) return {};
  let first = index;
  while (isAlike(records[first - 1], here)) first--;
  return { sameSince: { at: (records[first] ?? here).decision.at, ticks: index - first + 1 } };
};

const isAlike = (one: DecisionRecord | undefined, other: DecisionRecord): boolean =>
  one?.decision.kind === other.decision.kind && one.decision.desired === other.decision.desired;
