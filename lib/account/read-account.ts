import type { Seconds } from '../model/units.ts';
import { timeBox } from '../observe/time-box.ts';
import type { InstanceUsage, UnavailableSource, Usage } from '../report/usage/usage.ts';
import type { AccountPart, AccountSource, AccountWindow, Asked, FoundService } from './source.ts';
import type { FoundOrphan } from './sources/orphans.ts';
import { toldApart } from './told-apart.ts';
import { unavailable } from './unavailable.ts';

/** Everything that could be read, before orphans and overheads have prices (`priced`). */
export interface AccountReading {
  readonly usage: Usage;
  readonly services: readonly FoundService[];
  readonly orphans: readonly FoundOrphan[];
  readonly asked: Required<Asked>;
}

export interface AccountRequest extends AccountWindow {
  /** Of the people who read the report. */
  readonly timeZone: string;
  readonly holidays: readonly string[];
}

/** For one source in one Region, SDK retries included. */
const sourceSeconds: Seconds = 90;
/** Sources at work at a time: accounts have limits for Describe calls. */
const sideBySide = 8;

/** Asks all sources side by side. Never rejects: what fails, hangs or is forbidden becomes a line of the report. */
export const readAccount = async (
  sources: readonly AccountSource[],
  request: AccountRequest,
  abortSignal: AbortSignal,
  perSourceSeconds: Seconds = sourceSeconds,
): Promise<AccountReading> => {
  const parts = await inTurn(sources, sideBySide, (source) => ask(source, request, abortSignal, perSourceSeconds));
  const all = <Key extends keyof AccountPart>(key: Key): readonly Item<Key>[] =>
    parts.flatMap((part) => (part[key] ?? []) as readonly Item<Key>[]);
  const services = toldApart(all('services'), ({ usage }) => usage.name, labelService);
  // A service and its database often have one name.
  const taken = new Set(services.map(({ usage }) => usage.label ?? usage.name));
  const { from, hours, timeZone, holidays } = request;
  return {
    usage: {
      currency: 'USD',
      timeZone,
      holidays,
      from,
      hours,
      services: services.map(({ usage }) => usage),
      instances: toldApart(all('instances'), ({ id }) => id, labelInstance).map((instance) =>
        taken.has(instance.label ?? instance.id) ? labelInstance(instance) : instance,
      ),
      orphans: [],
      commitments: all('commitments'),
      bill: all('bill'),
      unavailable: withoutRepeats(all('unavailable')),
    },
    services,
    orphans: all('orphans'),
    asked: {
      metrics: parts.reduce((sum, { asked }) => sum + (asked?.metrics ?? 0), 0),
      billRequests: parts.reduce((sum, { asked }) => sum + (asked?.billRequests ?? 0), 0),
    },
  };
};

type Item<Key extends keyof AccountPart> = NonNullable<AccountPart[Key]> extends readonly (infer One)[] ? One : never;

const ask = async (
  source: AccountSource,
  window: AccountWindow,
  abortSignal: AbortSignal,
  seconds: Seconds,
): Promise<AccountPart> => {
  try {
    const what = source.region === undefined ? source.source : `${source.source} in ${source.region}`;
    return await timeBox(what, seconds, abortSignal, (signal) => source.read(window, signal));
  } catch (error) {
    return { unavailable: [unavailable(source.source, source.region, error)] };
  }
};

const inTurn = async <Item, Result>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results = new Array<Result>(items.length);
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of rest) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, worker));
  return results;
};

const labelInstance = (instance: InstanceUsage): InstanceUsage => ({
  ...instance,
  label: `${instance.id} (${instance.kind}, ${instance.region})`,
});

const labelService = (service: FoundService): FoundService => ({
  ...service,
  usage: { ...service.usage, label: `${service.usage.name} (${service.usage.region})` },
});

const withoutRepeats = (lines: readonly UnavailableSource[]): readonly UnavailableSource[] => [
  ...new Map(lines.map((line) => [JSON.stringify(line), line])).values(),
];
