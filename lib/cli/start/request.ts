import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultConfigFile } from '../../config/load.ts';
import { nearest } from '../../config/nearest.ts';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { Seconds } from '../../model/units.ts';
import { isPackaged, packageRoot, programFile } from '../../package-files.ts';
import { parseTrace, type TraceBucket } from '../../simulate/trace-file.ts';

/** What entries of workers are relative to. */
export const projectDirectory = isPackaged ? process.cwd() : packageRoot;

/** The options of `start` as the command line gives them. */
export interface StartOptions {
  readonly example?: string;
  readonly config?: string;
  readonly minutes: string;
  readonly trace?: string;
  readonly seed: string;
  readonly killOneAt: readonly string[];
  readonly startSeconds: string;
  readonly out: string;
  readonly json?: boolean;
}

/** The same, checked. */
export interface StartRequest {
  readonly title: string;
  /** Absolute path of the CDK app. */
  readonly app: string;
  readonly context: Readonly<Record<string, string>>;
  /** Absolute path of the module with the example's load; absent for a config of the user's. */
  readonly loadModule?: string;
  /** Absolute path of the module that shows the example's job API. */
  readonly tourModule?: string;
  readonly minutes: number;
  readonly trace?: { readonly file: string; readonly buckets: readonly TraceBucket[] };
  readonly seed: number;
  readonly killOneAt: readonly Seconds[];
  readonly startSeconds: Seconds;
  readonly outDirectory: string;
  readonly json: boolean;
}

/** Checks the options and the files they name. Throws BadInput with all that is wrong. */
export const readRequest = (options: StartOptions): StartRequest => {
  const issues: InputIssue[] = [];
  const inRange = (name: string, text: string, range: Range): number => {
    const value = Number(text);
    const fits =
      text.trim() !== '' && value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value));
    if (!fits) issues.push(rangeIssue(name, text, range));
    return value;
  };
  const numbers = {
    // The control plane forgets stopped tasks after an hour, and with them their cost.
    minutes: inRange('--minutes', options.minutes, { min: 0.1, max: 45, unit: 'minutes' }),
    seed: inRange('--seed', options.seed, { min: 0, max: 2 ** 32 - 1, whole: true, unit: '' }),
    startSeconds: inRange('--start-seconds', options.startSeconds, { min: 0.1, max: 300, unit: 'seconds' }),
    killOneAt: options.killOneAt.map((at) => inRange('--kill-one-at', at, { min: 0, max: 45 * 60, unit: 'seconds' })),
  };
  const what = collect(issues, () => whatToRun(options));
  const trace = options.trace;
  const buckets = trace === undefined ? undefined : collect(issues, () => readTrace(trace));
  if (issues.length > 0 || what === undefined) throw new BadInput(issues);
  return {
    ...what,
    ...numbers,
    ...(trace === undefined || buckets === undefined ? {} : { trace: { file: trace, buckets } }),
    outDirectory: resolve(options.out),
    json: options.json === true,
  };
};

type WhatToRun = Pick<StartRequest, 'title' | 'app' | 'context' | 'loadModule' | 'tourModule'>;

const whatToRun = ({ example, config }: StartOptions): WhatToRun => {
  if (example !== undefined && config !== undefined) {
    throw issue('--example', 'both --example and --config', 'one of them', 'Leave one out.');
  }
  if (config !== undefined) return configToRun(config);
  // The published package has no examples; who has a config there means it.
  if (example === undefined && isPackaged) return configToRun(defaultConfigFile);
  return exampleToRun(example ?? 'quickstart');
};

const configToRun = (config: string): Pick<StartRequest, 'title' | 'app' | 'context'> => {
  const file = resolve(config);
  if (!existsSync(file)) throw issue('--config', `${config}, which is not there`, 'a config file', 'Check the path.');
  return { title: config, app: programFile('bin/app'), context: { config: file } };
};

const exampleToRun = (name: string): WhatToRun => {
  const known = knownExamples();
  if (!known.includes(name)) {
    const near = nearest(name, known);
    throw issue(
      '--example',
      name,
      `one of ${known.join(', ')}`,
      near === undefined ? 'Take one of these.' : `Did you mean ${near}?`,
    );
  }
  const folder = join(examples, name);
  const loadModule = join(folder, 'load.ts');
  const tourModule = join(folder, 'tour.ts');
  return {
    title: name,
    app: join(folder, 'app.ts'),
    context: {},
    ...(existsSync(loadModule) ? { loadModule } : {}),
    ...(existsSync(tourModule) ? { tourModule } : {}),
  };
};

/** Every folder of `examples/` with an app. */
export const knownExamples = (): readonly string[] =>
  isPackaged
    ? []
    : readdirSync(examples, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(entry.parentPath, entry.name, 'app.ts')))
        .map((entry) => entry.name)
        .toSorted();

const examples = join(packageRoot, 'examples');

const readTrace = (file: string): readonly TraceBucket[] => {
  if (!existsSync(file)) throw issue('--trace', `${file}, which is not there`, 'a CSV file', 'Check the path.');
  return parseTrace(readFileSync(file, 'utf8'), file);
};

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly unit: string;
}

const rangeIssue = (path: string, text: string, { min, max, whole, unit }: Range): InputIssue => ({
  path,
  found: text === '' ? 'nothing' : text,
  expected: `a ${whole ? 'whole ' : ''}number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`,
  mend: `Give ${path} such a number.`,
});

const issue = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);

/** Bad input is gathered, so that all of it is said at once. */
const collect = <T>(issues: InputIssue[], read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    issues.push(...error.issues);
    return undefined;
  }
};
