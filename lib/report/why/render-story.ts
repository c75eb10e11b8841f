import type { Seconds } from '../../model/units.ts';
import { duration } from '../run/format.ts';
import type { Clamp, Neighbour, Story } from './story.ts';
import { clockUtc, dayUtc } from './times.ts';
import { wrap } from './wrap.ts';

/**
 * A story as lines of plain text, at most `width` characters wide as far as words allow.
 * The outcome and its reason come first: whoever reads this at three in the morning may stop there.
 */
export const renderStory = (story: Story, width: number): readonly string[] => [
  `${story.service} at ${dayUtc(story.at)} ${clockUtc(story.at)} UTC`,
  `${story.title}`,
  ...wrap(story.because, width, '  '),
  ...alertLines(story, width),
  ...section('What was seen', seenRows(story), width),
  ...section('What was wanted', wantedRows(story), width),
  ...section(clampTitle(story), clampRows(story), width),
  ...section(
    'What happened',
    story.outcome.map((text) => ['', text] as const),
    width,
  ),
  ...section('Around it', aroundRows(story), width),
];

type Row = readonly [head: string, text: string];

const alertLines = ({ alerts }: Story, width: number): readonly string[] =>
  alerts.flatMap(({ severity, text }) =>
    wrap(`${severity === 'critical' ? 'CRITICAL' : severity}: ${text}`, width, '  ! '),
  );

const seenRows = ({ seen }: Story): readonly Row[] =>
  seen.map(({ name, text, ageSeconds }) => [
    name,
    ageSeconds === undefined ? text : `${text} (${ageSeconds < 1 ? 'just read' : `${duration(ageSeconds)} old`})`,
  ]);

const wantedRows = ({ wanted, from }: Story): readonly Row[] =>
  wanted.length === 0
    ? [['', 'Nothing: no policy was asked.']]
    : wanted.map(({ desired, text, combined }) => [
        `${desired}${desired === from ? ' (as now)' : ''}`,
        combined ? `together: ${text}` : text,
      ]);

const clampTitle = ({ kind, clamps }: Story): string =>
  kind === 'hold' && clamps.every(({ wouldHaveBeen, became }) => wouldHaveBeen === became)
    ? 'Why nothing was decided'
    : 'What changed that number';

const clampRows = ({ clamps, kind }: Story): readonly Row[] => {
  if (clamps.length === 0) return kind === 'hold' ? [] : [['', 'Nothing: what was wanted is what was decided.']];
  return clamps.map((clamp) => [clampHead(clamp, kind), clamp.text]);
};

/** The number that it would have been without this rule, and what the rule made of it. */
const clampHead = ({ wouldHaveBeen, became }: Clamp, kind: Story['kind']): string => {
  if (wouldHaveBeen !== became) return `${wouldHaveBeen} became ${became}`;
  return kind === 'hold' ? 'no decision' : `stays ${became}`;
};

const aroundRows = (story: Story): readonly Row[] => {
  const { previous, next, lastChange, sameSince, at } = story;
  const rows: Row[] = [];
  if (previous) rows.push(['the tick before', neighbourText(previous)]);
  rows.push(['the tick after', next ? neighbourText(next) : 'none is recorded']);
  if (sameSince && sameSince.ticks > 1)
    rows.push([
      'since when',
      `the last ${sameSince.ticks} ticks ended alike, since ${clockUtc(sameSince.at)} (${lasting(at - sameSince.at)})`,
    ]);
  if (lastChange)
    rows.push(['the last change', `${neighbourText(lastChange)}, ${lasting(at - lastChange.at)} before this`]);
  return rows;
};

const neighbourText = ({ at, title }: Neighbour): string => `${clockUtc(at)}  ${title}`;

const lasting = (seconds: Seconds): string => duration(Math.max(0, seconds));

const section = (title: string, rows: readonly Row[], width: number): readonly string[] => {
  if (rows.length === 0) return [];
  const headWidth = Math.max(...rows.map(([head]) => head.length));
  return [
    '',
    title,
    ...rows.flatMap(([head, text]) => wrap(text, width, `  ${head.padEnd(headWidth)}${headWidth > 0 ? '  ' : ''}`)),
  ];
};

/** The last line of an answer: what it rests on. */
export const sourceLine = (label: string): string => `Read from ${label}.`;
