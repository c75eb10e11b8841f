import type { EpochSeconds } from '../../../model/units.ts';
import { CloudError } from '../cloud-error.ts';
import type { Draft } from './draft.ts';
import { isSurplus } from './scheduler-pass.ts';
import { isProtected, unprotect } from './task-life.ts';

export interface ProtectionFailure {
  readonly reason: 'MISSING' | 'TASK_NOT_VALID' | 'DEPLOYMENT_BLOCKED';
  readonly detail: string;
}

const defaultMinutes = 120;

/**
 * Sets or clears scale-in protection of one task. Calling again restarts the clock.
 * A surplus task may lengthen the protection it has; it gets none anew (`DEPLOYMENT_BLOCKED`): its worker shall drain.
 */
export const changeProtection = (
  draft: Draft,
  id: string,
  enabled: boolean,
  expiresInMinutes: number | undefined,
): ProtectionFailure | undefined => {
  const minutes = checkMinutes(expiresInMinutes);
  const task = draft.tasks.get(id);
  if (!task) return { reason: 'MISSING', detail: `The task ${id} does not exist.` };
  if (!['RUNNING', 'ACTIVATING', 'DEACTIVATING', 'STOPPING'].includes(task.status)) {
    return { reason: 'TASK_NOT_VALID', detail: `The task ${id} is ${task.status}.` };
  }
  if (!enabled) {
    unprotect(draft, task);
    return undefined;
  }
  if (!isProtected(task, draft.now) && isSurplus(draft, task)) {
    return { reason: 'DEPLOYMENT_BLOCKED', detail: 'The task is more than the desired count asks for.' };
  }
  const protectedUntil: EpochSeconds = draft.now + minutes * 60;
  draft.patchTask(id, { protectedUntil });
  return undefined;
};

const checkMinutes = (minutes: number | undefined): number => {
  if (minutes === undefined) return defaultMinutes;
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= 2880) return minutes;
  throw new CloudError('InvalidParameterException', `expiresInMinutes must be from 1 to 2880, not ${minutes}`);
};
