import type { z } from 'zod';
import { configSchema } from './schema/config-schema.ts';
import type { FieldNote } from './schema/field.ts';
import { policyShapes } from './schema/policy-schema.ts';

/** docs/configuration.md, made from the schema: one table for each object. */
export const configReference = (): string =>
  [
    '# Configuration',
    '',
    '<!-- Made by `npm run docs` from lib/config/schema: change it there. -->',
    '',
    'A config is a `.ts` file with `export default defineConfig({ … })`, or a `.json` file. Only `services` is required.',
    '`npm run -s sluice -- validate` checks one and says what it understood.',
    '',
    ...section('Top level', configSchema),
    '## Policies',
    '',
    'A policy is an object with a `type`. Any policy can be a member (`of`) of `max`, `any`, `all` or `vote`.',
    '',
    ...policyShapes.flatMap((shape) =>
      section(
        typesOf(shape)
          .map((type) => `\`${type}\``)
          .join(', '),
        shape,
        3,
      ),
    ),
    ...scheduleRules,
  ].join('\n');

const scheduleRules: readonly string[] = [
  '## How a schedule is read',
  '',
  '- The first window in the list that fits wins; the order is the priority. `validate` names windows that can never win.',
  '- What counts is the wall clock at that instant. A local time that a DST gap leaves out never comes: a window from 02:30 then begins at 03:00. One that an overlap repeats comes twice.',
  '- `from` is inside, `to` is not. A window over midnight belongs to the day on which it starts, also for holidays and dates.',
  '- A holiday counts as `weekends`, never as `weekdays`; a window for `holidays` goes first when it stands first. A list of days goes by the weekday alone.',
  '- A window is the more specific word: a floor above `tasks.max` or a ceiling below `tasks.min` wins inside it, with a warning.',
  '',
];

interface Row {
  readonly name: string;
  readonly takes: string;
  readonly unit: string;
  readonly fallback: string;
  readonly description: string;
}
interface Nested {
  readonly title: string;
  readonly schema: z.core.$ZodType;
}

const section = (title: string, schema: z.core.$ZodType, level = 2): readonly string[] => {
  const fields = Object.entries(shapeOf(schema) ?? {}).filter(([name]) => name !== 'type');
  const about = noteOf(schema).description;
  return [
    `${'#'.repeat(level)} ${title}`,
    '',
    ...(level === 3 && about ? [about, ''] : []),
    ...(fields.length > 0
      ? [
          '| Field | Takes | Unit | Default | Meaning |',
          '|---|---|---|---|---|',
          ...fields.map(([name, field]) => line(row(name, field))),
          '',
        ]
      : []),
    ...fields
      .flatMap(([name, field]) => nestedIn(title, name, field))
      .flatMap((nested) => section(nested.title, nested.schema, level)),
  ];
};

const line = ({ name, takes, unit, fallback, description }: Row): string =>
  `| ${[`\`${name}\``, takes, unit, fallback, description].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const row = (name: string, field: z.core.$ZodType): Row => {
  const { description = '', unit = '–', fallback } = noteOf(field);
  return { name, takes: takesOf(field), unit, fallback: fallback ?? defaultOf(field), description };
};

/** Objects inside a field get a table of their own; policies have their own part of the page. */
const nestedIn = (title: string, name: string, field: z.core.$ZodType): readonly Nested[] => {
  const inner = objectIn(field);
  if (!inner) return [];
  const parent = title === 'Top level' ? '' : `${title.replaceAll('`', '')}.`;
  const mark = isList(field) ? '[]' : isRecord(field) ? '.NAME' : '';
  return [{ title: `\`${parent}${name}${mark}\``, schema: inner }];
};

type Def = {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly defaultValue?: unknown;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly discriminator?: string;
};
const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as unknown as Def;

/** The schema and what it wraps, outermost first. */
const layers = (schema: z.core.$ZodType): readonly z.core.$ZodType[] => {
  const { innerType } = defOf(schema);
  return innerType ? [schema, ...layers(innerType)] : [schema];
};

type Meta = Partial<FieldNote> & { readonly takes?: string };
const metaOf = (schema: z.core.$ZodType): Meta => ((schema as z.ZodType).meta() ?? {}) as Meta;
const noteOf = (schema: z.core.$ZodType): Partial<FieldNote> => metaOf(schema);

const takesOf = (field: z.core.$ZodType): string => {
  const said = layers(field)
    .map((layer) => metaOf(layer).takes)
    .find((takes) => takes !== undefined);
  if (said !== undefined) return said;
  if (isPolicy(field)) return defOf(core(field)).type === 'lazy' ? 'a list of policies' : 'a policy';
  return isList(field) ? 'a list' : 'an object';
};

const defaultOf = (field: z.core.$ZodType): string => {
  const filled = layers(field)
    .map(defOf)
    .find(({ type }) => type === 'default');
  return filled ? `\`${JSON.stringify(filled.defaultValue)}\`` : 'required';
};

const core = (field: z.core.$ZodType): z.core.$ZodType => layers(field).at(-1) ?? field;
const isList = (field: z.core.$ZodType): boolean => defOf(core(field)).type === 'array';
const isRecord = (field: z.core.$ZodType): boolean => defOf(core(field)).type === 'record';
const isPolicy = (field: z.core.$ZodType): boolean => ['lazy', 'union'].includes(defOf(core(field)).type);
const shapeOf = (schema: z.core.$ZodType): Def['shape'] => defOf(core(schema)).shape;

const objectIn = (field: z.core.$ZodType): z.core.$ZodType | undefined => {
  const def = defOf(core(field));
  if (def.type === 'object') return core(field);
  if (def.type === 'array' && def.element) return objectIn(def.element);
  if (def.type === 'record' && def.valueType) return objectIn(def.valueType);
  if (def.type !== 'union' || def.discriminator !== undefined) return undefined;
  return def.options?.map(objectIn).find((inner) => inner !== undefined);
};

const typesOf = (shape: z.core.$ZodType): readonly string[] => {
  const { values, entries } = defOf(shapeOf(shape)?.type ?? shape);
  return values?.map(String) ?? Object.values(entries ?? {});
};
