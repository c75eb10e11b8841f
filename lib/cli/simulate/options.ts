import { nearest } from '../../config/nearest.ts';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import type { EpochSeconds, Percent, Seconds } from '../../model/units.ts';
import { type PolicyChoice, policyChoice, policyNames } from '../../simulate/policy-name.ts';
import { type WorldName, worlds } from '../../simulate/world.ts';

/** As commander hands them over. */
export type TextOptions = Readonly<Record<string, string | boolean | undefined>>;

export interface SimulateOptions {
  readonly trace: string;
  readonly percent: Percent;
  readonly startWithinSeconds: Seconds;
  /** Absent: the trace says it. */
  readonly serviceSeconds?: Seconds;
  readonly serviceCv: number;
  readonly concurrency: number;
  readonly startMedianSeconds: Seconds;
  readonly startP95Seconds: Seconds;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly scale: number;
  /** Mean work in tasks. Present: `scale` is not looked at. */
  readonly load?: number;
  readonly fromDays: number;
  readonly days?: number;
  readonly policies: readonly { readonly name: string; readonly choice: PolicyChoice }[];
  readonly tickSeconds: Seconds;
  readonly seed: number;
  readonly world: WorldName;
  readonly protect: boolean;
  readonly stopTimeoutSeconds: Seconds;
  readonly visibilitySeconds: Seconds;
  readonly startEpoch: EpochSeconds;
  readonly vcpu: number;
  readonly gb: number;
  readonly architecture: 'x86' | 'arm64';
  readonly out?: string;
  readonly json: boolean;
}

export const defaultPolicies = policyNames.join(',');

export const startP95Factor = 2.14;

/** @throws BadInput with all that is wrong at once. */
export const readOptions = (text: TextOptions): SimulateOptions => {
  const issues: InputIssue[] = [];
  const number = (option: string, check: Check): number => readNumber(text, option, check, issues) ?? 0;
  const optional = (option: string, check: Check): number | undefined => readNumber(text, option, check, issues);
  const world = oneOf(text, 'world', Object.keys(worlds) as WorldName[], issues) ?? 'realistic';
  const ofWorld = worlds[world].startDelay;
  const median = optional('start-seconds', positive);
  const p95 = optional('start-p95', positive);
  const startMedianSeconds = median ?? ofWorld.medianSeconds;
  const serviceSeconds = optional('service-seconds', positive);
  const load = optional('load', positive);
  const days = optional('days', positive);
  const options: SimulateOptions = {
    trace: String(text.trace),
    percent: number('slo-percent', { is: (x) => x > 0 && x < 100, expected: 'a percentage above 0 and below 100' }),
    startWithinSeconds: number('slo-seconds', positive),
    ...(serviceSeconds !== undefined && { serviceSeconds }),
    serviceCv: number('service-cv', notNegative),
    concurrency: number('concurrency', wholeFrom(1, 100)),
    startMedianSeconds,
    startP95Seconds: p95 ?? (median === undefined ? ofWorld.p95Seconds : startP95Factor * median),
    min: number('min', wholeFrom(0, tasksMost)),
    max: number('max', wholeFrom(1, tasksMost)),
    initial: number('initial', wholeFrom(0, tasksMost)),
    scale: number('scale', positive),
    ...(load !== undefined && { load }),
    fromDays: number('from', notNegative),
    ...(days !== undefined && { days }),
    policies: readPolicies(String(text.policies ?? defaultPolicies), issues),
    tickSeconds: number('tick', { is: (x) => x >= 1 && x <= 3600, expected: 'seconds from 1 to 3600' }),
    seed: number('seed', wholeFrom(0, Number.MAX_SAFE_INTEGER)),
    world,
    protect: text.protect !== false,
    stopTimeoutSeconds: number('stop-timeout', notNegative),
    visibilitySeconds: number('visibility', notNegative),
    startEpoch: readInstant(text, 'start', issues),
    vcpu: number('vcpu', positive),
    gb: number('gb', positive),
    architecture: oneOf(text, 'arch', ['x86', 'arm64'], issues) ?? 'x86',
    ...(typeof text.out === 'string' && { out: text.out }),
    json: text.json === true,
  };
  if (issues.length === 0) checkTogether(options, issues);
  if (issues.length > 0) throw new BadInput(issues);
  return options;
};

