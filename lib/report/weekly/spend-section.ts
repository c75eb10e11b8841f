import { heading, note, table, text } from './mail-html.ts';
import type { SpendLine } from './spend.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { money } from './words.ts';

/** On what the week's money went, in a table that adds up; nothing where it is all one thing. */
export const spendSection = ({ spend, previousSpend, ownUsd, services }: WeeklyReport): string => {
  const rows = [
    ...spend.lines.map((line) => ({
      what: spendWords(line),
      usd: line.usd,
      before: before(line, previousSpend?.lines),
    })),
    ...(ownUsd === undefined || services.length === 0 ? [] : [{ what: 'Sluice itself', usd: ownUsd, before: ownUsd }]),
  ];
  if (rows.length < 2) return '';
  const total = rows.reduce((sum, { usd }) => sum + usd, 0);
  const totalBefore = rows.reduce((sum, row) => sum + row.before, 0);
  const known = previousSpend !== undefined;
  return [
    heading('What the week cost', 2),
    table(
      [
        { title: 'On what' },
        { title: 'This week', right: true },
        ...(known ? [{ title: 'The week before', right: true }] : []),
      ],
      [
        ...rows.map(({ what, usd, before: then }) => [
          text(what),
          text(money(usd)),
          ...(known ? [text(money(then))] : []),
        ]),
        ['Together', text(money(total)), ...(known ? [text(money(totalBefore))] : [])],
      ],
      true,
    ),
    note('At list prices in USD; what has no known price is not in it, and is named at the end.'),
  ].join('\n');
};

const before = ({ of }: SpendLine, lines: readonly SpendLine[] = []): number =>
  lines.find((line) => line.of === of)?.usd ?? 0;

export const spendWords = ({ of, count }: SpendLine): string => {
  const many = (one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  return {
    fargate: `${many('service')} on Fargate, with public addresses`,
    ec2: many('EC2 instance'),
    rds: many('RDS database'),
    elasticache: many('ElastiCache cache'),
    orphan: `${many('resource')} that nothing uses`,
    beside: 'Requests, logs and traffic of the services',
    commitments: `What ${many('commitment')} held took off, fees counted`,
  }[of];
};
