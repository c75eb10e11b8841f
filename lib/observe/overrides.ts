import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Override, SetByHand } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';
import { type Mute, mutesIn } from './mutes.ts';
import { parseTime } from './override-time.ts';

/**
 * All that people set at run time, in the one item `STAGE` / `OVERRIDES`. An attribute each: `stopAll`, `all`, and
 * `service:<name>`. One item for the stage, since a tick then reads half a read unit whatever the number of services:
 * USD 0.016 a month and shard at a tick of 10 s, where an item for each of 30 services would cost USD 0.49.
 */
export interface Overrides {
  /** The stop-all switch. */
  readonly stop?: Override;
  readonly all?: Override;
  readonly byService: Readonly<Record<string, Override>>;
  /** Who does not want to be told of alerts, by service; `''` for all of them. Absent: nobody. */
  readonly mutes?: Readonly<Record<string, Mute>>;
}

export const noOverrides: Overrides = { byService: {} };

export const overridesKey = { pk: { S: 'STAGE' }, sk: { S: 'OVERRIDES' } };

/** Rejects with the SDK's error. No item: nobody set anything. */
export async function readOverrides(
  dynamo: DynamoDBClient,
  table: string,
  abortSignal: AbortSignal,
  { consistent = false }: { readonly consistent?: boolean } = {},
): Promise<Overrides> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: overridesKey, ConsistentRead: consistent }),
    { abortSignal },
  );
  return parseOverrides(Item ?? {});
}

/**
 * People write this item by hand too, in a hurry. Whatever says "stop" in any usual way is believed, and an entry that
 * does not read becomes a stop of what it is about: to go on scaling would be to guess.
 */
export function parseOverrides(item: Readonly<Record<string, AttributeValue>>): Overrides {
  const services = Object.entries(item).flatMap(([name, value]) =>
    name.startsWith(servicePrefix) ? [[name.slice(servicePrefix.length), parseOverride(value)] as const] : [],
  );
  return {
    byService: Object.fromEntries(services),
    ...mutesIn(item),
    ...(item.all === undefined ? {} : { all: { ...parseOverride(item.all), all: true } }),
    ...(isOn(item.stopAll) ? { stop: { kind: 'stop', cause: 'switch', all: true, ...reasonOf(item) } } : {}),
  };
}

/** What holds for a service: the switch before all, else the newer of its own and the one for all. */
export function overrideOf(overrides: Overrides, service: string, now: EpochSeconds): Override | undefined {
  if (overrides.stop !== undefined) return overrides.stop;
  const [own, all] = [overrides.byService[service], overrides.all].map((entry) =>
    entry !== undefined && isInForce(entry, now) ? entry : undefined,
  );
  if (own === undefined || all === undefined) return own ?? all;
  return (all.at ?? 0) > (own.at ?? 0) ? all : own;
}

export const isInForce = (override: Override, now: EpochSeconds): boolean =>
  override.kind === 'stop' || override.until > now;

/** Nobody is told of this alert now. */
export const isMuted = ({ mutes }: Overrides, service: string, code: string, now: EpochSeconds): boolean =>
  [mutes?.[service], mutes?.['']].some(
    (mute) => mute !== undefined && mute.until > now && (mute.code === undefined || mute.code === code),
  );

/** The attribute of a service's own override. */
export const serviceAttribute = (service: string): string => `${servicePrefix}${service}`;
const servicePrefix = 'service:';

/** In the console a person types true, "true", "yes", 1 … and only a plain no means no. */
const isOn = (value: AttributeValue | undefined): boolean => {
  if (value === undefined || value.NULL === true) return false;
  if (value.BOOL !== undefined) return value.BOOL;
  return !['', '0', 'false', 'off', 'no'].includes((value.S ?? value.N ?? 'on').trim().toLowerCase());
};

const reasonOf = (item: Readonly<Record<string, AttributeValue>>): Pick<SetByHand, 'reason'> =>
  item.stopAllReason?.S === undefined ? {} : { reason: item.stopAllReason.S };

function parseOverride(value: AttributeValue): Override {
  const { kind, until, desired, by, reason, at } = value.M ?? {};
  const set: SetByHand = {
    ...(by?.S === undefined ? {} : { by: by.S }),
    ...(reason?.S === undefined ? {} : { reason: reason.S }),
    ...(parseTime(at) === undefined ? {} : { at: parseTime(at) as EpochSeconds }),
  };
  const unreadable = (why: string): Override => ({ ...set, kind: 'stop', cause: 'unreadable', reason: why });
  if (value.M === undefined) return unreadable('it is not a map of kind, until and the like');
  const ends = parseTime(until);
  if (ends === undefined) {
    return unreadable(`its "until" is ${until === undefined ? 'missing' : 'no time'}, such as 2026-11-21T12:00:00Z`);
  }
  if (kind?.S === 'pause') return { ...set, kind: 'pause', until: ends };
  if (kind?.S !== 'hold') return unreadable(`its "kind" is ${JSON.stringify(kind?.S ?? null)}, not "pause" or "hold"`);
  const count = Number(desired?.N ?? desired?.S ?? Number.NaN);
  if (!Number.isInteger(count) || count < 0) return unreadable('its "desired" is no whole number from 0');
  return { ...set, kind: 'hold', desired: count, until: ends };
}
