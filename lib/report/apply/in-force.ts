import { type AppliedEntry, type AppliedPart, appliedParts, parseApplied } from '../../model/applied.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { whyNot } from '../../schedule/applied-plan.ts';
import { undoCommand } from './applied-action.ts';
import type { ApplyInput } from './apply-advice.ts';

/** Applied advice of one service, for people. */
export interface AppliedLine {
  readonly service: string;
  readonly part: AppliedPart;
  readonly advice: string;
  readonly by: string;
  readonly at: EpochSeconds;
  /** What is in force instead of what the config says. */
  readonly text: string;
  /** Present: it is not in force, and why. */
  readonly notInForce?: string;
  readonly undo: string;
}

/** The entries by service: the stored ones, with those that come in their place. What does not read is left out. */
export const entriesOf = (
  input: ApplyInput | undefined,
  replaced: Readonly<Record<string, AppliedEntry>> = {},
): Readonly<Record<string, AppliedEntry>> => {
  const stored = Object.entries(input?.applied ?? {}).flatMap(([service, text]) => {
    const entry = parseApplied(text);
    return entry === 'unknown' ? [] : [[service, entry] as const];
  });
  return { ...Object.fromEntries(stored), ...replaced };
};

/** In the order of the plans. */
export const linesInForce = (
  plans: readonly ServicePlan[],
  entries: Readonly<Record<string, AppliedEntry>>,
): readonly AppliedLine[] =>
  plans.flatMap((plan) =>
    appliedParts.flatMap((part): readonly AppliedLine[] => {
      const entry = entries[plan.service];
      const mark = entry?.[part];
      if (entry === undefined || mark === undefined) return [];
      const notInForce = whyNot(plan, part, mark);
      const { advice, by, at } = mark;
      return [
        {
          service: plan.service,
          part,
          advice,
          by,
          at,
          text: partWords(entry, part, plan),
          ...(notInForce === undefined ? {} : { notInForce }),
          undo: undoCommand(plan.service, part),
        },
      ];
    }),
  );

/** `minimum 2 on working days 08:00 to 18:00, 1 in their other hours, 0 on days off (Europe/Copenhagen)` */
export const partWords = ({ schedule, minMax, size }: AppliedEntry, part: AppliedPart, plan: ServicePlan): string => {
  if (part === 'schedule' && schedule !== undefined) {
    const { from, until, business, offHours, rest, holiday, timeZone } = schedule;
    return `minimum ${business} on working days ${clock(from)} to ${clock(until)}, ${offHours} in their other hours, ${rest} on days off${holiday === undefined ? '' : `, ${holiday} on holidays`} (${timeZone})`;
  }
  if (part === 'minMax' && minMax !== undefined) {
    const { min = plan.tasks.min, max = plan.tasks.max } = minMax;
    return `${min} to ${Math.min(max, plan.tasks.max)} tasks instead of ${plan.tasks.min} to ${plan.tasks.max}`;
  }
  if (part === 'size' && size !== undefined)
    return `${sizeWords(size.size)} instead of ${sizeWords({ cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB })}`;
  return 'nothing';
};

export const sizeWords = ({ cpu, memoryMiB }: { readonly cpu: number; readonly memoryMiB: number }): string =>
  `${cpu / 1024} vCPU / ${memoryMiB / 1024} GB`;

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
