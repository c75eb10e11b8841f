import { lookPeriod } from './decide/look-period.ts';
import type { ServiceBinding } from './model/binding.ts';
import type { Decision, DecisionRecord } from './model/decision.ts';
import type { Observation } from './model/observation.ts';
import type { Override, Settings } from './model/plan.ts';
import type { ShardState } from './model/shard.ts';
import type { Sighting } from './model/sighting.ts';
import type { HotState, LearntState, ServiceState } from './model/state.ts';
import type { EpochSeconds, Seconds } from './model/units.ts';
import { arrivalsSince } from './observe/arrivals.ts';
import { type Overrides, overrideOf } from './observe/overrides.ts';
import { describeError, timeBox } from './observe/time-box.ts';
import { actedDecision, answerOf, failedDecision, unseen } from './tick/decisions.ts';
import { instantOf, instantsToSend, instantsToWake, isDue, isLate, periodOf, type Tick } from './tick/due.ts';
import { hotOf, keptServices, mustSave, type RecalledLearnt, recallLearnt } from './tick/memory.ts';
import type { TickDependencies, Usage } from './tick/ports.ts';
import { replayable } from './tick/replayable.ts';
import { grantsOf } from './tick/shared-limits.ts';
import { type ReadHourCosts, spendingOf, withSpending } from './tick/spending.ts';

/** One tick of one shard: load state → observe → decide → commit → act → record. Rejects only when the state cannot be read or committed. */
export async function runTick(
  tick: Tick,
  bindings: readonly ServiceBinding[],
  deps: TickDependencies,
  signal: AbortSignal,
): Promise<TickOutcome> {
  const now = deps.clock.now();
  if (isLate(tick, now, smallestTick(bindings))) return dropped('late');

  const run: Run = { tick, now: Math.max(now, instantOf(tick, now)), deps, signal, problems: [], sentUntil: 0 };
  const [shard, overrides] = await Promise.all([
    timeBox('load state', seconds.load, signal, (inner) => deps.state.load(tick.shard, inner)),
    readOverrides(run),
  ]);
  const sent = tick.source === 'minute' ? await sendTicksBetween(run, bindings, shard) : 0;
  const due = dueServices(run, bindings, shard);
  if (due.length === 0) return { ...dropped('nothingDue'), sent, problems: run.problems };

  const prepared = await Promise.all(due.map((binding) => prepare(run, binding, shard, overrides)));
  const [sightings, funded] = await Promise.all([observe(run, prepared), readSpending(run, prepared)]);
  const drafts = funded.map((service, i) => decideOne(run, service, sightings[i]));
  const decided = shareLimits(run, drafts, sightings, bindings, shard);

  if ((await commit(run, shard, decided)) === 'lost') return { ...dropped('lost'), sent, problems: run.problems };
  const acted = await Promise.all(decided.map((service) => act(run, service)));
  const woken = await wake(run, bindings, shard, decided);
  await record(run, acted);
  return { kind: 'done', sent: sent + woken, records: acted.map((service) => service.record), problems: run.problems };
}

export interface TickOutcome {
  /** `late`, `nothingDue` (a duplicate, as a rule) and `lost` (another invocation was first): nothing was decided or changed. */
  readonly kind: 'done' | 'late' | 'nothingDue' | 'lost';
  /** Ticks that were put into the tick queue. */
  readonly sent: number;
  readonly records: readonly DecisionRecord[];
  readonly problems: readonly Problem[];
}

/** Something that went wrong and did not stop the tick. */
export interface Problem {
  readonly what: string;
  readonly text: string;
  readonly service?: string;
}

/** What each step may take. The sum stays below the function's time-out of 30 s. */
const seconds: Readonly<
  Record<'load' | 'overrides' | 'send' | 'learnt' | 'observe' | 'commit' | 'act' | 'record', Seconds>
> = {
  load: 3,
  overrides: 2,
  send: 3,
  learnt: 3,
  observe: 5,
  commit: 4,
  act: 6,
  record: 5,
};

interface Run {
  readonly tick: Tick;
  readonly now: EpochSeconds;
  readonly deps: TickDependencies;
  readonly signal: AbortSignal;
  readonly problems: Problem[];
  /** Up to when this very tick has sent others. 0: it sent none. */
  sentUntil: EpochSeconds;
}

interface Prepared {
  readonly binding: ServiceBinding;
  readonly hot: HotState;
  readonly recalled: RecalledLearnt;
  /** Or what went wrong on the way to them. */
  readonly settings: Settings | Problem;
  /** What the moment added to the plan's settings. */
  readonly given: Partial<Settings>;
}

