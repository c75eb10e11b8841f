import type { Command } from 'commander';
import { dynamoReportItems } from '../deliver/report-items.ts';
import type { AppliedEntry, AppliedMark } from '../model/applied.ts';
import { BadInput } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import { isInForce, overrideOf, readOverrides } from '../observe/overrides.ts';
import { undoCommand } from '../report/apply/applied-action.ts';
import { type MadePart, partOf } from '../report/apply/part-of.ts';
import type { LedgerEntry } from '../report/ledger/ledger.ts';
import type { Change } from '../report/plan/advice.ts';
import { appliedLines, appliedTexts, appliedWords, changeApplied } from './operate/applied-stage.ts';
import { print, printJson } from './operate/print.ts';
import { overrideWords, personHere } from './operate/set-override.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, type DeployedStage, openStage, stageLabel } from './operate/stage.ts';
import { readJsonFile } from './report/read-json-file.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description(
      'Without an id: what is applied beside the config, and which advice could be. With one: applies it from the next minute on, without a deploy. "sluice undo" takes it back.',
    )
    .argument('[id]', 'advice of the weekly report, such as schedule:convert')
    .option('--report <file>', 'take the advice from this report.json (default: the ledger of the stage)')
    .option('--by <name>', 'who (default: you on this machine)')
    .option(
      '--json',
      'one JSON document: { stage, applied, unreadable, open }, with an id { stage, service, part, text }',
    )
    .action(apply);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly report?: string;
  readonly by?: string;
  readonly json?: true;
}

const apply = async (id: string | undefined, options: Options): Promise<void> => {
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  const open = await openAdvice(stage, options);
  return id === undefined ? list(stage, open, options) : applyOne(stage, id, open, options);
};

/** Advice that can be applied: laid over the config of a service, and taken back. */
interface OpenAdvice {
  readonly id: string;
  readonly title: string;
  readonly plan: ServicePlan;
  readonly made: MadePart;
}

const openAdvice = async (stage: DeployedStage, { report }: Options): Promise<readonly OpenAdvice[]> => {
  const given = report === undefined ? await inLedger(stage) : inReport(report);
  return given.flatMap(({ id, title, resource, change }) => {
    const plan = stage.bindings.find((binding) => binding.plan.service === resource)?.plan;
    // A person has the figures before them: no floor but zero.
    const made = plan && partOf(change, plan, 0);
    return plan === undefined || made === undefined || made.isIdle !== undefined ? [] : [{ id, title, plan, made }];
  });
};

interface Given {
  readonly id: string;
  readonly title: string;
  readonly resource: string;
  readonly change: Change;
}

const inLedger = async ({ clients, table }: DeployedStage): Promise<readonly Given[]> => {
  const ledger: readonly LedgerEntry[] = await dynamoReportItems(clients.dynamo, table).readLedger();
  return ledger.flatMap(({ id, title, resource, change, state }) =>
    change !== undefined && (state === 'open' || state === 'accepted') ? [{ id, title, resource, change }] : [],
  );
};

const inReport = (file: string): readonly Given[] => {
  const { plan } = readJsonFile('--report', file, 'the report.json of a weekly report') as {
    readonly plan?: { readonly recommendations?: readonly Partial<Given>[] };
  };
  return (plan?.recommendations ?? []).flatMap(({ id, title, resource, change }) =>
    id !== undefined && title !== undefined && resource !== undefined && typeof change === 'object'
      ? [{ id, title, resource, change }]
      : [],
  );
};

const list = async (stage: DeployedStage, open: readonly OpenAdvice[], { json }: Options): Promise<void> => {
  const plans = stage.bindings.map(({ plan }) => plan);
  const { lines, unreadable } = appliedLines(plans, await appliedTexts(stage));
  const rest = open.filter(({ id }) => !lines.some(({ advice }) => advice === id));
  if (json) {
    const openJson = rest.map(({ id, title, plan, made }) => ({
      id,
      title,
      service: plan.service,
      part: made.part,
      text: made.words,
    }));
    printJson({ stage: stage.name, applied: lines, unreadable, open: openJson });
    return;
  }
  print([
    lines.length === 0
      ? `Nothing is applied beside the config of ${stageLabel(stage)}.`
      : `Applied beside the config of ${stageLabel(stage)}:`,
    ...lines.flatMap((line) => [`  ${appliedWords(line)}`, `    to take it back: ${line.undo}`]),
    ...unreadable.map(
      (service) =>
        `  ${service}: what is stored does not read, so nothing of it is in force. To clear it: sluice undo ${service}`,
    ),
    ...(rest.length === 0 ? [] : ['Advice that could be applied:']),
    ...rest.flatMap(({ id, title, made }) => [`  ${id}  ${title}`, `    ${made.words}`]),
  ]);
};

const applyOne = async (
  stage: DeployedStage,
  id: string,
  open: readonly OpenAdvice[],
  { by = personHere(), json }: Options,
): Promise<void> => {
  const found = open.find((advice) => advice.id === id);
  if (found === undefined) throw notOpen(id, open);
  const { plan, made } = found;
  const now = Date.now() / 1000;
  const mark: AppliedMark = { advice: id, at: Math.floor(now), by, fields: made.fields };
  await changeApplied(stage, plan.service, (entry) => {
    const { barred = [], ...before } = entry === 'unknown' ? {} : entry;
    // Whoever applies it by hand has changed their mind about it.
    const still = barred.filter(({ advice }) => advice !== id);
    return {
      ...before,
      ...(still.length > 0 && { barred: still }),
      [made.part]: { ...mark, ...valuesOf(made, before, mark.at) },
    };
  });
  const warnings = await overrideWarnings(stage, plan.service, now);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (json) {
    printJson({ stage: stage.name, service: plan.service, part: made.part, advice: id, text: made.words, warnings });
    return;
  }
  print([
    `Applied to ${plan.service} of ${stageLabel(stage)}: ${found.title}. ${made.words}`,
    'It holds within two minutes, until the config says something else, or you take it back:',
    `  ${undoCommand(plan.service, made.part)}`,
  ]);
};

/** A size begins now, and goes back to the one that is applied until now. */
const valuesOf = (made: MadePart, present: AppliedEntry, now: number): MadePart['values'] =>
  made.part === 'size'
    ? { ...made.values, from: now, ...(present.size && { before: present.size.size }) }
    : made.values;

const overrideWarnings = async (stage: DeployedStage, service: string, now: number): Promise<readonly string[]> => {
  const overrides = await readOverrides(stage.clients.dynamo, stage.table, AbortSignal.timeout(10_000));
  const override = overrideOf(overrides, service, now);
  return override !== undefined && isInForce(override, now)
    ? [`${service} is ${overrideWords(override)}: what was applied holds only after that`]
    : [];
};

const notOpen = (id: string, open: readonly OpenAdvice[]): BadInput =>
  new BadInput([
    {
      path: 'ID',
      found: `"${id}"`,
      expected:
        open.length === 0
          ? 'advice that can be applied, of which there is none'
          : `one of ${open.map((advice) => advice.id).join(', ')}`,
      mend: 'Take the id from the weekly report, or name its report.json with --report. Purchases, databases and everything that cannot be taken back at once are yours to do.',
    },
  ]);
