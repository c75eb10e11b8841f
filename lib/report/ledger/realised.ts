import type { EpochSeconds, Usd } from '../../model/units.ts';
import { Account } from '../plan/account.ts';
import { type AdviceKind, adviceKinds } from '../plan/advice.ts';
import { heldCovers } from '../plan/commitments/held-covers.ts';
import { initialStates } from '../plan/initial-states.ts';
import { taskNeed } from '../plan/policies/task-need.ts';
import { type FargateState, minimumAt, type ResourceState, resourceId } from '../plan/resource.ts';
import type { PriceBook } from '../prices/price-book.ts';
import { hoursAlike } from '../replay/hours-alike.ts';
import type { FargateUsage, Usage } from '../usage/usage.ts';
import type { LedgerEntry } from './ledger.ts';

export interface Realised {
  readonly usdPerMonth: Usd;
  readonly hours: number;
}

/**
 * What each applied advice saves, by the counterfactual: the hours since it was applied, with the demand that they really
 * had, billed again under the settings of before. Advice is undone from the last of the order to the first, each on top of
 * the ones before, so that what two of them save together is counted once, as in the plan.
 */
export const realisedSavings = (
  usage: Usage,
  book: PriceBook,
  entries: readonly LedgerEntry[],
): ReadonlyMap<string, Realised> => {
  const found = new Map<string, Realised>();
  const states = initialStates(usage);
  const held = heldCovers(usage, book);
  const account = new Account(states, held, book, usage.hours);
  const order = (kind: AdviceKind): number => adviceKinds.indexOf(kind);
  const applied = entries
    .filter(({ appliedAt, state }) => appliedAt !== undefined && state !== 'undone')
    .toSorted((a, b) => order(b.kind) - order(a.kind) || (a.id < b.id ? -1 : 1));
  for (const entry of applied) {
    const from = hourOf(usage, entry.appliedAt ?? usage.from);
    const hours = usage.hours - from;
    if (hours <= 0) continue;
    const usd = costOfUndoing(entry, account, usage, book, from);
    if (usd !== undefined) found.set(entry.id, { usdPerMonth: (usd / hours) * 730, hours });
  }
  return found;
};

const hourOf = (usage: Usage, at: EpochSeconds): number => Math.max(0, Math.ceil((at - usage.from) / 3600));

/** What the window would have cost more, from that hour on. The account is left undone, for the next. */
const costOfUndoing = (
  entry: LedgerEntry,
  account: Account,
  usage: Usage,
  book: PriceBook,
  from: number,
): Usd | undefined => {
  const { change, before } = entry;
  if (change === undefined || before === undefined) return undefined;
  if (before.of === 'orphan') return before.usdPerHour * (usage.hours - from);
  if (change.to === 'commitment') {
    const bought = before.of === 'account' ? before.commitments : [];
    const without = heldCovers(
      { ...usage, commitments: usage.commitments.filter(({ id }) => bought.includes(id)) },
      book,
    );
    return (
      sumFrom(new Account(account.states, without, book, usage.hours).settled.usd, from) -
      sumFrom(account.settled.usd, from)
    );
  }
  const state = account.states.find((candidate) => resourceId(candidate) === entry.resource);
  const undone = state && undo(state, entry, usage, from);
  if (undone === undefined || account.savingIf(undone) === undefined) return undefined;
  const now = sumFrom(account.settled.usd, from);
  account.take(undone);
  return sumFrom(account.settled.usd, from) - now;
};

const undo = (
  state: ResourceState,
  { change, before }: LedgerEntry,
  usage: Usage,
  from: number,
): ResourceState | undefined => {
  if (change === undefined || before === undefined) return undefined;
  if (state.kind === 'instance' && before.of === 'instance') {
    if (change.to === 'class') return { ...state, type: before.type, engine: before.engine };
    return {
      ...state,
      running: state.running.map((share, h) => (h < from ? share : Math.max(share, before.runningShare))),
    };
  }
  if (state.kind !== 'fargate' || before.of !== 'service') return undefined;
  switch (change.to) {
    case 'architecture':
      return { ...state, architecture: before.architecture };
    case 'spot':
      return {
        ...state,
        onDemand: state.tasks.map((count, h) =>
          h < from ? (state.onDemand[h] as number) : count * (1 - before.spotShare),
        ),
      };
    case 'policy': {
      const like = tasksBefore(state.usage, from);
      return like && withTasks(state, (count, h) => (h < from ? count : like(state.usage.hourly.jobs?.[h] ?? 0)));
    }
    case 'bounds':
    case 'minimums':
      return withTasks(state, (count, h) => (h < from ? count : Math.max(count, before.min)));
    case 'size': {
      const now = state.usage.serviceSeconds?.mean;
      const factor = now === undefined || before.serviceMeanSeconds === undefined ? 1 : before.serviceMeanSeconds / now;
      const needed = taskNeed(state.usage, usage.hours, 1);
      const would = taskNeed(state.usage, usage.hours, factor);
      const tasks = withTasks(state, (count, h) => {
        const [is, was] = [needed?.[h] ?? 0, would?.[h] ?? 0];
        // At its minimum a fleet has the same count on either size.
        return h < from || is === 0 || count <= minimumAt(state.usage, h) + 0.5 ? count : (count * was) / is;
      });
      return { ...tasks, size: before.size };
    }
    default:
      return undefined;
  }
};

/** What the old policy did with as many jobs, by the hours of the window before it went. Undefined: too few are left. */
const tasksBefore = ({ hourly }: FargateUsage, until: number): ((jobs: number) => number) | undefined => {
  const hours = hourly.tasks.slice(0, until).flatMap((tasks, hour) => {
    const jobs = hourly.jobs?.[hour];
    return tasks === null || jobs === null || jobs === undefined ? [] : [{ hour, jobs, tasks, level: 0 }];
  });
  if (hours.length < hoursOfBeforeMin) return undefined;
  const like = hoursAlike(hours);
  return (jobs) => like(jobs, 0);
};
const hoursOfBeforeMin = 48;

const withTasks = (state: FargateState, countAt: (count: number, h: number) => number): FargateState => {
  const tasks = state.tasks.map(countAt);
  return {
    ...state,
    tasks,
    onDemand: tasks.map((count, h) => {
      const before = state.tasks[h] as number;
      return before === 0 ? count : (count * (state.onDemand[h] as number)) / before;
    }),
  };
};

const sumFrom = (hourly: Float64Array, from: number): Usd => hourly.subarray(from).reduce((sum, usd) => sum + usd, 0);
