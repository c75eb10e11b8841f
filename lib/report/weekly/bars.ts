import { escapeXml as text } from '../charts/escape-xml.ts';

export interface Bars {
  readonly values: readonly (number | null)[];
  readonly label: string;
  readonly colour?: string;
  /** Below the bars, each as wide as that many values. */
  readonly marks?: readonly { readonly title: string; readonly values: number }[];
}

/** More columns would be thinner than a phone can show, and each costs bytes that Gmail counts. */
const columnsMax = 56;
const pixels = 48;

/**
 * Columns as cells of a table, since mail programs show neither SVG nor scripts. Many values share a column by the
 * largest of them; neighbours of one height share a cell. `null` is a grey line on the ground.
 */
export const bars = ({ values, label, colour = '#1f6feb', marks = [] }: Bars): string => {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const heights = columnsOf(values).map((value) =>
    value === null ? -1 : value <= 0 ? 0 : Math.max(1, Math.round((pixels * value) / most)),
  );
  const cells = runsOf(heights).map(
    ([height, count]) =>
      `<td width="${percent(count / heights.length)}">${height === 0 ? '' : bar(Math.max(1, height), height < 0 ? '#c3cad2' : colour)}</td>`,
  );
  return `<div style="margin:6px 0 12px;max-width:540px;page-break-inside:avoid"><table role="img" aria-label="${text(label)}" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed;border-collapse:collapse;border-bottom:1px solid #8c959f"><tr valign="bottom" style="height:${pixels}px;font-size:0;line-height:0">${cells.join('')}</tr></table>${axis(marks, values.length)}<div style="font-size:12px;color:#57606a;padding-top:3px">${text(label)}</div></div>`;
};

/** A border, not a background: browsers leave backgrounds off paper. */
const bar = (height: number, colour: string): string => `<div style="border-top:${height}px solid ${colour}"></div>`;

const axis = (marks: NonNullable<Bars['marks']>, count: number): string =>
  marks.length === 0
    ? ''
    : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed;font-size:11px;color:#57606a"><tr>${marks
        .map(({ title, values }) => `<td width="${percent(values / count)}">${text(title)}</td>`)
        .join('')}</tr></table>`;

const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;

/** The largest of each group; a group of which nothing is known stays unknown. */
const columnsOf = (values: readonly (number | null)[]): readonly (number | null)[] => {
  const group = Math.ceil(values.length / columnsMax);
  return Array.from({ length: Math.ceil(values.length / Math.max(1, group)) }, (_, c) => {
    const known = values.slice(c * group, (c + 1) * group).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });
};

const runsOf = (heights: readonly number[]): readonly (readonly [height: number, count: number])[] => {
  const runs: [number, number][] = [];
  for (const height of heights) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] === height) last[1] += 1;
    else runs.push([height, 1]);
  }
  return runs;
};
