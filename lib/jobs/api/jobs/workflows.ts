import { createHash, randomUUID } from 'node:crypto';
import type { EpochSeconds } from '../../../model/units.ts';
import { continueStart, planOf, startWorkflow } from '../../workflow/start-workflow.ts';
import { type PlannedJob, progressOf, type Workflow, type WorkflowPlan } from '../../workflow/workflow.ts';
import type { Caller } from '../auth/caller.ts';
import type { SubmitWorkflow, WorkflowView } from '../contract/schemas.ts';
import { Problem } from '../http/problem.ts';
import type { JobApiParts } from '../parts.ts';
import { isoTime } from './job-view.ts';
import type { PayloadChecks } from './payload-checks.ts';
import { keyReused, queueFull, typeOf } from './submit.ts';

/**
 * Starts many jobs, and one that begins when all of them have ended. Throws `Problem` when one of them does not fit or
 * too many wait: a workflow starts whole or not at all.
 */
export const submitWorkflow = async (
  parts: JobApiParts,
  checks: PayloadChecks,
  { tenant }: Caller,
  wanted: SubmitWorkflow,
  idempotencyKey: string | undefined,
): Promise<WorkflowView> => {
  const now = parts.clock.now();
  const planned = (job: SubmitWorkflow['join'], root: string): PlannedJob => {
    const { queue } = typeOf(parts, job.type, root);
    checks.check(job.type, job.payload ?? null, `${root}.payload`);
    return { queue, type: job.type, payload: JSON.stringify(job.payload ?? null) };
  };
  const plan: WorkflowPlan = {
    parts: wanted.jobs.map((job, i) => planned(job, `body.jobs[${i}]`)),
    join: planned(wanted.join, 'body.join'),
    expiresAt: now + (wanted.expiresInSeconds ?? parts.plan.expiresAfterSeconds),
  };
  const workflowId =
    idempotencyKey === undefined ? `f${randomUUID().replaceAll('-', '')}` : keyed(tenant, idempotencyKey);
  const ref = { tenant, workflowId };
  const known = idempotencyKey === undefined ? undefined : await parts.workflows.get(ref);
  if (known !== undefined) {
    if (contentOf(await planOf(parts, known)) !== contentOf(plan)) throw keyReused(idempotencyKey ?? workflowId);
    return workflowView(await continueStart(parts, known, now), now);
  }
  await refuseWhenFull(parts, plan);
  return workflowView(await startWorkflow(parts, ref, plan, now), now);
};

/** Of another tenant: as unknown as one that never was. */
export const findWorkflow = async (
  parts: JobApiParts,
  { tenant }: Caller,
  workflowId: string,
): Promise<WorkflowView> => {
  const workflow = await parts.workflows.get({ tenant, workflowId });
  if (workflow === undefined) throw new Problem('not-found', 'You have no such workflow.');
  return workflowView(workflow, parts.clock.now());
};

const workflowView = (workflow: Workflow, now: EpochSeconds): WorkflowView => {
  const { percent, remainingSeconds } = progressOf(workflow, now);
  const isOpen = workflow.state === 'starting' || workflow.state === 'running';
  const self = `/workflows/${encodeURIComponent(workflow.workflowId)}`;
  return {
    workflowId: workflow.workflowId,
    state: workflow.state,
    total: workflow.total,
    done: workflow.done,
    failed: workflow.failed,
    percent,
    ...(isOpen && remainingSeconds !== undefined && { estimatedEndAt: isoTime(now + remainingSeconds) }),
    startedAt: isoTime(workflow.startedAt),
    ...(workflow.finishedAt !== undefined && { finishedAt: isoTime(workflow.finishedAt) }),
    joinJobId: workflow.joinId,
    links: { self, join: `/jobs/${encodeURIComponent(workflow.joinId)}` },
  };
};

const refuseWhenFull = async (parts: JobApiParts, plan: WorkflowPlan): Promise<void> => {
  for (const [queue, jobs] of Map.groupBy(plan.parts, (job) => job.queue)) {
    const queued = await parts.store.backlog(queue);
    if (queued + jobs.length > parts.plan.limits.queuedJobs)
      throw await queueFull(parts, queue, queued + jobs.length - 1);
  }
};

const keyed = (tenant: string, key: string): string =>
  `g${createHash('sha256')
    .update(JSON.stringify([tenant, key]))
    .digest('hex')
    .slice(0, 32)}`;

/** The expiry counts from the first submission, so it is no part of what must be equal. */
const contentOf = ({ parts, join }: WorkflowPlan): string => JSON.stringify([parts, join]);
