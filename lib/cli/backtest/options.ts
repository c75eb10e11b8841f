import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import { readOptions, type SimulateOptions, type TextOptions } from '../simulate/options.ts';

/** Where the past comes from. */
export type PastSource =
  | {
      readonly kind: 'cloudwatch';
      readonly queue: string;
      readonly service?: { readonly cluster: string; readonly name: string };
    }
  | { readonly kind: 'history' | 'trace'; readonly file: string };

export interface BacktestOptions {
  readonly source: PastSource;
  /** Absent: all of a file. */
  readonly days?: number;
  /** Run time, concurrency and start delay that were not given are worked out later, so they are not in here. */
  readonly given: { readonly serviceSeconds: boolean; readonly concurrency: boolean; readonly start: boolean };
  readonly simulate: SimulateOptions;
  readonly quick: boolean;
  readonly name?: string;
  readonly image?: string;
  readonly write?: string;
  readonly save?: string;
  readonly force: boolean;
  readonly out?: string;
  readonly json: boolean;
}

export const defaultBacktestPolicies = 'static,targetTracking,cdkQueueProcessing,keda,copilot,slo';
const cloudWatchDays = 14;

/** @throws BadInput with all that is wrong at once. */
export const readBacktestOptions = (text: TextOptions): BacktestOptions => {
  const issues: InputIssue[] = [];
  const source = readSource(text, issues);
  const name = word(text, 'name');
  if (name !== undefined && !/^[A-Za-z][\w-]{0,63}$/.test(name))
    issues.push({
      path: '--name',
      found: `"${name}"`,
      expected: 'a letter, then letters, digits, "-" or "_", at most 64',
      mend: 'Try --name convert.',
    });
  const write = word(text, 'write');
  if (write !== undefined && !/\.(json|ts)$/.test(write))
    issues.push({
      path: '--write',
      found: write,
      expected: 'a name that ends in .json or .ts',
      mend: `Try ${write}.json.`,
    });
  const save = word(text, 'save');
  if (save !== undefined && source.kind === 'trace')
    issues.push({
      path: '--save',
      found: 'a trace as the source',
      expected: 'recorded metrics',
      mend: 'Leave it out.',
    });
  const simulate = readSimulate({ ...text, trace: labelOf(source) }, issues);
  if (simulate === undefined || issues.length > 0) throw new BadInput(issues);
  const days = simulate.days ?? (source.kind === 'cloudwatch' ? cloudWatchDays : undefined);
  const image = word(text, 'image');
  const out = word(text, 'out');
  return {
    source,
    ...(days !== undefined && { days }),
    given: {
      serviceSeconds: simulate.serviceSeconds !== undefined,
      concurrency: text.concurrency !== undefined,
      start: text.startSeconds !== undefined,
    },
    simulate,
    quick: text.quick === true,
    ...(name !== undefined && { name }),
    ...(image !== undefined && { image }),
    ...(write !== undefined && { write }),
    ...(save !== undefined && { save }),
    force: text.force === true,
    ...(out !== undefined && { out }),
    json: text.json === true,
  };
};

export const labelOf = (source: PastSource): string =>
  source.kind === 'cloudwatch' ? `queue ${source.queue}` : source.file;

const word = (text: TextOptions, option: string): string | undefined => {
  const value = text[option];
  return typeof value === 'string' ? value : undefined;
};

/** What `simulate` asks for and a backtest takes from the past instead stands at its neutral value. */
const readSimulate = (text: TextOptions, issues: InputIssue[]): SimulateOptions | undefined => {
  try {
    const neutral = { scale: '1', from: '0', initial: '0', start: '2026-01-05T00:00:00Z' };
    return readOptions({ ...neutral, ...text, concurrency: text.concurrency ?? '1' });
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    issues.push(...error.issues);
    return undefined;
  }
};

const readSource = (text: TextOptions, issues: InputIssue[]): PastSource => {
  const [queue, history, trace] = [word(text, 'queue'), word(text, 'history'), word(text, 'trace')];
  const [cluster, name] = [word(text, 'cluster'), word(text, 'ecsService')];
  const named = [queue, history, trace].filter((one) => one !== undefined);
  if (named.length !== 1)
    issues.push({
      path: '--queue, --history, --trace',
      found: named.length === 0 ? 'none of them' : `${named.length} of them`,
      expected: 'one source',
      mend: 'Try --queue NAME --cluster NAME --ecs-service NAME, or --trace FILE.',
    });
  if ((cluster === undefined) !== (name === undefined) || (cluster !== undefined && queue === undefined))
    issues.push({
      path: '--cluster, --ecs-service',
      found: [queue, cluster, name].some((one) => one !== undefined) ? 'only a part' : 'nothing',
      expected: 'both, beside --queue',
      mend: 'Give both, or neither: then nothing is known of what you have today.',
    });
  if (queue !== undefined)
    return {
      kind: 'cloudwatch',
      queue,
      ...(cluster !== undefined && name !== undefined && { service: { cluster, name } }),
    };
  return history !== undefined ? { kind: 'history', file: history } : { kind: 'trace', file: trace ?? '' };
};
