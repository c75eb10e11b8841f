import type { ServiceBinding } from '../model/binding.ts';
import type { Decision, DecisionRecord } from '../model/decision.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { LearntState } from '../model/state.ts';
import { actedDecision, answerOf } from './decisions.ts';
import { instantOf } from './due.ts';
import { mustSave } from './memory.ts';
import { replayable } from './replayable.ts';
import { attempt, type Run, stepSeconds } from './run.ts';
import type { Acted, Decided } from './steps.ts';

/** Sets what was decided, where it changes anything. A failure stays with its service. */
export async function act(run: Run, service: Decided): Promise<Acted> {
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
    stepSeconds.act,
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
export async function record(run: Run, acted: readonly Acted[]): Promise<void> {
  const { deps, now } = run;
  const toSave = acted.filter(
    ({ binding, usage, decision }) =>
      decision.sizeFrom !== undefined ||
      decision.sizeRejected !== undefined ||
      mustSave(deps.memory, binding.plan.service, usage.scaled, now),
  );
  await Promise.all([
    attempt(run, 'write the journal', stepSeconds.record, (inner) =>
      deps.journal.write(
        acted.map((service) => service.record),
        now,
        inner,
      ),
    ),
    attempt(run, 'write the rollups', stepSeconds.record, (inner) =>
      deps.rollups.write(
        acted.map((service) => service.usage),
        now,
        inner,
      ),
    ),
    ...acted.flatMap(({ binding: { plan }, decision: { sizeRejected } }) =>
      sizeRejected ? [giveUpSize(run, plan, sizeRejected)] : [],
    ),
    ...toSave.map(({ binding, decision }) => saveLearnt(run, binding.plan.service, decision.state.learnt)),
  ]);
}

async function saveLearnt(run: Run, service: string, learnt: LearntState): Promise<void> {
  await attempt(
    run,
    'save what was learnt',
    stepSeconds.record,
    async (inner) => {
      await run.deps.state.saveLearnt(service, { at: run.now, learnt }, inner);
      run.deps.memory.saved(service, run.now);
    },
    service,
  );
}

/** Until it is written, the verdict is in what was learnt, and the size before holds. */
async function giveUpSize(run: Run, plan: ServicePlan, rejected: NonNullable<Decision['sizeRejected']>): Promise<void> {
  const { applied } = run.deps;
  if (applied === undefined) return;
  await attempt(
    run,
    'give up a size',
    stepSeconds.record,
    (inner) => applied.rejectSize(plan, rejected, run.now, inner),
    plan.service,
  );
}
