import { type Path, type PlacedIssue, place } from '../../config/input-issues.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { instantOf } from './instant-of.ts';
import type { HeldCommitment, Series } from './usage.ts';
import { columnMax, type UsageFile } from './usage-file-schema.ts';

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
    ...(from !== undefined && to !== undefined && (to - from) / 3600 > hoursMax
      ? [
          place(
            ['to'],
            `"${file.to}", ${Math.floor((to - from) / (365 * 86_400))} years after "from"`,
            'at most ten years of hours',
            'Correct the year.',
          ),
        ]
      : []),
  ];
  if (issues.length > 0 || from === undefined || to === undefined) return { ok: false, issues };
  const commitments = file.commitments.map((held, i) => ({ ...held, until: ends[i] ?? 0 }));
  return { ok: true, from, hours: (to - from) / 3600, commitments };
};

const hoursMax = 10 * 366 * 24;

/**
 * The columns of a table as series over the window. Every hour must be there once, in order: a gap is a row of nulls.
 * @param needed the column without which the table says nothing
 */
export const hourlySeries = (
  path: Path,
  { columns, rows }: Table,
  { from, hours }: Times,
  needed: 'tasks' | 'running',
): { readonly series: Record<string, Series>; readonly issues: readonly PlacedIssue[] } => {
  const issues = [...columnIssues(path, columns, needed), ...rowIssues(path, rows, columns, from, hours)];
  const series = Object.fromEntries(
    columns
      .slice(1)
      .map((name, c) => [name, rows.map((row) => (typeof row[c + 1] === 'number' ? (row[c + 1] as number) : null))]),
  );
  return { series, issues };
};

const columnIssues = (path: Path, columns: readonly string[], needed: string): readonly PlacedIssue[] => {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  return [
    ...(columns[0] === 'at'
      ? []
      : [place([...path, 'columns', 0], `"${columns[0]}"`, '"at"', 'Put the start of the hour first.')]),
    ...(twice === undefined
      ? []
      : [place([...path, 'columns'], `"${twice}" a second time`, 'each column once', 'Remove one of the two.')]),
    ...(columns.includes(needed)
      ? []
      : [
          place(
            [...path, 'columns'],
            `no column "${needed}"`,
            `${columns.join(', ')} and ${needed}`,
            `Add "${needed}": without it nothing is known of the cost. Write null in hours that nobody saw.`,
          ),
        ]),
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
    const issue = timeIssue([...path, 'rows', i], rows, i, from) ?? valueIssue([...path, 'rows', i], row, columns);
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

/** All rows before `i` are right: they are the hours from `from` on, each once. */
const timeIssue = (path: Path, rows: Table['rows'], i: number, from: EpochSeconds): PlacedIssue | undefined => {
  const at = rows[i]?.[0];
  const expected = from + i * 3600;
  const found = typeof at === 'string' ? instantOf(at) : undefined;
  if (found === expected) return undefined;
  const cell = [...path, 0];
  if (found === undefined) return notAnInstant(cell, at);
  if (found % 3600 !== 0) return wholeHour(cell, String(at), found)[0];
  const shown = JSON.stringify(at);
  if (found < from) return place(cell, shown, `"${iso(expected)}"`, 'Cut the rows before "from", or move "from".');
  if (found < expected) {
    const first = (found - from) / 3600;
    return place(
      cell,
      `${shown} a second time; rows[${first}] has it`,
      `"${iso(expected)}"`,
      i - first === 1 ? 'Remove one of the two rows.' : 'Remove the rows that overlap: each hour comes once.',
    );
  }
  return rows.some(([later], k) => k > i && typeof later === 'string' && instantOf(later) === expected)
    ? place(cell, shown, `"${iso(expected)}", which comes later`, 'Sort the rows by time.')
    : place(
        cell,
        shown,
        `"${iso(expected)}": ${(found - expected) / 3600} hour(s) are missing before it`,
        `Add ["${iso(expected)}", null, …] for each; null is "not known".`,
      );
};

const valueIssue = (
  path: Path,
  row: readonly (string | number | null)[],
  columns: readonly string[],
): PlacedIssue | undefined => {
  if (row.length !== columns.length)
    return place(path, `${row.length} values`, `${columns.length}, one a column`, 'Write null for what is not known.');
  const wrong = row.findIndex((value, c) => c > 0 && value !== null && !fits(value, columns[c]));
  if (wrong < 0) return undefined;
  const value = row[wrong];
  const most = mostOf(columns[wrong]);
  return place(
    [...path, wrong],
    typeof value === 'number' ? String(value) : JSON.stringify(value),
    `"${columns[wrong]}" as a number ${typeof value === 'number' && value > most ? `from 0 to ${most}` : 'of 0 or more'}, or null`,
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? `Write ${Number(value)} without quotes.`
      : typeof value === 'number' && value > most
        ? (tooMuch[columns[wrong] ?? ''] ?? 'Check its unit, or write null where it is not known.')
        : 'Write null where it is not known.',
  );
};

const tooMuch: Readonly<Record<string, string>> = {
  running: 'It is a share of the hour; use `nodes` for more than one node.',
};

const fits = (value: string | number | null | undefined, column: string | undefined): boolean =>
  typeof value === 'number' && value >= 0 && value <= mostOf(column);

const mostOf = (column: string | undefined): number =>
  Object.hasOwn(columnMax, column ?? '') ? columnMax[column as keyof typeof columnMax] : Number.POSITIVE_INFINITY;

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
