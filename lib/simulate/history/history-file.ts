import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { History, HistoryPoint } from '../../model/history.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { speaksOfQueue } from './history.ts';

type Field = Exclude<keyof HistoryPoint, 'at'>;

/** Column by field. `time` is the start of the period, ISO 8601 with a zone or epoch seconds. Empty: not known. */
const columns: Readonly<Record<string, Field>> = {
  period_s: 'periodSeconds',
  sent: 'sent',
  deleted: 'deleted',
  visible: 'visible',
  in_flight: 'inFlight',
  oldest_s: 'oldestSeconds',
  desired: 'desired',
  running: 'running',
};
export const historyHeader = ['time', ...Object.keys(columns)].join(',');

const issuesShown = 5;

/** True for a file whose first line names a time: `parseHistory` reads it. A trace names `second`. */
export const isHistoryText = (text: string): boolean => /^\uFEFF?\s*time\s*,/i.test(text);

/** As `parseHistory` reads it. */
export const historyText = (history: History): string =>
  [
    historyHeader,
    ...history.map((point) =>
      [new Date(point.at * 1000).toISOString(), ...Object.values(columns).map((field) => cell(point[field]))].join(','),
    ),
    '',
  ].join('\n');

const cell = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toPrecision(12))));

/**
 * Reads a recorded history: CSV whose header has `time` first and any of the columns above after it.
 * Without `period_s` a row lasts as long as the usual distance of rows.
 * @throws BadInput with `file:line` of each bad row.
 */
export const parseHistory = (text: string, file: string): History => {
  const [head = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const fields = readHeader(head, file);
  const issues: InputIssue[] = [];
  const rows: Row[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const row = readRow(line, fields, rows.at(-1));
    if ('found' in row) issues.push({ path: `${file}:${i + 2}`, ...row });
    else rows.push(row);
  });
  if (issues.length > 0) throw new BadInput(shorten(issues, file));
  const usual = usualDistance(rows);
  const history = rows.map(({ at, values }): HistoryPoint => ({ periodSeconds: usual, ...values, at }));
  if (history.filter(speaksOfQueue).length < 2 || !history.some(({ sent = 0, deleted = 0 }) => sent + deleted > 0))
    throw new BadInput([nothingIn(file, history.length)]);
  return history;
};

interface Row {
  readonly at: EpochSeconds;
  readonly values: Readonly<Partial<Record<Field, number>>>;
}
type RowIssue = Omit<InputIssue, 'path'>;

const readHeader = (head: string, file: string): readonly Field[] => {
  const [time, ...names] = head.split(',').map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !Object.hasOwn(columns, name));
  const counts = names.includes('sent') || (names.includes('deleted') && names.includes('visible'));
  if (time === 'time' && unknown.length === 0 && counts && new Set(names).size === names.length)
    return names.flatMap((name) => columns[name] ?? []);
  throw new BadInput([
    {
      path: `${file}:1`,
      found: unknown.length > 0 ? `columns that nobody knows: ${unknown.join(', ')}` : `"${head.slice(0, 80)}"`,
      expected: `time, then any of ${Object.keys(columns).join(', ')}; sent, or deleted and visible, among them`,
      mend: `Begin the file with ${historyHeader}; leave cells empty where nothing is known.`,
    },
  ]);
};

const readRow = (line: string, fields: readonly Field[], before: Row | undefined): Row | RowIssue => {
  const [time = '', ...cells] = line.split(',').map((text) => text.trim());
  const found = `"${line.slice(0, 80)}"`;
  const at = instant(time);
  if (at === undefined)
    return { found, expected: 'a time', mend: 'Write it as 2026-01-05T00:00:00Z, or as epoch seconds.' };
  if (before !== undefined && at < before.at + (before.values.periodSeconds ?? 1e-9))
    return {
      found,
      expected: 'a time after the row before it',
      mend: 'Sort the rows by time; periods do not overlap.',
    };
  if (cells.length > fields.length)
    return { found, expected: `at most ${fields.length + 1} values`, mend: 'The header says which.' };
  const values: Partial<Record<Field, number>> = {};
  for (const [i, field] of fields.entries()) {
    const text = cells[i] ?? '';
    if (text === '') continue;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0 || (field === 'periodSeconds' && value === 0))
      return {
        found,
        expected: `numbers of 0 or more, found "${text}"`,
        mend: 'Leave a cell empty where it is not known.',
      };
    values[field] = value;
  }
  return { at, values };
};

const instant = (text: string): EpochSeconds | undefined => {
  const at = /^\d+(\.\d+)?$/.test(text)
    ? Number(text)
    : /(?:Z|[+-]\d\d:?\d\d)$/.test(text)
      ? Date.parse(text) / 1000
      : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
};

const usualDistance = (rows: readonly Row[]): Seconds => {
  const distances = rows.slice(1).map(({ at }, i) => at - (rows[i]?.at ?? at));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 60;
};

const nothingIn = (file: string, rows: number): InputIssue => ({
  path: file,
  found: `${rows} rows, and no job in them`,
  expected: 'at least two rows of a queue, and a job',
  mend: 'Export a part of the history in which something happens.',
});

const shorten = (issues: readonly InputIssue[], file: string): readonly InputIssue[] =>
  issues.length <= issuesShown
    ? issues
    : [
        ...issues.slice(0, issuesShown),
        {
          path: file,
          found: `${issues.length - issuesShown} more bad rows`,
          expected: 'none',
          mend: 'Mend those above first.',
        },
      ];
