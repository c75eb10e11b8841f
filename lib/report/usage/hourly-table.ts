import { type Path, type PlacedIssue, place } from '../../config/input-issues.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { instantOf } from './instant-of.ts';
import type { HeldCommitment, Series } from './usage.ts';
import type { UsageFile } from './usage-file-schema.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface Times {
  readonly ok: true;
  readonly from: EpochSeconds;
  readonly hours: number;
  readonly commitments: readonly HeldCommitment[];
}

/** The window of the file and the ends of its commitments. */
export const readTimes = (
  file: Pick<UsageFile, 'from' | 'to' | 'commitments'>,
): Times | { readonly ok: false; readonly issues: readonly PlacedIssue[] } => {
  const from = instantOf(file.from);
  const to = instantOf(file.to);
  const ends = file.commitments.map(({ until }) => instantOf(until));
  const issues = [
    ...(from === undefined ? [notAnInstant(['from'], file.from)] : wholeHour(['from'], file.from, from)),
    ...(to === undefined ? [notAnInstant(['to'], file.to)] : wholeHour(['to'], file.to, to)),
    ...ends.flatMap((end, i) =>
      end === undefined ? [notAnInstant(['commitments', i, 'until'], file.commitments[i]?.until ?? '')] : [],
    ),
    ...(from !== undefined && to !== undefined && to <= from
      ? [place(['to'], `"${file.to}", not after "from"`, 'the end of the last hour', 'Exchange them, or correct one.')]
      : []),
  ];
  if (issues.length > 0 || from === undefined || to === undefined) return { ok: false, issues };
  const commitments = file.commitments.map((held, i) => ({ ...held, until: ends[i] ?? 0 }));
  return { ok: true, from, hours: (to - from) / 3600, commitments };
};

/** The columns of a table as series over the window. Every hour must be there once, in order: a gap is a row of nulls. */
export const hourlySeries = (
  path: Path,
  { columns, rows }: Table,
  { from, hours }: Times,
): { readonly series: Record<string, Series>; readonly issues: readonly PlacedIssue[] } => {
  const issues = [...columnIssues(path, columns), ...rowIssues(path, rows, columns, from, hours)];
  const series = Object.fromEntries(
    columns
      .slice(1)
      .map((name, c) => [name, rows.map((row) => (typeof row[c + 1] === 'number' ? (row[c + 1] as number) : null))]),
  );
  return { series, issues };
};

const columnIssues = (path: Path, columns: readonly string[]): readonly PlacedIssue[] => {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  return [
    ...(columns[0] === 'at'
      ? []
      : [place([...path, 'columns', 0], `"${columns[0]}"`, '"at"', 'Put the start of the hour first.')]),
    ...(twice === undefined
      ? []
      : [place([...path, 'columns'], `"${twice}" a second time`, 'each column once', 'Remove one of the two.')]),
  ];
};

/** One fault a table: what follows the first wrong row is wrong because of it. */
const rowIssues = (
  path: Path,
  rows: Table['rows'],
  columns: readonly string[],
  from: EpochSeconds,
  hours: number,
): readonly PlacedIssue[] => {
  for (const [i, row] of rows.entries()) {
    const issue =
      timeIssue([...path, 'rows', i], row[0], from + i * 3600, i) ?? valueIssue([...path, 'rows', i], row, columns);
    if (issue) return [issue];
  }
  if (rows.length === hours) return [];
  return [
    place(
      [...path, 'rows'],
      `${rows.length} rows`,
      `${hours}, one for each hour from "from" to "to"`,
      rows.length < hours
        ? `The next is ${iso(from + rows.length * 3600)}; write null where nothing is known.`
        : 'Move "to", or cut the rows.',
    ),
  ];
};

const timeIssue = (path: Path, at: unknown, expected: EpochSeconds, i: number): PlacedIssue | undefined => {
  const found = typeof at === 'string' ? instantOf(at) : undefined;
  if (found === expected) return undefined;
  const place0 = [...path, 0];
  if (found === undefined) return notAnInstant(place0, at);
  if (found % 3600 !== 0) return wholeHour(place0, String(at), found)[0];
  if (found === expected - 3600 && i > 0)
    return place(place0, `"${String(at)}" a second time`, `"${iso(expected)}"`, 'Remove one of the two rows.');
  if (found > expected)
    return place(
      place0,
      `"${String(at)}"`,
      `"${iso(expected)}": ${(found - expected) / 3600} hour(s) are missing before it`,
      `Add ["${iso(expected)}", null, …] for each; null is "not known".`,
    );
  return place(place0, `"${String(at)}"`, `"${iso(expected)}"`, 'Sort the rows by time, each hour once.');
};

const valueIssue = (
  path: Path,
  row: readonly (string | number | null)[],
  columns: readonly string[],
): PlacedIssue | undefined => {
  if (row.length !== columns.length)
    return place(path, `${row.length} values`, `${columns.length}, one a column`, 'Write null for what is not known.');
  const wrong = row.findIndex((value, c) => c > 0 && (typeof value === 'string' || (value !== null && value < 0)));
  if (wrong < 0) return undefined;
  const value = row[wrong];
  return place(
    [...path, wrong],
    JSON.stringify(value),
    `"${columns[wrong]}" as a number of 0 or more, or null`,
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? `Write ${Number(value)} without quotes.`
      : 'Write null where it is not known.',
  );
};

const notAnInstant = (path: Path, at: unknown): PlacedIssue =>
  place(
    path,
    at === undefined ? 'nothing' : JSON.stringify(at),
    'a time with its zone, like "2026-08-17T00:00Z"',
    typeof at === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$/.test(at)
      ? 'Add Z if it is UTC. A local time has no place here: on clock changes an hour of it is missing or comes twice.'
      : 'Write the start of the hour in UTC.',
  );

const wholeHour = (path: Path, text: string, at: EpochSeconds): readonly PlacedIssue[] =>
  at % 3600 === 0
    ? []
    : [
        place(
          path,
          `"${text}"`,
          'the start of an hour of UTC',
          'Add half-hours of your zone up to whole hours of UTC.',
        ),
      ];

const iso = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 16)}Z`;
