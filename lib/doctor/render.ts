import type { Examined } from './examine.ts';
import type { Finding, FindingSeverity } from './finding.ts';

/** The checklist for a terminal: what holds in one line each, what does not with its mend and command. */
export const renderExamined = ({ stage, region, ready, checks }: Examined): string => {
  const all = checks.flatMap(({ findings }) => findings);
  const count = (severity: FindingSeverity): number => all.filter((finding) => finding.severity === severity).length;
  return [
    `Stage ${stage} in ${region}`,
    ...checks.flatMap(({ title, findings }) =>
      findings.length === 0 ? [`  ok       ${title}`] : findings.flatMap((finding) => lines(title, finding)),
    ),
    '',
    `${ready ? 'Ready' : 'Not ready'}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${count('unknown')} that could not be checked, of ${checks.length} checks.`,
    '',
  ].join('\n');
};

const lines = (title: string, { severity, service, found, expected, mend, command }: Finding): readonly string[] => [
  `  ${severity.padEnd(8)} ${service === undefined ? '' : `${service}: `}${title}`,
  `           found ${found}; expected ${expected}. ${mend}`,
  `           $ ${command}`,
];

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
