import { alertKinds } from '../../lib/model/alert-catalogue.ts';

const marks = ['<!-- made by npm run docs: alerts -->', '<!-- end -->'] as const;

/** docs/operations.md with the table of alerts made anew. */
export const withAlertTable = (page: string): string => {
  const begin = page.indexOf(marks[0]);
  const end = page.indexOf(marks[1], begin);
  if (begin < 0 || end < begin) throw new Error(`no marks: ${marks.join(' … ')}`);
  return `${page.slice(0, begin + marks[0].length)}\n${table()}\n${page.slice(end)}`;
};

const table = (): string =>
  [
    '| code | severity | when | what Sluice does | what you do |',
    '|---|---|---|---|---|',
    ...Object.entries(alertKinds).map(
      ([code, { severity, when, does, mend }]) =>
        `| ${[`\`${code}\``, severity, when, does, mend].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
    ),
  ].join('\n');
