import type { Command } from 'commander';
import { type ApiKeyRecord, newApiKey } from '../jobs/api/auth/api-key.ts';
import { dynamoApiKeys } from '../jobs/api/auth/api-keys.ts';
import { isTenant } from '../jobs/job-names.ts';
import { BadInput } from '../model/bad-input.ts';
import { openRecords } from './jobs/open-records.ts';
import { print, printJson } from './operate/print.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage } from './operate/stage.ts';
import { parseLength } from './operate/when.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description('Keys of the job API, for configs with "auth": "key". A key is shown once, when it is made.')
    .argument('<action>', 'create, list or end')
    .argument('[key-id]', 'end: the key that is not to work any more, a minute from now')
    .option('--tenant <name>', 'create: whose jobs it submits and sees')
    .option('--for <length>', 'create: how long it works, "30d" (default: until it is ended)')
    .option('--note <text>', 'create: what it is for')
    .option('--json', 'one JSON document')
    .action(run);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly tenant?: string;
  readonly for?: string;
  readonly note?: string;
  readonly json?: true;
}

const longestKeySeconds = 10 * 365 * 86_400;

const run = async (action: string, keyId: string | undefined, options: Options): Promise<void> => {
  const act = actions[action];
  if (act === undefined) throw bad('action', JSON.stringify(action), 'create, list or end', 'Name one of the three.');
  await act(options, keyId);
};

const keysOf = async ({ stage: name, config }: Options) => {
  const stage = await openStage(name ?? (await configuredStage(config)));
  const records = await openRecords(stage);
  if (records !== undefined) return dynamoApiKeys(stage.clients.dynamo, records.table);
  throw bad(
    '--stage',
    `"${stage.name}", which keeps no job records`,
    'a stage that is deployed with a job API',
    'Add "api": { "auth": "key" } to its config and deploy.',
  );
};

const create = async (options: Options): Promise<void> => {
  const { tenant, note } = options;
  if (tenant === undefined || !isTenant(tenant)) {
    const form = '1 to 64 letters, digits and . _ -, the first none of .';
    throw bad('--tenant', tenant === undefined ? 'nothing' : JSON.stringify(tenant), form, 'Give the client a name.');
  }
  const now = Date.now() / 1000;
  const seconds = options.for === undefined ? undefined : parseLength('--for', options.for, longestKeySeconds);
  const { text, record } = newApiKey(tenant, now, {
    ...(seconds !== undefined && { endsAt: now + seconds }),
    ...(note !== undefined && { note }),
  });
  await (await keysOf(options)).put(record);
  if (options.json) printJson({ key: text, ...shown(record) });
  else
    print([
      text,
      `for ${tenant}${endWords(record)}. It is not shown again; "sluice api-key end ${record.keyId}" ends it.`,
    ]);
};

const list = async (options: Options): Promise<void> => {
  const records = (await (await keysOf(options)).list()).toSorted((a, b) => a.createdAt - b.createdAt);
  if (options.json) printJson({ keys: records.map(shown) });
  else if (records.length === 0) print(['There is no key yet: sluice api-key create --tenant NAME']);
  else
    print(
      records.map(
        (record) =>
          `${record.keyId}  ${record.tenant}${endWords(record)}${record.note === undefined ? '' : `  (${record.note})`}`,
      ),
    );
};

const end = async (options: Options, keyId: string | undefined): Promise<void> => {
  if (keyId === undefined) throw bad('key-id', 'nothing', 'the id of a key', '"sluice api-key list" names them.');
  const known = await (await keysOf(options)).end(keyId, Date.now() / 1000);
  if (!known) throw bad('key-id', JSON.stringify(keyId), 'the id of a key', '"sluice api-key list" names them.');
  if (options.json) printJson({ ended: keyId });
  else print([`${keyId} has ended. Functions that know it may take it for a minute more.`]);
};

const actions: Readonly<Record<string, (options: Options, keyId: string | undefined) => Promise<void>>> = {
  create,
  list,
  end,
};

/** Without the hash: it is of no use to anybody. */
const shown = ({ secretHash: _, ...record }: ApiKeyRecord) => record;

const endWords = ({ endsAt }: ApiKeyRecord): string =>
  endsAt === undefined ? '' : `, until ${new Date(endsAt * 1000).toISOString()}`;

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);