interface Check {
  readonly is: (x: number) => boolean;
  readonly expected: string;
}

const tasksMost = 100_000;
const positive: Check = { is: (x) => x > 0, expected: 'a number above 0' };
const notNegative: Check = { is: (x) => x >= 0, expected: 'a number of 0 or more' };
const wholeFrom = (low: number, high: number): Check => ({
  is: (x) => Number.isInteger(x) && x >= low && x <= high,
  expected: high === Number.MAX_SAFE_INTEGER ? `a whole number from ${low}` : `a whole number from ${low} to ${high}`,
});

/** `--slo-seconds` as commander names it: `sloSeconds`. */
const given = (text: TextOptions, option: string): string | undefined => {
  const value = text[option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  return typeof value === 'string' ? value : undefined;
};

const readNumber = (text: TextOptions, option: string, check: Check, issues: InputIssue[]): number | undefined => {
  const word = given(text, option);
  if (word === undefined) return undefined;
  const value = word.trim() === '' ? Number.NaN : Number(word);
  if (Number.isFinite(value) && check.is(value)) return value;
  issues.push({
    path: `--${option}`,
    found: JSON.stringify(word),
    expected: check.expected,
    mend: '`--help` lists all options.',
  });
  return undefined;
};

const oneOf = <T extends string>(
  text: TextOptions,
  option: string,
  words: readonly T[],
  issues: InputIssue[],
): T | undefined => {
  const word = given(text, option);
  const found = words.find((candidate) => candidate === word);
  if (found !== undefined || word === undefined) return found;
  issues.push({ path: `--${option}`, found: `"${word}"`, expected: words.join(', '), mend: suggestion(word, words) });
  return undefined;
};

const readInstant = (text: TextOptions, option: string, issues: InputIssue[]): EpochSeconds => {
  const word = given(text, option) ?? '';
  const at = /(?:Z|[+-]\d\d:?\d\d)$/.test(word) ? Date.parse(word) / 1000 : Number.NaN;
  if (!Number.isNaN(at) && at > 0) return at;
  issues.push({
    path: `--${option}`,
    found: `"${word}"`,
    expected: 'ISO 8601 with a zone, after 1970',
    mend: 'Try --start 2026-01-05T00:00:00Z.',
  });
  return 0;
};

const readPolicies = (list: string, issues: InputIssue[]): SimulateOptions['policies'] => {
  const names = [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0)
    issues.push({
      path: '--policies',
      found: 'no name',
      expected: 'names, by commas',
      mend: `Known: ${policyNames.join(', ')}.`,
    });
  return names.flatMap((name) => {
    const choice = policyChoice(name);
    if (choice) return [{ name, choice }];
    const isConfig = name.startsWith('config:');
    issues.push({
      path: '--policies',
      found: `"${name}"`,
      expected: isConfig
        ? 'config:FILE#SERVICE'
        : `one of ${policyNames.join(', ')}, each also with :tuned, or config:FILE#SERVICE`,
      mend: isConfig
        ? 'Name the file and, after #, a service of it.'
        : suggestion(
            name,
            policyNames.flatMap((n) => [n, `${n}:tuned`]),
          ),
    });
    return [];
  });
};

const suggestion = (word: string, words: readonly string[]): string => {
  const close = nearest(word, words);
  return close === undefined ? 'Name one of them.' : `Did you mean "${close}"?`;
};

const checkTogether = (options: SimulateOptions, issues: InputIssue[]): void => {
  const { min, max, initial, startMedianSeconds, startP95Seconds } = options;
  if (min > max)
    issues.push({
      path: '--min',
      found: String(min),
      expected: `at most --max, ${max}`,
      mend: 'Raise --max or lower --min.',
    });
  if (min <= max && initial > max)
    issues.push({ path: '--initial', found: String(initial), expected: `at most --max, ${max}`, mend: 'Lower it.' });
  if (startP95Seconds < startMedianSeconds)
    issues.push({
      path: '--start-p95',
      found: `${startP95Seconds} s`,
      expected: `at least the median, ${startMedianSeconds} s`,
      mend: 'Raise it, or lower --start-seconds.',
    });
};
