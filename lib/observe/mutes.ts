import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SetByHand } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';
import { parseTime } from './override-time.ts';

/** Alerts that a person does not want to be told of for a while. They are recorded all the same. */
export interface Mute extends SetByHand {
  readonly until: EpochSeconds;
  /** Absent: every alert. */
  readonly code?: string;
}

/** The attribute of a service's mute, in the item of overrides; without a service: of all. */
export const muteAttribute = (service: string): string => `${mutePrefix}${service}`;
const mutePrefix = 'mute:';

/** A mute without a readable end does not hold: to be told too often is the lesser evil. */
export const mutesIn = (
  item: Readonly<Record<string, AttributeValue>>,
): { readonly mutes?: Readonly<Record<string, Mute>> } => {
  const mutes = Object.entries(item).flatMap(([name, value]) => {
    const mute = name.startsWith(mutePrefix) ? parseMute(value) : undefined;
    return mute === undefined ? [] : [[name.slice(mutePrefix.length), mute] as const];
  });
  return mutes.length === 0 ? {} : { mutes: Object.fromEntries(mutes) };
};

const parseMute = (value: AttributeValue): Mute | undefined => {
  const { until, code, by, reason, at } = value.M ?? {};
  const ends = parseTime(until);
  if (ends === undefined) return undefined;
  const since = parseTime(at);
  return {
    until: ends,
    ...(code?.S === undefined ? {} : { code: code.S }),
    ...(by?.S === undefined ? {} : { by: by.S }),
    ...(reason?.S === undefined ? {} : { reason: reason.S }),
    ...(since === undefined ? {} : { at: since }),
  };
};
