/** One thing that is wrong with what a person gave us. */
export interface InputIssue {
  /** Where: a path in the config (`services.convert.tasks.max`), or a file with line and column. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  readonly mend: string;
}

/** Bad input: exit code 2, nothing half-done. The message has a line for each issue. */
export class BadInput extends Error {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map(formatIssue).join('\n'));
    this.name = 'BadInput';
    this.issues = issues;
  }
}

export const formatIssue = (issue: InputIssue): string =>
  `${issue.path}: found ${issue.found}; expected ${issue.expected}. ${issue.mend}`;
