import { heading, paragraph, small, table, text } from './mail-html.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { dayOf } from './words.ts';

/** What the report did by itself this week, and what lies over the configs from now on, with how to take it back. */
export const appliedSection = ({ applied, timeZone }: WeeklyReport): string => {
  const { actions, inForce } = applied;
  if (actions.length === 0 && inForce.length === 0) return '';
  return [
    heading('What it applies by itself', 2),
    ...actions.map(({ what, text: words }) => paragraph(text(`${titles[what]}: ${words}`))),
    ...(inForce.length === 0
      ? []
      : [
          table(
            [{ title: 'Beside the config' }, { title: 'To take it back' }],
            inForce.map(({ service, advice, by, at, text: words, notInForce, undo }) => [
              `${text(`${service}: ${words}`)}${small(
                text(
                  `${advice}, by ${by} on ${dayOf(at, timeZone)}${notInForce === undefined ? '' : `; not in force: ${notInForce}`}`,
                ),
              )}`,
              text(undo),
            ]),
          ),
        ]),
  ].join('\n');
};

/** The same in the plain text. */
export const appliedLines = ({ applied }: WeeklyReport): readonly string[] => {
  const { actions, inForce } = applied;
  if (actions.length === 0 && inForce.length === 0) return [];
  return [
    '',
    'WHAT IT APPLIES BY ITSELF',
    ...actions.map(({ what, text: words }) => `- ${titles[what]}: ${words}`),
    ...inForce.map(
      ({ service, text: words, undo, notInForce }) =>
        `- ${service} has ${words}${notInForce === undefined ? '' : ` (not in force: ${notInForce})`}. To take it back: ${undo}`,
    ),
  ];
};

const titles = { applied: 'Applied', undone: 'Taken back', dropped: 'Fell away', withheld: 'Not applied' } as const;
