import { z } from 'zod';
import { BadInput, type InputIssue } from '../model/bad-input.ts';
import type { Seconds } from '../model/units.ts';
import type { WorkerQueue } from './queue/poll-order.ts';

/** What any task that works on jobs must know about itself. */
export interface TaskSettings {
  readonly service: string;
  /** The table of the beacon. Absent: no beacon. */
  readonly table?: string;
  /** Jobs at a time in this task. */
  readonly concurrency: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: Seconds;
  readonly beatSeconds: Seconds;
  /** Length of the windows in which custom signals are reported. */
  readonly signalSeconds: Seconds;
  /** How long an idle task stays protected from scale-in. */
  readonly protectionLingerSeconds: Seconds;
  /** Renewed at half of it while jobs run. */
  readonly protectionExpiryMinutes: number;
}

/** What a worker that takes jobs from queues must know about itself. */
export interface WorkerSettings extends TaskSettings {
  readonly queues: readonly WorkerQueue[];
  /** The first back-off of a failed job; each further failure doubles it. */
  readonly retrySeconds: Seconds;
  /** Tries of a failing job after the first one. */
  readonly retries: number;
  /** How long a job may run. Absent: as long as it takes. */
  readonly deadlineSeconds?: Seconds;
  /** Where payloads lie that are too large for a message. */
  readonly jobsBucket?: string;
  /** Absent: no health server. */
  readonly healthPort?: number;
  readonly healthHost?: string;
  /** Absent: what the container says of itself. */
  readonly memoryLimitMiB?: number;
}

/** What the caller gives wins over the environment (docs/architecture.md, "Worker container environment"). */
export type WorkerSettingsInput = { readonly [K in keyof WorkerSettings]?: WorkerSettings[K] | undefined };

/** @throws BadInput that names each variable which is missing or wrong. */
export const readWorkerSettings = (given: WorkerSettingsInput, environment: Environment): WorkerSettings => {
  const issues: InputIssue[] = [];
  const read = reader(given, environment, issues);
  const settings = {
    ...taskSettings(read),
    queues: read('queues', 'SLUICE_QUEUES', queuesJson, undefined),
    retrySeconds: read('retrySeconds', 'SLUICE_RETRY_SECONDS', notNegative, 60),
    retries: read('retries', 'SLUICE_RETRIES', wholeOrNone, 3),
    deadlineSeconds: read('deadlineSeconds', 'SLUICE_DEADLINE_SECONDS', positive, null),
    jobsBucket: read('jobsBucket', 'SLUICE_JOBS_BUCKET', text, null),
    healthPort: read('healthPort', 'SLUICE_HEALTH_PORT', port, null),
    healthHost: read('healthHost', 'SLUICE_HEALTH_HOST', text, null),
    memoryLimitMiB: read('memoryLimitMiB', 'SLUICE_MEMORY_LIMIT_MIB', positive, null),
  };
  if (issues.length > 0) throw new BadInput(issues);
  return withoutNulls(settings) as unknown as WorkerSettings;
};

/** The part that a task needs whose jobs do not come through our receive loop. @throws BadInput */
export const readTaskSettings = (
  given: { readonly [K in keyof TaskSettings]?: TaskSettings[K] | undefined },
  environment: Environment,
  taker: string,
): TaskSettings => {
  const issues: InputIssue[] = [];
  const settings = taskSettings(reader(given, environment, issues, taker));
  if (issues.length > 0) throw new BadInput(issues);
  return withoutNulls(settings) as unknown as TaskSettings;
};

