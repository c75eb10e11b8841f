import { createHash } from 'node:crypto';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** A job of a workflow as its maker describes it. */
export interface PlannedJob {
  /** The queue's name in the config. */
  readonly queue: string;
  readonly type: string;
  readonly payload: string;
  /** FIFO queues only. */
  readonly groupId?: string;
}

/** Many jobs at once, and one that starts when all of them have ended, well or badly. */
export interface WorkflowPlan {
  /** 1 to 10,000. */
  readonly parts: readonly PlannedJob[];
  readonly join: PlannedJob;
  /** What has not started by then expires, and counts as failed. */
  readonly expiresAt: EpochSeconds;
}

export interface WorkflowRef {
  readonly tenant: string;
  readonly workflowId: string;
}

/** `starting`: not all parts are accepted yet. `joining`: all parts have ended and the join job is on its way. The last two are the join job's end. */
export type WorkflowState = 'starting' | 'running' | 'joining' | 'done' | 'failed';

export interface Workflow extends WorkflowRef {
  readonly state: WorkflowState;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly joinId: string;
  readonly startedAt: EpochSeconds;
  readonly finishedAt?: EpochSeconds;
}

export const partsMax = 10_000;

/** Ids follow from the workflow's, so a start that is repeated makes the same jobs. */
export const partId = (workflowId: string, index: number): string => `${prefixOf(workflowId)}.${index}`;
export const joinIdOf = (workflowId: string): string => `${prefixOf(workflowId)}.join`;

/** The place of a part, or undefined for a job that is none of this workflow's. */
export const partIndex = (workflowId: string, jobId: string): number | undefined => {
  const [prefix, place = ''] = jobId.split('.');
  return prefix === prefixOf(workflowId) && /^\d{1,5}$/.test(place) ? Number(place) : undefined;
};

export interface WorkflowProgress {
  /** Parts that have ended, 0 to 100. */
  readonly percent: number;
  /** Seconds until all parts have ended, if they go on ending as fast as up to now. Absent: none has ended yet. */
  readonly remainingSeconds?: Seconds;
}

export const progressOf = (workflow: Workflow, now: EpochSeconds): WorkflowProgress => {
  const ended = workflow.done + workflow.failed;
  const percent = Math.floor((100 * ended) / workflow.total);
  if (ended === 0) return { percent };
  const elapsed = Math.max(0, now - workflow.startedAt);
  return { percent, remainingSeconds: (elapsed / ended) * (workflow.total - ended) };
};

const prefixOf = (workflowId: string): string =>
  `w${createHash('sha256').update(workflowId).digest('hex').slice(0, 32)}`;
