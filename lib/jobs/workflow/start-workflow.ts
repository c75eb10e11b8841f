import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { checkRef } from '../job-names.ts';
import type { JobSender } from '../job-sender.ts';
import type { JobStore, NewJob } from '../job-store.ts';
import { submitJob } from '../submit-job.ts';
import {
  joinIdOf,
  type PlannedJob,
  partId,
  partsMax,
  type Workflow,
  type WorkflowPlan,
  type WorkflowRef,
} from './workflow.ts';
import type { WorkflowStore } from './workflow-store.ts';

export interface WorkflowParts {
  readonly store: JobStore;
  readonly sender: JobSender;
  readonly workflows: WorkflowStore;
}

/** So many submissions at once: a queue takes them as fast as that, and a burst of thousands helps nobody. */
const together = 10;

/**
 * Writes down the workflow, then has its parts accepted. May be repeated with the same id by anybody who does not know
 * how far it came; the plan that was written first is the one that counts.
 * @throws BadInput for an id that cannot be a key, and for no parts or too many
 */
export const startWorkflow = async (
  parts: WorkflowParts,
  ref: WorkflowRef,
  plan: WorkflowPlan,
  now: EpochSeconds,
): Promise<Workflow> => {
  checkRef({ tenant: ref.tenant, jobId: ref.workflowId });
  if (plan.parts.length < 1 || plan.parts.length > partsMax) {
    throw new BadInput([
      {
        path: 'parts',
        found: `${plan.parts.length} jobs`,
        expected: `1 to ${partsMax}`,
        mend: 'Let each part do more, or start several workflows.',
      },
    ]);
  }
  const text = JSON.stringify(plan);
  const kept = await parts.workflows.keepPlan(
    ref,
    await parts.store.keepResult({ tenant: ref.tenant, jobId: ref.workflowId }, text),
  );
  const counts = JSON.parse(await parts.store.read(kept)) as WorkflowPlan;
  const workflow = await parts.workflows.create({
    ...ref,
    state: 'starting',
    total: counts.parts.length,
    done: 0,
    failed: 0,
    joinId: joinIdOf(ref.workflowId),
    startedAt: now,
  });
  return continueStart(parts, workflow, now);
};

/** Goes on where a start stopped. */
export const continueStart = async (parts: WorkflowParts, workflow: Workflow, now: EpochSeconds): Promise<Workflow> => {
  if (workflow.state !== 'starting') return workflow;
  const plan = await planOf(parts, workflow);
  for (let from = 0; from < plan.parts.length; from += together) {
    await Promise.all(
      plan.parts
        .slice(from, from + together)
        .map((part, i) =>
          submitJob(
            parts.store,
            parts.sender,
            workflowJob(workflow, plan, part, partId(workflow.workflowId, from + i), now),
            now,
          ),
        ),
    );
  }
  await parts.workflows.move(workflow, ['starting'], 'running', now);
  return { ...workflow, state: 'running' };
};

export const planOf = async (parts: WorkflowParts, ref: WorkflowRef): Promise<WorkflowPlan> => {
  const kept = await parts.workflows.plan(ref);
  if (kept === undefined) throw new Error(`workflow ${ref.workflowId} has no plan`);
  return JSON.parse(await parts.store.read(kept)) as WorkflowPlan;
};

export const workflowJob = (
  { tenant, workflowId }: WorkflowRef,
  plan: WorkflowPlan,
  planned: PlannedJob,
  jobId: string,
  now: EpochSeconds,
): NewJob => ({ ...planned, tenant, workflowId, jobId, submittedAt: now, expiresAt: plan.expiresAt });
