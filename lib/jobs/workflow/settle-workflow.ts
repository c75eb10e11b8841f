import type { JobRecord } from '../../model/job-record.ts';
import { isFinal } from '../../model/job-record.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { submitJob } from '../submit-job.ts';
import { planOf, type WorkflowParts, workflowJob } from './start-workflow.ts';
import { partIndex, type Workflow } from './workflow.ts';

/**
 * Tells a workflow that one of its jobs has ended; with the last part the join job starts. To be called by whoever
 * ended the job, before its message goes, and again on each later delivery of it: every step may be repeated.
 */
export const settleWorkflow = async (
  parts: WorkflowParts,
  record: Pick<JobRecord, 'tenant' | 'jobId' | 'workflowId' | 'state'>,
  now: EpochSeconds,
): Promise<void> => {
  const { tenant, workflowId, jobId, state } = record;
  if (workflowId === undefined || !isFinal(state)) return;
  const ref = { tenant, workflowId };
  const ended = state === 'done' ? 'done' : 'failed';
  const index = partIndex(workflowId, jobId);
  if (index !== undefined) {
    const workflow = await parts.workflows.countPart(ref, index, ended);
    if (workflow !== undefined && isComplete(workflow)) await startJoin(parts, workflow, now);
    return;
  }
  const workflow = await parts.workflows.get(ref);
  if (workflow?.joinId === jobId) await parts.workflows.move(ref, ['starting', 'running', 'joining'], ended, now);
};

export const isComplete = ({ total, done, failed }: Workflow): boolean => done + failed >= total;

/** Its id is the workflow's, so it can be accepted only once. */
export const startJoin = async (parts: WorkflowParts, workflow: Workflow, now: EpochSeconds): Promise<void> => {
  if (workflow.state === 'done' || workflow.state === 'failed' || workflow.state === 'joining') return;
  const plan = await planOf(parts, workflow);
  // It has waited for the others, so the clock of its own expiry starts now.
  const expiresAt = Math.max(plan.expiresAt, now + (plan.expiresAt - workflow.startedAt));
  const join = { ...workflowJob(workflow, plan, plan.join, workflow.joinId, now), expiresAt };
  await submitJob(parts.store, parts.sender, join, now);
  await parts.workflows.move(workflow, ['starting', 'running'], 'joining', now);
};
