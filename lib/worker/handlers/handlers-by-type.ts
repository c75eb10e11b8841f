import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Seconds } from '../../model/units.ts';
import type { Job, JobContext, JobOutcome } from '../job.ts';
import { createGate } from './gate.ts';
import type { JobHandlers, JobRules, PreparedJob } from './job-handlers.ts';
import { PermanentFailure } from './permanent-failure.ts';

/** A job whose payload has been checked: what its schema made of the body's JSON, or without a schema the body's text. */
export type TypedJob<Payload> = Job & { readonly payload: Payload };

/** A module whose default export works on jobs in a thread of its own: for work that would block the event loop. */
export interface FileHandler {
  /** A path relative to the working directory, or a `file:` URL (`new URL('./encode.ts', import.meta.url)`). */
  readonly file: string | URL;
}

/** What a module named by a `FileHandler` exports as default. A cancelled or timed out job ends with its thread. */
export type ThreadHandler<Payload = unknown> = (
  job: TypedJob<Payload>,
) => Promise<JobOutcome | undefined> | Promise<void> | JobOutcome | undefined;

/** A handler for one type of jobs, and the rules of the type; the rest is as the worker's settings say. */
export interface JobType<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /** Any Standard Schema: zod, valibot, arktype … A body that it refuses is not retried. */
  readonly schema?: Schema;
  readonly handler:
    | ((
        job: TypedJob<StandardSchemaV1.InferOutput<Schema>>,
        context: JobContext,
      ) => Promise<JobOutcome | undefined> | Promise<void>)
    | FileHandler;
  readonly retry?: {
    /** Tries after the first one. */
    readonly retries?: number;
    /** The first back-off; each further failure doubles it. */
    readonly baseSeconds?: Seconds;
  };
  readonly deadlineSeconds?: Seconds;
  /** At most so many at a time in this task. The others of the type wait in their slots. */
  readonly concurrency?: number;
}

/** Handlers by the message attribute `jobType`; each payload has the type that its schema gives. */
export type JobTypes<Schemas extends Record<string, StandardSchemaV1>> = {
  readonly [Type in keyof Schemas]: JobType<Schemas[Type]>;
};

/** Runs a job in a thread. */
export type RunInThread = (file: string | URL, job: TypedJob<unknown>, signal: AbortSignal) => Promise<unknown>;

export const handlersByType = <Schemas extends Record<string, StandardSchemaV1>>(
  types: JobTypes<Schemas>,
  defaults: JobRules,
  runInThread: RunInThread,
): JobHandlers => {
  // Type names come from messages: `constructor` must be as unknown as any other.
  const prepared = new Map(
    // A handler takes what its own schema makes; that the two belong together is checked where they are given.
    Object.entries(types as unknown as Readonly<Record<string, JobType>>).map(([name, type]) => [
      name,
      prepareType(type, defaults, runInThread),
    ]),
  );
  return {
    defaults,
    prepare: (job) => {
      const prepare = job.type === undefined ? undefined : prepared.get(job.type);
      if (prepare === undefined) throw unknownType(job.type, [...prepared.keys()]);
      return prepare(job);
    },
  };
};

const prepareType = (
  { schema, handler, retry, deadlineSeconds, concurrency }: JobType,
  defaults: JobRules,
  runInThread: RunInThread,
): ((job: Job) => PreparedJob | Promise<PreparedJob>) => {
  const deadline = deadlineSeconds ?? defaults.deadlineSeconds;
  const rules: JobRules = {
    retries: retry?.retries ?? defaults.retries,
    retrySeconds: retry?.baseSeconds ?? defaults.retrySeconds,
    ...(deadline === undefined ? {} : { deadlineSeconds: deadline }),
  };
  const gate = concurrency === undefined ? {} : { gate: createGate(concurrency) };
  const withPayload = (job: Job, payload: unknown): PreparedJob => {
    const typed = { ...job, payload };
    return {
      rules,
      ...gate,
      run: async (context) => {
        if (typeof handler === 'function') return (await handler(typed, context)) ?? undefined;
        return ((await runInThread(handler.file, typed, context.signal)) ?? undefined) as JobOutcome | undefined;
      },
    };
  };
  if (schema === undefined) return (job) => withPayload(job, job.body);
  return async (job) => withPayload(job, await parsed(schema, job));
};

const parsed = async (schema: StandardSchemaV1, job: Job): Promise<unknown> => {
  const result = await schema['~standard'].validate(jsonOf(job.body));
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ path = [], message }) => [pathText(path), message].filter(Boolean).join(': '));
  throw new PermanentFailure(issues.join('; '), { reason: 'invalidPayload' });
};

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new PermanentFailure('the body is no JSON', { reason: 'invalidPayload', cause });
  }
};

const pathText = (path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string =>
  path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');

const unknownType = (type: string | undefined, known: readonly string[]): PermanentFailure =>
  new PermanentFailure(
    `${type === undefined ? 'the message has no attribute jobType' : `no handler for type ${JSON.stringify(type)}`}; known: ${known.join(', ')}`,
    { reason: 'unknownType' },
  );