interface Decided extends Prepared {
  readonly observation: Observation;
  readonly decision: Decision;
  readonly usage: Usage;
}

interface Acted extends Decided {
  readonly record: DecisionRecord;
}

const dropped = (kind: 'late' | 'nothingDue' | 'lost'): TickOutcome => ({ kind, sent: 0, records: [], problems: [] });

const smallestTick = (bindings: readonly ServiceBinding[]): Seconds =>
  Math.min(...bindings.map((binding) => binding.plan.tickSeconds));

/** Sent before anything else: if this invocation dies, the ticks to come are on their way. A failure costs only their punctuality. */
async function sendTicksBetween(run: Run, bindings: readonly ServiceBinding[], shard: ShardState): Promise<number> {
  const instants = instantsToSend(periodsIn(bindings, shard), run.now, shard.sentUntil);
  return sendTicks(run, instants);
}

/** Services that were idle and are not any more: their ticks until the next minute's are not in the queue yet. */
async function wake(
  run: Run,
  bindings: readonly ServiceBinding[],
  shard: ShardState,
  decided: readonly Decided[],
): Promise<number> {
  const woken = decided.filter(
    ({ binding, hot, decision }) => periodOf(binding, decision.state.hot) < periodOf(binding, hot),
  );
  if (woken.length === 0) return 0;
  const awake = woken.map(({ binding, decision }) => periodOf(binding, decision.state.hot));
  const asleep = periodsIn(bindings, shard);
  return sendTicks(run, instantsToWake({ asleep, awake }, run.now, Math.max(shard.sentUntil, run.sentUntil)));
}

const periodsIn = (bindings: readonly ServiceBinding[], shard: ShardState): readonly Seconds[] =>
  bindings.map((binding) => periodOf(binding, shard.services[binding.plan.service]));

async function sendTicks(run: Run, instants: readonly EpochSeconds[]): Promise<number> {
  const { deps, tick, now } = run;
  const last = instants.at(-1);
  if (last === undefined) return 0;
  const sent = await attempt(run, 'send ticks', seconds.send, async (inner) => {
    await deps.sender.send(tick.shard, instants, now, inner);
    await deps.state.markSent(tick.shard, last, inner);
    return instants.length;
  });
  if (sent !== undefined) run.sentUntil = last;
  return sent ?? 0;
}

function dueServices(run: Run, bindings: readonly ServiceBinding[], shard: ShardState): readonly ServiceBinding[] {
  const instant = instantOf(run.tick, run.now);
  return bindings.filter((binding) => {
    const hot = shard.services[binding.plan.service];
    return isDue(instant, periodOf(binding, hot), hot?.lastTickAt ?? 0);
  });
}

/** Those of the tick before when they cannot be read now: a pause outlives a failing read. Undefined: never read. */
async function readOverrides(run: Run): Promise<Overrides | undefined> {
  const { memory, overrides } = run.deps;
  const read = await attempt(run, 'read the overrides', seconds.overrides, (inner) => overrides.read(inner));
  return memory.newestOverrides(read);
}

async function prepare(
  run: Run,
  binding: ServiceBinding,
  shard: ShardState,
  overrides: Overrides | undefined,
): Promise<Prepared> {
  const { service } = binding.plan;
  const hot = hotOf(shard, service);
  const recalled = await recallLearnt(run.deps.memory, service, hot, run.now, () =>
    attempt(run, 'load what was learnt', seconds.learnt, (inner) => run.deps.state.loadLearnt(service, inner), service),
  );
  const override = overrides === undefined ? overridesUnread : overrideOf(overrides, service, run.now);
  const given = override === undefined ? {} : { override };
  return { binding, hot, recalled, settings: settingsOf(run, binding, given), given };
}

const overridesUnread: Override = { kind: 'stop', cause: 'unread' };

function settingsOf(run: Run, { plan }: ServiceBinding, given: Partial<Settings>): Settings | Problem {
  try {
    return { ...run.deps.settingsAt(plan, run.now), ...given };
  } catch (error) {
    return { what: 'settings', service: plan.service, text: describeError(error) };
  }
}

/** By the position in `prepared`. Services without settings are not looked at. */
async function observe(run: Run, prepared: readonly Prepared[]): Promise<readonly (Sighting | undefined)[]> {
  const wanted = prepared.flatMap(({ binding, settings, recalled }) =>
    'what' in settings ? [] : [{ binding, settings, previousWork: recalled.learnt.observed?.work }],
  );
  const seen = await attempt(run, 'observe', seconds.observe, (inner) =>
    run.deps.observer.observe(wanted, run.now, inner),
  );
  const byService = new Map(wanted.map(({ binding }, i) => [binding.plan.service, seen?.[i]]));
  return prepared.map(({ binding }) => byService.get(binding.plan.service));
}

