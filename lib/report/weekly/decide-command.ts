/** What notes a decision about one line, ready for a shell: `command` is how it begins for this report. */
export const decideCommand = (command: string, option: 'accept' | 'dismiss', id: string): string =>
  `${command} --${option} ${quoted(id)}`;

/** Bare where no shell would make something else of it. */
export const quoted = (word: string): string =>
  /^[\w:./@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
