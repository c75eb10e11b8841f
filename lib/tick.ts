import { lookPeriod } from './decide/look-period.ts';
import type { ServiceBinding } from './model/binding.ts';
import type { Decision, DecisionRecord } from './model/decision.ts';
import type { Observation } from './model/observation.ts';
import type { Override, Settings } from './model/plan.ts';
import type { ShardState } from './model/shard.ts';
import type { Sighting } from './model/sighting.ts';
import type { HotState, ServiceState } from './model/state.ts';
import type { EpochSeconds, Seconds } from './model/units.ts';
import { arrivalsSince } from './observe/arrivals.ts';
import { type Overrides, overrideOf } from './observe/overrides.ts';
import { describeError, timeBox } from './observe/time-box.ts';
import { appliedPlan } from './schedule/applied-plan.ts';
import { shardAlerts } from './tick/alerts/shard-alerts.ts';
import { tellPeople } from './tick/alerts/tell.ts';
import { appliedInForce, readApplied } from './tick/applied.ts';
import { act, record } from './tick/carry-out.ts';
import { failedDecision, unseen } from './tick/decisions.ts';
import { instantOf, isDue, isLate, periodOf, type Tick } from './tick/due.ts';
import { hotOf, keptServices, recallLearnt } from './tick/memory.ts';
import type { TickDependencies } from './tick/ports.ts';
import { attempt, type Problem, type Run, stepSeconds } from './tick/run.ts';
import { sendTicksBetween, wake } from './tick/send-ticks.ts';
import { grantsOf } from './tick/shared-limits.ts';
import { type ReadHourCosts, spendingOf, withSpending } from './tick/spending.ts';
import type { Decided, Prepared } from './tick/steps.ts';

/** One tick of one shard: load state → observe → decide → commit → act → record. Rejects only when the state cannot be read or committed. */
export async function runTick(
  tick: Tick,
  bindings: readonly ServiceBinding[],
  deps: TickDependencies,
  signal: AbortSignal,
): Promise<TickOutcome> {
  const now = deps.clock.now();
  if (isLate(tick, now, smallestTick(bindings))) return dropped('late');

  const run: Run = {
    tick,
    now: Math.max(now, instantOf(tick, now)),
    deps,
    signal,
    problems: [],
    sentUntil: 0,
    appliedTo: () => undefined,
  };
  const [shard, overrides, applied] = await Promise.all([
    timeBox('load state', stepSeconds.load, signal, (inner) => deps.state.load(tick.shard, inner)),
    readOverrides(run),
    readApplied(run, bindings),
  ]);
  run.appliedTo = ({ plan }) => appliedInForce(applied, overrideFor(run, plan.service, overrides), plan);
  const sent = tick.source === 'minute' ? await sendTicksBetween(run, bindings, shard) : 0;
  const due = dueServices(run, bindings, shard);
  if (due.length === 0) return { ...dropped('nothingDue'), sent, problems: run.problems };

  const prepared = await Promise.all(due.map((binding) => prepare(run, binding, shard, overrides)));
  const [sightings, funded] = await Promise.all([observe(run, prepared), readSpending(run, prepared)]);
  const drafts = funded.map((service, i) => decideOne(run, service, sightings[i]));
  const decided = shareLimits(run, drafts, sightings, bindings, shard);

  const alerts = shardAlerts(run, shard, bindings, decided, overrides);
  if ((await commit(run, shard, decided, alerts)) === 'lost')
    return { ...dropped('lost'), sent, problems: run.problems };
  const acted = await Promise.all(decided.map((service) => act(run, service)));
  const woken = await wake(run, bindings, shard, decided);
  await Promise.all([record(run, acted), tellPeople(run, shard, alerts, acted)]);
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

const dropped = (kind: 'late' | 'nothingDue' | 'lost'): TickOutcome => ({ kind, sent: 0, records: [], problems: [] });

const smallestTick = (bindings: readonly ServiceBinding[]): Seconds =>
  Math.min(...bindings.map((binding) => binding.plan.tickSeconds));

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
  const read = await attempt(run, 'read the overrides', stepSeconds.overrides, (inner) => overrides.read(inner));
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
    attempt(
      run,
      'load what was learnt',
      stepSeconds.learnt,
      (inner) => run.deps.state.loadLearnt(service, inner),
      service,
    ),
  );
  const override = overrideFor(run, service, overrides);
  const given = override === undefined ? {} : { override };
  const applied = run.appliedTo(binding);
  return {
    binding,
    hot,
    recalled,
    settings: settingsOf(run, binding, given),
    given,
    ...(applied === undefined ? {} : { applied }),
  };
}

const overrideFor = (run: Run, service: string, overrides: Overrides | undefined): Override | undefined =>
  overrides === undefined ? overridesUnread : overrideOf(overrides, service, run.now);

const overridesUnread: Override = { kind: 'stop', cause: 'unread' };

function settingsOf(run: Run, binding: ServiceBinding, given: Partial<Settings>): Settings | Problem {
  const { plan } = binding;
  try {
    return { ...run.deps.settingsAt(appliedPlan(plan, run.appliedTo(binding)), run.now), ...given };
  } catch (error) {
    return { what: 'settings', service: plan.service, text: describeError(error) };
  }
}

/** By the position in `prepared`. Services without settings are not looked at. */
async function observe(run: Run, prepared: readonly Prepared[]): Promise<readonly (Sighting | undefined)[]> {
  const wanted = prepared.flatMap(({ binding, settings, recalled }) =>
    'what' in settings ? [] : [{ binding, settings, previousWork: recalled.learnt.observed?.work }],
  );
  const seen = await attempt(run, 'observe', stepSeconds.observe, (inner) =>
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
        stepSeconds.observe,
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
async function commit(
  run: Run,
  shard: ShardState,
  decided: readonly Decided[],
  states: ReturnType<typeof shardAlerts>,
): Promise<'committed' | 'lost'> {
  const { deps, tick, now, signal } = run;
  const changed = decided.map(({ binding, decision }) => [binding.plan.service, decision.state.hot] as const);
  const services = { ...keptServices(shard, now), ...Object.fromEntries(changed) };
  const outcome = await timeBox('commit', stepSeconds.commit, signal, (inner) =>
    deps.state.commit(tick.shard, shard.version, services, now, inner, states && { states, folded: shard.told ?? [] }),
  );
  if (outcome === 'committed') {
    for (const { binding, recalled, decision } of decided) {
      deps.memory.keepLearnt(binding.plan.service, recalled, decision.state);
    }
  }
  return outcome;
}
