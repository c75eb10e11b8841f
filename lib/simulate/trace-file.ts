import { BadInput, type InputIssue } from '../model/bad-input.ts';
import type { Seconds } from '../model/units.ts';

/** One row: the jobs that arrived from `second` until the next row. */
export interface TraceBucket {
  /** Offset from the start of the trace. */
  readonly second: Seconds;
  readonly widthSeconds: Seconds;
  readonly jobs: number;
  /** Absent: no job, or none with a known duration. */
  readonly meanServiceSeconds?: Seconds;
}

/** Issues beyond this many are only counted: a wrong separator spoils every row alike. */
const issuesShown = 5;

/**
 * Reads a trace: CSV with the header `second,jobs[,mean_service_s]`, one row per bucket.
 * The last bucket is as wide as the one before it.
 * @throws BadInput with `file:line` of each bad row.
 */
export const parseTrace = (text: string, file: string): readonly TraceBucket[] => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const issues: InputIssue[] = [];
  checkHeader(lines[0] ?? '', file, issues);

  const rows: { readonly line: number; readonly row: Row }[] = [];
  lines.slice(1).forEach((line, index) => {
    if (line.trim() === '' || (issues.length > 0 && rows.length === 0 && index > 0)) return;
    const row = parseRow(line, rows.at(-1)?.row.second);
    if ('found' in row) issues.push({ path: `${file}:${index + 2}`, ...row });
    else rows.push({ line: index + 2, row });
  });
  if (issues.length === 0 && rows.length < 2) issues.push(tooShort(file, rows.length));
  if (issues.length === 0 && !rows.some(({ row }) => row.jobs > 0)) issues.push(noJobs(file));
  if (issues.length > 0) throw new BadInput(shorten(issues, file));

  return rows.map(({ row }, index) => ({ ...row, widthSeconds: widthOf(rows, index) }));
};

type Row = Omit<TraceBucket, 'widthSeconds'>;
type RowIssue = Omit<InputIssue, 'path'>;

const checkHeader = (header: string, file: string, issues: InputIssue[]): void => {
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  const right = names[0] === 'second' && names[1] === 'jobs' && [undefined, 'mean_service_s'].includes(names[2]);
  if (right && names.length <= 3) return;
  issues.push({
    path: `${file}:1`,
    found: header.trim() === '' ? 'an empty line' : `"${header.slice(0, 80)}"`,
    expected: 'the header "second,jobs" or "second,jobs,mean_service_s"',
    mend: 'Give the columns these names, in this order, separated by commas.',
  });
};

const parseRow = (line: string, previousSecond: Seconds | undefined): Row | RowIssue => {
  const cells = line.split(',').map((cell) => cell.trim());
  const [second, jobs, service] = [number(cells[0]), number(cells[1]), number(cells[2])];
  const found = `"${line.slice(0, 80)}"`;
  if (cells.length < 2 || cells.length > 3) {
    return { found, expected: '2 or 3 values', mend: 'Write second,jobs or second,jobs,mean_service_s.' };
  }
  if (second === undefined || second < 0) {
    return {
      found,
      expected: 'a second of 0 or more',
      mend: 'The first value is the offset from the start of the trace.',
    };
  }
  if (previousSecond !== undefined && second <= previousSecond) {
    return { found, expected: `a second above ${previousSecond}`, mend: 'Sort the rows by time, one row per bucket.' };
  }
  if (jobs === undefined || jobs < 0) {
    return { found, expected: 'a number of jobs of 0 or more', mend: 'Write 0 where no job arrived.' };
  }
  if ((cells[2] ?? '') !== '' && (service === undefined || service < 0)) {
    return { found, expected: 'a mean service time of 0 s or more', mend: 'Leave it empty where it is not known.' };
  }
  // Zero is what a recorder writes that rounds, or that never saw the jobs end: as good as unknown.
  return { second, jobs, ...(service ? { meanServiceSeconds: service } : {}) };
};

const number = (cell: string | undefined): number | undefined => {
  const value = Number(cell);
  return cell === undefined || cell === '' || !Number.isFinite(value) ? undefined : value;
};

const widthOf = (rows: readonly { readonly row: Row }[], index: number): Seconds => {
  const from = Math.min(index, rows.length - 2);
  return (rows[from + 1]?.row.second ?? 0) - (rows[from]?.row.second ?? 0);
};

const tooShort = (file: string, rows: number): InputIssue => ({
  path: file,
  found: `${rows} row${rows === 1 ? '' : 's'}`,
  expected: 'at least 2 rows',
  mend: 'The distance of the rows is the width of a bucket.',
});

const noJobs = (file: string): InputIssue => ({
  path: file,
  found: '0 jobs in all rows',
  expected: 'at least one job',
  mend: 'Take a part of the trace in which something happens.',
});

const shorten = (issues: readonly InputIssue[], file: string): readonly InputIssue[] => {
  if (issues.length <= issuesShown) return issues;
  const rest = issues.length - issuesShown;
  const more = { path: file, found: `${rest} more bad rows`, expected: 'none', mend: 'Mend those above first.' };
  return [...issues.slice(0, issuesShown), more];
};

/** Length of the trace. */
export const traceSeconds = (buckets: readonly TraceBucket[]): Seconds => {
  const last = buckets.at(-1);
  return last === undefined ? 0 : last.second + last.widthSeconds - (buckets[0]?.second ?? 0);
};