/** Services with a budget learn what was spent. What cannot be read leaves the last reading, or nothing. */
async function readSpending(run: Run, prepared: readonly Prepared[]): Promise<readonly Prepared[]> {
  const { hourCosts } = run.deps;
  if (hourCosts === undefined) return prepared;
  // The costs of all services are the same for each of them: they are read once a tick.
  const ofAll = new Map<EpochSeconds, ReturnType<ReadHourCosts>>();
  return Promise.all(
    prepared.map(async (service) => {
      const { plan } = service.binding;
      if (plan.budget === undefined && plan.sharedBudget === undefined) return service;
      const before = service.recalled.learnt.spending;
      const spending = await attempt(
        run,
        'read the spending',
        seconds.observe,
        (inner) =>
          spendingOf(plan, before, run.now, (scope, from, to) => {
            if (scope !== 'all') return hourCosts.read(scope, from, to, inner);
            const reading = ofAll.get(from) ?? hourCosts.read(scope, from, to, inner);
            ofAll.set(from, reading);
            return reading;
          }),
        plan.service,
      );
      const learnt = { ...service.recalled.learnt, ...(spending && { spending }) };
      return { ...service, recalled: { ...service.recalled, learnt } };
    }),
  );
}

/** Whatever `decide` throws stays with this one service: it holds, says so, and the others go on. */
function decideOne(run: Run, service: Prepared, sighting: Sighting = unseen(service.binding, run.now)): Decided {
  const { binding, settings, hot, recalled } = service;
  const seen = run.deps.memory.withOwnWrite(binding.plan.service, sighting.observation);
  const observation = withSpending(seen, binding.plan, recalled.learnt.spending);
  const state: ServiceState = { hot, learnt: recalled.learnt };
  const decision = decideOrHold(run, { observation, binding, settings, state });
  const { arrivals, mark } = arrivalsSince(recalled.learnt.observed, observation, sighting.totals);
  const observed = { ...mark, ...(sighting.workMark === undefined ? {} : { work: sighting.workMark }) };
  const tasks = observation.service.known ? observation.service.value : undefined;
  const period =
    'what' in settings ? binding.plan.tickSeconds : lookPeriod({ settings, observation, decision, arrivals });
  return {
    ...service,
    observation,
    decision: {
      ...decision,
      // When the next look is due, and what is a duplicate of this one, is the tick's own business and not a policy's.
      state: {
        hot: lookedAt(decision.state.hot, run.now, period > binding.plan.tickSeconds ? period : undefined),
        learnt: { ...decision.state.learnt, observed },
      },
    },
    usage: {
      binding,
      from: hot.lastTickAt === 0 ? run.now : hot.lastTickAt,
      to: run.now,
      arrivals,
      scaled: 'no',
      ...(tasks === undefined ? {} : { tasks: tasks.running + tasks.pending }),
      ...(tasks?.taskDefinition?.size === undefined ? {} : { size: tasks.taskDefinition.size }),
      ...(sighting.totals === undefined ? {} : { totals: sighting.totals }),
    },
  };
}

const lookedAt = (
  { lookSeconds: _, ...hot }: HotState,
  lastTickAt: EpochSeconds,
  lookSeconds: Seconds | undefined,
): HotState => ({ ...hot, lastTickAt, ...(lookSeconds === undefined ? {} : { lookSeconds }) });

function decideOrHold(
  run: Run,
  {
    observation,
    binding,
    settings,
    state,
  }: { observation: Observation; binding: ServiceBinding; settings: Settings | Problem; state: ServiceState },
): Decision {
  const hold = (problem: Problem): Decision => {
    run.problems.push(problem);
    return failedDecision(binding.plan, observation, state, problem.text);
  };
  if ('what' in settings) return hold(settings);
  try {
    return run.deps.decide(observation, settings, state);
  } catch (error) {
    return hold({ what: 'decide', service: binding.plan.service, text: describeError(error) });
  }
}

/** Services that get less of a shared limit than they want are decided once more, with what they get. */
function shareLimits(
  run: Run,
  drafts: readonly Decided[],
  sightings: readonly (Sighting | undefined)[],
  bindings: readonly ServiceBinding[],
  shard: ShardState,
): readonly Decided[] {
  const grants = grantsOf(drafts, bindings, shard, run.deps.memory, (binding) => {
    const settings = settingsOf(run, binding, {});
    return 'what' in settings ? undefined : settings;
  });
  return drafts.map((draft, i) => {
    const grant = grants.get(draft.binding.plan.service);
    if (grant === undefined || 'what' in draft.settings) return draft;
    const given = { ...draft.given, grant };
    return decideOne(run, { ...draft, settings: { ...draft.settings, grant }, given }, sightings[i]);
  });
}

