import type { ExplanationStep } from '../model/decision.ts';
import type { Settings } from '../model/plan.ts';
import { type Ruling, unchanged } from './ruling.ts';

/**
 * Holds a proposal within the bounds of this instant. One step for the bound that binds, or for the configured one that
 * applied advice has moved out of the way; an alert at the ceiling.
 */
export const bound = (proposed: number, settings: Settings): Ruling => {
  const { min, max } = settings.tasks;
  const whose = settings.window === undefined ? '' : ` of the window "${settings.window}"`;
  if (proposed < min) {
    const text = `The floor${whose} is ${min} tasks${insteadOf('min', settings)}; ${proposed} would have been enough.`;
    return { desired: min, steps: [{ stage: 'bound', code: 'belowFloor', text, from: proposed, to: min }], alerts: [] };
  }
  if (proposed > max) {
    const text = `The ceiling${whose} is ${max} tasks${insteadOf('max', settings)}; ${proposed} were wanted.`;
    const alarm = `${settings.service} is at its maximum of ${max} tasks and ${proposed} are wanted.`;
    return {
      desired: max,
      steps: [{ stage: 'bound', code: 'aboveCeiling', text, from: proposed, to: max }],
      alerts: [{ code: 'maxReached', severity: 'warning', text: alarm }],
    };
  }
  if (proposed < (settings.tasksConfigured?.min ?? min)) {
    const text = `The floor${whose} is ${min} tasks${insteadOf('min', settings)}.`;
    return {
      desired: proposed,
      steps: [{ stage: 'bound', code: 'appliedFloor', text, from: proposed, to: proposed }],
      alerts: [],
    };
  }
  return unchanged(proposed);
};

/** ` instead of 5 (schedule:convert, applied by ann@desk on 2026-11-23)` */
const insteadOf = (side: 'min' | 'max', { applied, tasks, tasksConfigured }: Settings): string => {
  if (tasksConfigured === undefined || tasksConfigured[side] === tasks[side]) return '';
  const moved = [applied?.schedule, applied?.minMax].flatMap((part) =>
    part === undefined || (part === applied?.schedule && side === 'max')
      ? []
      : [`${part.advice}, applied by ${part.by} on ${new Date(part.at * 1000).toISOString().slice(0, 10)}`],
  );
  return ` instead of ${tasksConfigured[side]} (${moved.join('; ')})`;
};

/** As in Kubernetes, pacing is for what policies want: a count outside the bounds goes to them at once. */
export const holdToBounds = (paced: number, bounded: number, settings: Settings): ExplanationStep | undefined => {
  const { min, max } = settings.tasks;
  const to = paced < min ? Math.min(bounded, min) : paced > max ? Math.max(bounded, max) : paced;
  if (to === paced) return undefined;
  const text = `${to < paced ? `The ceiling is ${max}` : `The floor is ${min}`} tasks, and pacing does not put that off.`;
  return { stage: 'bound', code: to < paced ? 'ceilingNow' : 'floorNow', text, from: paced, to };
};
