import type { AppliedPart } from '../../model/applied.ts';

/** Something that the report did to a service by itself, or did not do though the config lets it. */
export interface AppliedAction {
  readonly service: string;
  readonly part: AppliedPart;
  /** Id of the advice. */
  readonly advice: string;
  /** `withheld`: the config lets it, and a limit stands against it. `dropped`: the config changed, and it wins. */
  readonly what: 'applied' | 'undone' | 'dropped' | 'withheld';
  /** One sentence, with the values. */
  readonly text: string;
  /** The command that takes it back. Absent: there is nothing to take back. */
  readonly undo?: string;
}

export const undoCommand = (service: string, part: AppliedPart): string => `sluice undo ${service} --part ${part}`;
