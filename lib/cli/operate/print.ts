/** Lines for people, on stdout. */
export const print = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

/** The one document of `--json`. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

/** What a terminal shows in a line; a pipe gets what reads well in a chat or a mail. */
export const textWidth = (): number => Math.min(120, process.stdout.columns ?? 100);
