import type { Config } from '../config/define-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { BadInput } from '../model/bad-input.ts';
import { importAutoScaling, isAutoScaling } from './aws/auto-scaling.ts';
import { importCdk, isCdkProps } from './aws/cdk.ts';
import { importCopilot, isCopilotManifest } from './aws/copilot.ts';
import { type Draft, dropped, type ServiceInput } from './draft.ts';
import { importHpa, isHpa } from './kubernetes/hpa.ts';
import { importScaledObject, isScaledObject } from './kubernetes/keda.ts';
import type { ImportNote } from './note.ts';
import { readSource } from './source/read-source.ts';
import type { Source } from './source/source.ts';

export interface ImportedConfig {
  readonly config: Config;
  readonly notes: readonly ImportNote[];
  /** What each service came from, by its name in the config: `KEDA ScaledObject worker.yaml`. */
  readonly origins: Readonly<Record<string, string>>;
}

export interface ImportFile {
  readonly name: string;
  readonly text: string;
}

export interface ImportOptions {
  /** With one service found: what it is called. With several: which one is wanted. */
  readonly service?: string;
  /** ISO 8601. Scheduled actions of one time that lie before it have happened. */
  readonly now: string;
}

/**
 * Scaling configurations of other systems → a config that our own check accepts, and a note for every value that did
 * not come over as it stood. Throws `BadInput` with file and line for what cannot be read, and where nothing was found.
 */
export const importFiles = (files: readonly ImportFile[], { service, now }: ImportOptions): ImportedConfig => {
  const documents = files.flatMap(({ name, text }) => readSource(name, text)).flatMap(itemsOfList);
  const scaling = documents.filter(isAutoScaling);
  const rest = documents.filter((document) => !scaling.includes(document));
  const notes: ImportNote[] = [];
  const found: Draft[] = [
    ...(scaling.length > 0 ? importAutoScaling(scaling, now) : []),
    ...rest.flatMap((document) => importDocument(document, notes) ?? []),
  ];
  const usable = found.filter(({ service: fields }) => fields.policy !== undefined || fields.tasks !== undefined);
  for (const draft of found) if (!usable.includes(draft)) notes.push(...draft.notes);
  if (usable.length === 0) throw nothingFound(files, documents, notes);
  const drafts = named(chosen(usable, service), service);
  return checked(drafts, notes);
};

const importDocument = (document: Source, notes: ImportNote[]): Draft | undefined => {
  if (isScaledObject(document)) return importScaledObject(document);
  if (isHpa(document)) return importHpa(document);
  if (isCopilotManifest(document)) return importCopilot(document);
  if (isCdkProps(document)) return importCdk(document);
  const kind = document.isObject ? document.get('kind')?.content : undefined;
  notes.push({ ...dropped(document, reasonFor(kind)), ...(kind !== undefined && { found: `the ${String(kind)}` }) });
  return undefined;
};

const reasonFor = (kind: unknown): string => {
  if (kind === undefined) return 'It is no form that import knows.';
  return String(kind).endsWith('TriggerAuthentication')
    ? 'Sluice’s functions have IAM roles of their own; no credentials are named anywhere.'
    : 'It does not scale a service of tasks that stay.';
};

/** `kind: List`, as `kubectl get -o yaml` prints several. */
const itemsOfList = (document: Source): readonly Source[] =>
  document.isObject && document.get('kind')?.content === 'List' ? (document.get('items')?.items() ?? []) : [document];

const forms =
  'a KEDA ScaledObject, a HorizontalPodAutoscaler, output of "aws application-autoscaling describe-…", a Copilot manifest, or props of a CDK pattern';

const nothingFound = (
  files: readonly ImportFile[],
  documents: readonly Source[],
  notes: readonly ImportNote[],
): BadInput =>
  new BadInput(
    notes.length > 0
      ? notes.map(({ path, found, why }) => ({
          path,
          found,
          expected: forms,
          mend: why,
        }))
      : [
          {
            path: files.map(({ name }) => name).join(', '),
            found: documents.length === 0 ? 'no document' : 'nothing that scales a service',
            expected: forms,
            mend: 'Name the file that holds the scaling configuration.',
          },
        ],
  );

const chosen = (drafts: readonly Draft[], service: string | undefined): readonly Draft[] => {
  if (service === undefined || drafts.length === 1) return drafts;
  const wanted = drafts.filter((draft) => draft.name === service);
  if (wanted.length > 0) return wanted;
  throw new BadInput([
    {
      path: '--service',
      found: JSON.stringify(service),
      expected: `one of ${drafts.map(({ name }) => name).join(', ')}`,
      mend: 'Name one of them, or leave it out to import all.',
    },
  ]);
};

/** Names as a config takes them, each once. */
const named = (drafts: readonly Draft[], service: string | undefined): ReadonlyMap<string, Draft> => {
  const byName = new Map<string, Draft>();
  for (const draft of drafts) {
    const wanted = drafts.length === 1 && service !== undefined ? service : draft.name;
    const clean =
      wanted
        .replace(/[^\w-]/g, '-')
        .replace(/^[^A-Za-z]+/, '')
        .slice(0, 60) || 'service';
    let name = clean;
    for (let i = 2; byName.has(name); i += 1) name = `${clean}-${i}`;
    if (name !== draft.name && service === undefined)
      draft.habit(
        `the name ${draft.name}`,
        name,
        'A service’s name is unique, and has letters, digits, "-" and "_".',
        '',
      );
    byName.set(name, draft);
  }
  return byName;
};

const checked = (drafts: ReadonlyMap<string, Draft>, notes: readonly ImportNote[]): ImportedConfig => {
  const ticks = [...drafts.values()].flatMap(({ tickSeconds }) => tickSeconds ?? []);
  const config: Config = {
    ...(ticks.length > 0 && { tickSeconds: Math.min(...ticks) }),
    services: Object.fromEntries([...drafts].map(([name, draft]) => [name, inOrder(draft.service)])),
  };
  const parsed = parseConfig(config);
  if (!parsed.ok)
    throw new BadInput(
      parsed.issues.map((issue) => ({ ...issue, path: `${originOf(issue.path, drafts)} → ${issue.path}` })),
    );
  return {
    config,
    notes: [...notes, ...[...drafts].flatMap(([name, draft]) => draft.notes.map((note) => placed(note, name)))],
    origins: Object.fromEntries([...drafts].map(([name, { origin, source }]) => [name, `${origin}, ${source.file}`])),
  };
};

const originOf = (path: string, drafts: ReadonlyMap<string, Draft>): string =>
  drafts.get(path.split('.')[1] ?? '')?.source.place ?? [...drafts.values()][0]?.source.place ?? '';

/** Below a service unless it is a setting of the whole config. */
const placed = ({ at, ...note }: ImportNote, service: string): ImportNote => {
  if (at === undefined) return note;
  if (at === 'tickSeconds') return { ...note, at };
  return { ...note, at: at === '' ? `services.${service}` : `services.${service}.${at}` };
};

const order: readonly (keyof ServiceInput)[] = [
  'queue',
  'queues',
  'alb',
  'worker',
  'slo',
  'tasks',
  'mode',
  'policy',
  'signals',
  'behavior',
  'timeZone',
  'schedule',
  'fallback',
];

const inOrder = (service: ServiceInput): ServiceInput =>
  Object.fromEntries(order.flatMap((key) => (service[key] === undefined ? [] : [[key, service[key]]])));