/** Commit comes before act: of two invocations that decided the same, one gets to act. */
async function commit(run: Run, shard: ShardState, decided: readonly Decided[]): Promise<'committed' | 'lost'> {
  const { deps, tick, now, signal } = run;
  const changed = decided.map(({ binding, decision }) => [binding.plan.service, decision.state.hot] as const);
  const services = { ...keptServices(shard, now), ...Object.fromEntries(changed) };
  const outcome = await timeBox('commit', seconds.commit, signal, (inner) =>
    deps.state.commit(tick.shard, shard.version, services, now, inner),
  );
  if (outcome === 'committed') {
    for (const { binding, recalled, decision } of decided) {
      deps.memory.keepLearnt(binding.plan.service, recalled, decision.state);
    }
  }
  return outcome;
}

async function act(run: Run, service: Decided): Promise<Acted> {
  const { binding, decision } = service;
  const rescales = decision.kind === 'scale' && decision.desired !== decision.from;
  if (decision.shadow || !(rescales || decision.sizeFrom !== undefined)) {
    return { ...service, record: recordOf(run, service, decision) };
  }
  const outcome = await setDesired(run, binding, decision);
  run.deps.memory.answered(binding.plan.service, outcome, run.now);
  const acted = actedDecision(decision, outcome);
  const scaled = outcome.changed !== true || !rescales ? 'no' : decision.desired > decision.from ? 'out' : 'in';
  const record = { ...recordOf(run, service, acted), acted: answerOf(outcome) };
  return { ...service, usage: { ...service.usage, scaled }, decision: acted, record };
}

async function setDesired(run: Run, binding: ServiceBinding, decision: Decision) {
  const { service } = binding.plan;
  const { desired, from, size, sizeFrom } = decision;
  const resize = sizeFrom === undefined ? undefined : { to: size, sameCount: desired === from };
  const outcome = await attempt(
    run,
    'act',
    seconds.act,
    (inner) => run.deps.scaler.setDesired(binding, desired, inner, resize),
    service,
  );
  if (outcome !== undefined) return outcome;
  const text = `${service}: it is not known whether the desired count is ${desired}${resize === undefined ? '' : ' and the task size changed'} now; the next tick looks again`;
  return { changed: 'unknown', alert: { code: 'actFailed', severity: 'warning', text } } as const;
}

const recordOf = (run: Run, service: Decided, { state: _, ...decision }: Decision): DecisionRecord => ({
  tick: `${run.tick.shard}@${new Date(instantOf(run.tick, run.now) * 1000).toISOString()}`,
  observation: service.observation,
  decision,
  ...replayable(service, run.now),
});

/** Nothing here may undo or repeat what was done: each part fails on its own and is reported. */
async function record(run: Run, acted: readonly Acted[]): Promise<void> {
  const { deps, now } = run;
  const toSave = acted.filter(
    ({ binding, usage, decision }) =>
      decision.sizeFrom !== undefined || mustSave(deps.memory, binding.plan.service, usage.scaled, now),
  );
  await Promise.all([
    attempt(run, 'write the journal', seconds.record, (inner) =>
      deps.journal.write(
        acted.map((service) => service.record),
        now,
        inner,
      ),
    ),
    attempt(run, 'write the rollups', seconds.record, (inner) =>
      deps.rollups.write(
        acted.map((service) => service.usage),
        now,
        inner,
      ),
    ),
    ...toSave.map(({ binding, decision }) => saveLearnt(run, binding.plan.service, decision.state.learnt)),
  ]);
}

async function saveLearnt(run: Run, service: string, learnt: LearntState): Promise<void> {
  await attempt(
    run,
    'save what was learnt',
    seconds.record,
    async (inner) => {
      await run.deps.state.saveLearnt(service, { at: run.now, learnt }, inner);
      run.deps.memory.saved(service, run.now);
    },
    service,
  );
}

/** The answer, or undefined and a problem on the list. */
async function attempt<T>(
  run: Run,
  what: string,
  limitSeconds: Seconds,
  work: (signal: AbortSignal) => Promise<T>,
  service?: string,
): Promise<T | undefined> {
  try {
    return await timeBox(what, limitSeconds, run.signal, work);
  } catch (error) {
    run.problems.push({ what, text: describeError(error), ...(service === undefined ? {} : { service }) });
    return undefined;
  }
}
