import { z } from 'zod';
import { usageFileSchema } from './usage-file-schema.ts';

/** `docs/usage.schema.json`: what other programs write for us, and editors complete. */
export const usageJsonSchema = (): string =>
  `${JSON.stringify(
    {
      title: 'Sluice usage file',
      ...z.toJSONSchema(usageFileSchema, {
        io: 'input',
        unrepresentable: 'any',
        override: ({ jsonSchema }) => withoutNotes(jsonSchema),
      }),
    },
    null,
    2,
  )}\n`;

/** `takes`, `unit` and the like are for our own pages. */
const withoutNotes = (schema: Record<string, unknown>): void => {
  for (const key of ['takes', 'unit', 'fallback']) delete schema[key];
};