const taskSettings = (read: Read): Readonly<Record<keyof TaskSettings, unknown>> => ({
  service: read('service', 'SLUICE_SERVICE', text, undefined),
  table: read('table', 'SLUICE_TABLE', text, null),
  concurrency: read('concurrency', 'SLUICE_CONCURRENCY', count, 1),
  stopTimeoutSeconds: read('stopTimeoutSeconds', 'SLUICE_STOP_TIMEOUT_SECONDS', positive, 120),
  beatSeconds: read('beatSeconds', 'SLUICE_BEAT_SECONDS', positive, 10),
  signalSeconds: read('signalSeconds', 'SLUICE_SIGNAL_SECONDS', windowLength, 60),
  protectionLingerSeconds: read('protectionLingerSeconds', 'SLUICE_PROTECTION_LINGER_SECONDS', notNegative, 5),
  protectionExpiryMinutes: read('protectionExpiryMinutes', 'SLUICE_PROTECTION_EXPIRY_MINUTES', count, 10),
});

const withoutNulls = (settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));

/** The part that a task without queues needs. @throws BadInput */
export const readSignalSettings = (
  given: { readonly [K in 'service' | 'table' | 'signalSeconds']?: WorkerSettings[K] | undefined },
  environment: Environment,
): Pick<WorkerSettings, 'service' | 'table' | 'signalSeconds'> => {
  const issues: InputIssue[] = [];
  const read = reader(given, environment, issues, 'reportSignals');
  const table = read('table', 'SLUICE_TABLE', text, '') as string;
  const signalSeconds = read('signalSeconds', 'SLUICE_SIGNAL_SECONDS', windowLength, 60) as Seconds;
  // Without a table nothing is reported, and nobody need say for whom.
  const service = read('service', 'SLUICE_SERVICE', text, table === '' ? '' : undefined) as string;
  if (issues.length > 0) throw new BadInput(issues);
  return { service, signalSeconds, ...(table === '' ? {} : { table }) };
};

type Environment = Readonly<Record<string, string | undefined>>;
type Read = (name: keyof WorkerSettings, variable: string, rule: Rule, fallback: unknown) => unknown;

interface Rule {
  readonly schema: z.ZodType<unknown>;
  readonly expected: string;
  readonly parse: (raw: string) => unknown;
}

const reader =
  (given: WorkerSettingsInput, environment: Environment, issues: InputIssue[], taker = 'runWorker'): Read =>
  (name, variable, rule, fallback) => {
    const raw = environment[variable];
    const fromEnvironment = raw === undefined || raw === '' ? fallback : rule.parse(raw);
    const value = given[name] ?? fromEnvironment;
    if (value === fallback && fallback !== undefined) return value;
    const result = rule.schema.safeParse(value);
    if (result.success) return result.data;
    issues.push({
      path: variable,
      found: given[name] === undefined ? (raw === undefined ? 'nothing' : JSON.stringify(raw)) : JSON.stringify(value),
      expected: rule.expected,
      mend: `Set ${variable}, or give ${taker} the option \`${name}\`.`,
    });
    return undefined;
  };

const text: Rule = { schema: z.string().min(1), expected: 'a name', parse: (raw) => raw };
const number = (schema: z.ZodType<unknown>, expected: string): Rule => ({ schema, expected, parse: Number });
const count = number(z.number().int().positive(), 'a whole number above 0');
const positive = number(z.number().positive(), 'a number above 0');
const windowLength = number(z.int().min(1).max(300), 'a whole number from 1 to 300');
const port = number(z.int().min(0).max(65_535), 'a port, 0 to 65535 (0: any free one)');
const wholeOrNone = number(z.int().nonnegative(), 'a whole number, 0 or more');
const notNegative = number(z.number().nonnegative(), 'a number, 0 or more');

const queuesJson: Rule = {
  schema: z
    .array(
      z.object({
        name: z.string().min(1),
        url: z.string().min(1),
        startWithinSeconds: z.number().positive(),
        fifo: z.boolean().default(false),
        deadLetterUrl: z.string().min(1).exactOptional(),
      }),
    )
    .min(1),
  expected: 'a JSON list of { name, url, startWithinSeconds, fifo, deadLetterUrl }',
  parse: (raw) => {
    try {
      return JSON.parse(raw);
    } catch {
      return undefined;
    }
  },
};
