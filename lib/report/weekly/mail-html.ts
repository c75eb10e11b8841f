import { escapeXml } from '../charts/escape-xml.ts';

// HTML that mail programs show: tables, inline styles, no script, no style sheet, no image, no network.

const ink = '#1b1f24';
const soft = '#57606a';
const line = '#d8dee4';

export const text = escapeXml;

export const paragraph = (content: string, style = ''): string =>
  `<p style="margin:0 0 10px;font-size:15px;line-height:1.5;color:${ink};${style}">${content}</p>`;

export const note = (content: string): string => paragraph(content, `font-size:13px;color:${soft};`);

export const heading = (content: string, level: 1 | 2 | 3): string => {
  const size = { 1: 20, 2: 17, 3: 15 }[level];
  const above = { 1: 0, 2: 28, 3: 18 }[level];
  return `<h${level} style="margin:${above}px 0 8px;font-size:${size}px;line-height:1.3;color:${ink};page-break-after:avoid">${content}</h${level}>`;
};

/** Key figures side by side; they wrap on a phone. */
export const figures = (cells: readonly (readonly [label: string, value: string])[]): string =>
  `<div style="font-size:0;margin:12px 0">${cells
    .map(
      ([label, value]) =>
        `<div style="display:inline-block;vertical-align:top;min-width:112px;margin:0 14px 10px 0;border-left:3px solid #1f6feb;padding-left:10px"><div style="font-size:13px;color:${soft}">${text(label)}</div><div style="font-size:18px;line-height:1.4;color:${ink}">${text(value)}</div></div>`,
    )
    .join('')}</div>`;

export const linkLine = (links: readonly { readonly title: string; readonly href: string }[]): string =>
  note(links.map(({ title, href }) => `<a href="${text(href)}" style="color:#0969da">${text(title)}</a>`).join(' · '));

export interface Column {
  readonly title: string;
  readonly right?: boolean;
}

/** Cells are HTML already. A wide table scrolls in its own frame where the program can. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  lastIsTotal = false,
): string => {
  const cell = (tag: 'th' | 'td', html: string, column: Column | undefined, style: string): string =>
    `<${tag} align="${column?.right ? 'right' : 'left'}" style="padding:5px ${column?.right ? 0 : 12}px 5px ${column?.right ? 8 : 0}px;border-bottom:1px solid ${line};${column?.right ? 'white-space:nowrap;' : ''}${style}">${html}</${tag}>`;
  const head = columns.map((column) =>
    cell('th', text(column.title), column, `font-size:13px;color:${soft};font-weight:600;`),
  );
  const body = rows.map((row, r) => {
    const total = lastIsTotal && r === rows.length - 1;
    const style = total ? `font-weight:700;border-top:2px solid ${ink};` : '';
    return `<tr style="page-break-inside:avoid">${row.map((html, c) => cell('td', html, columns[c], style)).join('')}</tr>`;
  });
  return `<div style="overflow-x:auto"><table role="table" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:6px 0 14px;font-size:14px;line-height:1.4;color:${ink};vertical-align:top"><thead><tr>${head.join('')}</tr></thead><tbody valign="top">${body.join('')}</tbody></table></div>`;
};

export const code = (content: string): string =>
  `<pre style="page-break-inside:avoid;margin:6px 0 10px;padding:8px 10px;background:#f5f7f9;border-left:3px solid ${line};font-size:12px;line-height:1.45;white-space:pre-wrap;word-break:break-word;color:${ink}">${text(content)}</pre>`;

export const alertBox = (content: string, severe: boolean): string =>
  `<div style="page-break-inside:avoid;margin:8px 0;padding:8px 12px;background:#fff5f5;border-left:4px solid ${severe ? '#a3133f' : '#c4470b'};font-size:14px;line-height:1.5;color:${ink}">${content}</div>`;

/** A second line in a cell. */
export const small = (content: string): string => `<div style="font-size:12px;color:${soft}">${content}</div>`;

export const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light"><title>${text(title)}</title></head>
<body style="margin:0;padding:0;background:#ffffff"><div style="max-width:760px;margin:0 auto;padding:20px 16px 40px;font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;color:${ink}">
${body}
</div></body></html>
`;
