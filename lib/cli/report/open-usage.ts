import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultConfigFile, loadConfig } from '../../config/load.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { bundledPrices } from '../../report/prices/bundled-prices.ts';
import type { PriceBook } from '../../report/prices/price-book.ts';
import { pricesFrom } from '../../report/prices/price-book-file.ts';
import type { Usage } from '../../report/usage/usage.ts';
import { quoted } from '../../report/weekly/decide-command.ts';
import type { ReportExtras } from '../../report/weekly/weekly-report.ts';
import { usageFile } from '../start/write-outputs.ts';
import { type AccountOptions, tagRules, windowOf } from './account-options.ts';
import { readJsonFile } from './read-json-file.ts';
import { readUsageFile } from './read-usage-file.ts';

export interface OpenedUsage {
  /** What was read, in words. */
  readonly label: string;
  readonly usage: Usage;
  readonly book: PriceBook;
  /** What reading it cost. */
  readonly notes: readonly string[];
  /** What the stage's weekly report knows of earlier advice. It alone writes it; nothing for a file. */
  readonly advice?: Pick<ReportExtras, 'ledger' | 'decideWith' | 'apply'>;
}

const localUsage = join('out', usageFile);

/** A file, the account, or the last local run: see the help of `report`. @throws BadInput */
export const openUsage = async (options: AccountOptions, now: EpochSeconds): Promise<OpenedUsage> => {
  const file = fileOf(options);
  if (file === undefined) return openAccount(options, now);
  const book = options.prices === undefined ? bundledPrices : priceFile(options.prices);
  const usage = readUsageFile(file);
  return {
    label: file === localUsage ? `the last local run (${file})` : file,
    usage,
    book,
    notes: notYet(usage, now),
  };
};

/** On stderr and not in the report: the same file gives the same bytes on every day. */
const notYet = ({ from, hours }: Usage, now: EpochSeconds): readonly string[] => {
  const to = from + hours * 3600;
  if (to <= now + 86_400) return [];
  const day = new Date(to * 1000).toISOString().slice(0, 10);
  return [`The file ends on ${day}, which is yet to come: a forecast, or a wrong year. It is told as if it had been.`];
};

const fileOf = ({ usage, stage, config, regions }: AccountOptions): string | undefined => {
  const account = stage ?? config ?? regions?.join();
  if (usage !== undefined && account !== undefined) {
    throw new BadInput([
      {
        path: '--usage',
        found: 'a file and an account',
        expected: 'one of --usage and --stage, --config, --regions',
        mend: 'Leave the other out.',
      },
    ]);
  }
  return usage ?? (account === undefined && existsSync(localUsage) ? localUsage : undefined);
};

const priceFile = (file: string): PriceBook =>
  pricesFrom(readJsonFile('--prices', file, 'a price file (docs/report.md)'), bundledPrices);

const openAccount = async (options: AccountOptions, now: EpochSeconds): Promise<OpenedUsage> => {
  // A file must not wait for the clients of a dozen services.
  const [{ accountSources, priceSources }, { accountUsage }, { fileCache }] = await Promise.all([
    import('../../account/account-sources.ts'),
    import('../../account/account-usage.ts'),
    import('../../account/document-cache.ts'),
  ]);
  const { stage, timeZone, holidays } = await stageOf(options);
  const regions = options.regions ?? [await regionOfEnvironment()];
  const cache = fileCache(join(homedir(), '.cache', 'sluice'));
  const window = windowOf(options, now);
  const prices = options.prices === undefined ? undefined : priceFile(options.prices);
  const sources = accountSources({
    regions,
    ...(stage === undefined ? {} : { stage }),
    rules: tagRules(options),
    cache,
    now,
  });
  const { usage, book, asked, askedUsd } = await accountUsage(
    sources,
    { ...window, timeZone, holidays },
    prices ?? { sources: priceSources(), bundled: bundledPrices, cache, now },
    new AbortController().signal,
  );
  const kept = stage === undefined ? {} : await adviceOf(stage, regions);
  return {
    label: `the account, ${regions.join(' and ')}, ${stage === undefined ? 'no stage' : `stage ${stage}`}, ${Math.round(window.hours / 24)} days`,
    usage,
    book,
    notes: [
      `Asked CloudWatch for ${asked.metrics} metrics and Cost Explorer ${asked.billRequests} times: USD ${askedUsd.toFixed(3)}.`,
      ...(kept.note === undefined ? [] : [kept.note]),
    ],
    ...(kept.advice && { advice: kept.advice }),
  };
};

interface KeptAdvice {
  readonly advice?: NonNullable<OpenedUsage['advice']>;
  readonly note?: string;
}

/** Of the first Region where the stage is: a report by hand tells what the weekly one would. */
const adviceOf = async (stage: string, [region, ...others]: readonly string[]): Promise<KeptAdvice> => {
  const [{ openStage }, { DynamoLedger }, { appliedTexts }] = await Promise.all([
    import('../operate/stage.ts'),
    import('../../act/dynamo-ledger.ts'),
    import('../operate/applied-stage.ts'),
  ]);
  try {
    const opened = await openStage(stage, region);
    const { clients, table, bindings, region: there } = opened;
    const ledger = await new DynamoLedger(clients.dynamo, table).read();
    // Services of several Regions share their names.
    const apply: Pick<ReportExtras, 'apply'> =
      others.length > 0
        ? {}
        : { apply: { plans: bindings.map(({ plan }) => plan), applied: await appliedTexts(opened), looksOnly: true } };
    const decideWith = `sluice report --stage ${quoted(stage)} --regions ${there}`;
    return { advice: { ...(ledger === undefined ? {} : { ledger, decideWith }), ...apply } };
  } catch (error) {
    return { note: `What became of earlier advice cannot be read: ${(error as Error).message.split('\n')[0]}` };
  }
};

interface Chosen {
  readonly stage?: string;
  readonly timeZone: string;
  readonly holidays: readonly string[];
}

/** `--regions` alone reads an account that has no stage. */
const stageOf = async ({ stage, config, regions }: AccountOptions): Promise<Chosen> => {
  const file = config ?? defaultConfigFile;
  if (config === undefined && !existsSync(file) && (stage ?? regions) !== undefined) {
    return { ...(stage === undefined ? {} : { stage }), timeZone: 'UTC', holidays: [] };
  }
  const loaded = await loadConfig(file);
  return {
    stage: stage ?? loaded.config.stage,
    timeZone: loaded.config.timeZone,
    holidays: loaded.plans[0]?.calendar.holidays ?? [],
  };
};

const regionOfEnvironment = async (): Promise<string> => {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({});
  try {
    return await client.config.region();
  } catch {
    throw new BadInput([
      {
        path: 'AWS_REGION',
        found: 'no Region',
        expected: 'the Region of the account to read',
        mend: 'Set AWS_REGION or a profile, name --regions, or read a file: --usage examples/cost-report/usage.json.',
      },
    ]);
  } finally {
    client.destroy();
  }
};
