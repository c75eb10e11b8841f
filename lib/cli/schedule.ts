import type { Command } from 'commander';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import { momentForm, parseMoment } from '../config/moment.ts';
import { parseApplied } from '../model/applied.ts';
import { BadInput } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import { appliedPlan } from '../schedule/applied-plan.ts';
import { clockChanges } from '../schedule/clock-change.ts';
import { type Transition, transitions } from '../schedule/transitions.ts';
import { appliedTexts } from './operate/applied-stage.ts';
import { openStage } from './operate/stage.ts';

export const define = (command: Command): void => {
  command
    .option('--config <file>', 'the config, .ts or .json', defaultConfigFile)
    .option('--stage <name>', 'a deployed stage, with what is applied beside its config')
    .option('--days <days>', 'how many days to look ahead, 1 to 1000', '14')
    .option('--from <time>', 'ISO 8601; without a zone: on the wall clock of the config (default: now)')
    .option('--json', 'one JSON document: { transitions: [{ service, at, local, window, tasks, worker? }] }')
    .action(schedule);
};

interface Options {
  readonly config: string;
  readonly stage?: string;
  readonly days: string;
  readonly from?: string;
  readonly json?: true;
}

const schedule = async (options: Options): Promise<void> => {
  const days = daysOf(options.days);
  const { timeZone, plans } = await (options.stage === undefined ? inConfig(options.config) : onStage(options.stage));
  const from = options.from === undefined ? Math.floor(Date.now() / 1000) : momentOf(options.from, timeZone);
  // The first entries repeat --from to the letter, so that a reader can find them by it.
  const exactly = options.from?.endsWith('Z') ? options.from : undefined;
  const found = plans.map((plan) => {
    const [first, ...later] = transitions(plan, from, days);
    return first ? [{ ...first, at: exactly ?? first.at }, ...later] : [];
  });
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ transitions: found.flat() }, null, 2)}\n`
      : `${found.map((rows, i) => table(withClockChanges(rows, plans[i], from, days))).join('\n\n')}\n`,
  );
};

interface Found {
  /** Of times without a zone. */
  readonly timeZone: string;
  readonly plans: readonly ServicePlan[];
}

const inConfig = async (file: string): Promise<Found> => {
  const { config, plans } = await loadConfig(file);
  return { timeZone: config.timeZone, plans };
};

/** As the ticks see them: with what is applied. */
const onStage = async (name: string): Promise<Found> => {
  const stage = await openStage(name);
  const applied = await appliedTexts(stage);
  const plans = stage.bindings.map(({ plan }) => {
    const text = applied[plan.service];
    return text === undefined ? plan : appliedPlan(plan, parseApplied(text));
  });
  return { timeZone: plans[0]?.calendar.timeZone ?? 'UTC', plans };
};

const daysOf = (text: string): number => {
  const days = Number(text);
  if (text.trim() !== '' && days > 0 && days <= 1000) return days;
  throw new BadInput([
    { path: '--days', found: JSON.stringify(text), expected: 'a number above 0, at most 1000', mend: 'Try --days 14.' },
  ]);
};

const momentOf = (text: string, timeZone: string): number => {
  const at = parseMoment(text, timeZone);
  if (at !== undefined) return at;
  throw new BadInput([
    { path: '--from', found: JSON.stringify(text), expected: momentForm, mend: 'Try --from 2026-11-27T08:00:00Z.' },
  ]);
};

/** A day whose clocks change gets a row even when nothing else happens on it. */
const withClockChanges = (
  rows: readonly Transition[],
  plan: ServicePlan | undefined,
  from: number,
  days: number,
): readonly Transition[] => {
  const changes = plan ? clockChanges(plan.calendar.timeZone, from, from + days * 86_400) : [];
  const silent = changes.filter(({ local }) => !rows.some((row) => row.local.slice(0, 10) === local.slice(0, 10)));
  const added = silent.flatMap(({ at, local, text }) => {
    const last = rows.findLast((row) => Date.parse(row.at) < Date.parse(at));
    return last ? [{ ...last, at, local, clockChange: text }] : [];
  });
  return [...rows, ...added].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
};

const table = (rows: readonly Transition[]): string => {
  const cells = rows.map((row) => [
    dayTime(row.local),
    row.local.slice(19),
    dayTime(row.at),
    row.window ?? '(outside all windows)',
    row.tasks.min === row.tasks.max ? `${row.tasks.min}` : `${row.tasks.min} to ${row.tasks.max}`,
    row.worker ? `${row.worker.cpu}/${row.worker.memoryMiB}` : '',
    row.applied === undefined ? '' : `${row.applied.configured.min} to ${row.applied.configured.max}`,
    row.clockChange ?? '',
  ]);
  const heads = ['local time', 'offset', 'UTC', 'window', 'tasks', 'cpu/MiB', 'without what is applied', 'DST'];
  const used = heads.map((_, i) => i).filter((i) => cells.some((cell) => cell[i] !== ''));
  const widths = used.map((i) => Math.max(...[heads, ...cells].map((cell) => cell[i]?.length ?? 0)));
  const line = (cell: readonly string[]): string =>
    used
      .map((i, k) => (cell[i] ?? '').padEnd(widths[k] ?? 0))
      .join('  ')
      .trimEnd();
  return [rows[0]?.service ?? '', line(heads), ...cells.map(line)].join('\n');
};

/** `2026-11-23T08:00:00+01:00` → `Mon 2026-11-23 08:00` */
const dayTime = (iso: string): string => {
  const weekday = new Date(`${iso.slice(0, 10)}T12:00:00Z`).toUTCString().slice(0, 3);
  return `${weekday} ${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
};
