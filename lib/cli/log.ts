import type { Command } from 'commander';
import { BadInput } from '../model/bad-input.ts';
import type { DecisionRecord } from '../model/decision.ts';
import type { EpochSeconds } from '../model/units.ts';
import { counted } from '../report/run/format.ts';
import { reasonOf } from '../report/why/outcome.ts';
import { sourceLine } from '../report/why/render-story.ts';
import { clockUtc, dayUtc, isoUtc } from '../report/why/times.ts';
import { type DecisionSource, openSource, type SourceOptions } from './operate/decision-source.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson, textWidth } from './operate/print.ts';
import { sourceOptions } from './operate/source-options.ts';
import { parseWhen } from './operate/when.ts';

export const define = (command: Command): void => {
  sourceOptions(command)
    .description('Lists the decisions of a service, oldest first.')
    .argument('<service>', 'the service')
    .option('--from <time>', 'ISO 8601, "02:41" (UTC) or "6h ago" (default: an hour before --to)')
    .option('--to <time>', 'the same (default: now, or the end of the file)')
    .option('--actions-only', 'only decisions that changed, or would have changed, the count or the task size')
    .option('--limit <n>', 'the newest n', '50')
    .option('--jsonl', 'the full records as JSON lines, for "sluice replay" and other programs; no limit')
    .option('--json', 'one JSON document: { source, service, from, to, found, decisions }')
    .action(log);
};

interface Options extends SourceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly actionsOnly?: true;
  readonly limit: string;
  readonly jsonl?: true;
  readonly json?: true;
}

const log = async (service: string, options: Options): Promise<void> => {
  const limit = limitOf(options.limit);
  const source = await openSource(options, Date.now() / 1000);
  requireService(service, source.services, source.label);
  const { from, to } = spanOf(options, source);
  const found = (await source.read(service, from, to)).filter((record) => !options.actionsOnly || isAction(record));
  if (options.jsonl) {
    for (const record of found) process.stdout.write(`${JSON.stringify(record)}\n`);
    return;
  }
  const shown = found.slice(-limit);
  if (options.json) {
    const span = { from: isoUtc(from), to: isoUtc(to) };
    printJson({ source: source.label, service, ...span, found: found.length, decisions: shown.map(toJson) });
    return;
  }
  const dropped = found.length - shown.length;
  print([
    `${service}, ${spanText(from, to)}: ${counted(found.length, 'decision')}${dropped > 0 ? `, the newest ${shown.length} shown (--limit)` : ''}`,
    ...shown.map((record) => row(record, textWidth())),
    '',
    sourceLine(source.label),
  ]);
};

const limitOf = (text: string): number => {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new BadInput([
    { path: '--limit', found: JSON.stringify(text), expected: 'a whole number above 0', mend: 'Try --limit 50.' },
  ]);
};

const spanOf = (
  options: Options,
  source: DecisionSource,
): { readonly from: EpochSeconds; readonly to: EpochSeconds } => {
  // The end is exclusive, and the last decision of a file belongs to it.
  const to = options.to === undefined ? source.endsAt + 1 : parseWhen('--to', options.to, source.endsAt);
  const from = options.from === undefined ? to - 3600 : parseWhen('--from', options.from, source.endsAt);
  if (from < to) return { from, to };
  throw new BadInput([
    { path: '--from', found: isoUtc(from), expected: `a time before --to, ${isoUtc(to)}`, mend: 'Swap them.' },
  ]);
};

const isAction = ({ decision }: DecisionRecord): boolean =>
  decision.kind === 'scale' || decision.sizeFrom !== undefined;

const row = (record: DecisionRecord, width: number): string => {
  const { decision } = record;
  const { at, from, desired, alerts } = decision;
  const change = `${String(from).padStart(4)} ${from === desired ? ' ' : '→'} ${from === desired ? '    ' : String(desired).padEnd(4)}`;
  const marks = alerts.length > 0 ? `! ${alerts.map(({ code }) => code).join(', ')}: ` : '';
  const text = `${clockUtc(at)} ${change} ${outcomeOf(decision).padEnd(6)}  ${marks}${reasonOf(record)}`;
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
};

const outcomeOf = ({ kind, shadow, from, desired }: DecisionRecord['decision']): string => {
  if (kind !== 'scale' || from === desired) return kind === 'scale' ? 'size' : kind;
  return shadow ? 'shadow' : desired > from ? 'out' : 'in';
};

const toJson = ({ tick, decision }: DecisionRecord) => {
  const { at, kind, from, desired, shadow, summary, alerts } = decision;
  return { at: isoUtc(at), tick, kind, from, desired, shadow, summary, alerts };
};

const spanText = (from: EpochSeconds, to: EpochSeconds): string =>
  `${dayUtc(from)} ${clockUtc(from)} to ${dayUtc(from) === dayUtc(to) ? '' : `${dayUtc(to)} `}${clockUtc(to)} UTC`;
