import { z } from 'zod';

// Building blocks of the schema. Every message is the text after "expected": one wording for a check and for its error.

/** What the reference says of a field. `fallback` is for defaults that depend on something else. */
export type FieldNote = {
  readonly description: string;
  readonly unit?: string;
  readonly fallback?: string;
};

export const note = (description: string, more: Omit<FieldNote, 'description'> = {}): FieldNote => ({
  description,
  ...more,
});

export const wholeNumber = (min: number, max?: number) => {
  const error = `a whole number ${rangeText(min, max)}`;
  const schema = z.int({ error }).min(min, { error });
  return (max === undefined ? schema : schema.max(max, { error })).meta({ takes: error });
};

/** `above`: the lower end is exclusive. */
export const decimal = (min: number, max?: number, { above = false } = {}) => {
  const error = above
    ? `a number above ${min}${max === undefined ? '' : ` and at most ${max}`}`
    : `a number ${rangeText(min, max)}`;
  const number = z.number({ error });
  const schema = above ? number.gt(min, { error }) : number.min(min, { error });
  return (max === undefined ? schema : schema.max(max, { error })).meta({ takes: error });
};

export const anyNumber = () => z.number({ error: 'a number' }).meta({ takes: 'a number' });

export const text = (takes: string, fits: (value: string) => boolean = (value) => value.length > 0) =>
  z.string({ error: takes }).refine(fits, { error: takes }).meta({ takes });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) => {
  const takes = choices(values);
  return z.enum(values, { error: takes }).meta({ takes });
};

export const record = <T extends z.ZodType>(shape: T) => {
  const takes = 'an object { name: … }';
  return z.record(z.string(), shape, { error: takes }).meta({ takes });
};

export const listOf = <T extends z.ZodType>(item: T, takes: string, atLeast = 1) =>
  z.array(item, { error: takes }).min(atLeast, { error: takes }).meta({ takes });

/** An object that knows all its keys. For an unknown one the message is the list of the known ones. */
export const group = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(keySeparator) : 'an object { … }'),
  });

export const keySeparator = ', ';

export const choices = (values: readonly string[]): string => {
  const quoted = values.map((value) => `"${value}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
};

/** The rest of an issue that a rule of our own finds: what the standard checks cannot say. */
export interface RuleBroken {
  readonly found: string;
  readonly expected: string;
  readonly mend: string;
  /** Below the checked value. */
  readonly path?: readonly (string | number)[];
}

/** A check that sees a whole object. It runs once the object's own fields are right, whatever its neighbours are. */
export const rule =
  <T>(broken: (value: T) => RuleBroken | undefined): ((value: T, context: z.core.$RefinementCtx<T>) => void) =>
  (value, context) => {
    const found = broken(value);
    if (!found) return;
    const { path = [], ...params } = found;
    context.addIssue({ code: 'custom', path: [...path], params, message: params.expected });
  };

const rangeText = (min: number, max: number | undefined): string =>
  max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
