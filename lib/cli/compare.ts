import type { Command } from 'commander';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import { BadInput } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import { isoUtc } from '../report/why/times.ts';
import { compareShadow } from '../simulate/shadow/compare-shadow.ts';
import { openSource, type SourceOptions } from './operate/decision-source.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { renderComparison, usdPerTaskHour } from './operate/render-comparison.ts';
import { sourceOptions } from './operate/source-options.ts';
import { parseWhen } from './operate/when.ts';

export const define = (command: Command): void => {
  sourceOptions(command)
    .description(
      'What the present autoscaler made of the jobs in a decision log, and what Sluice would have made of them: the same jobs, counts and simulator. For services in shadow mode.',
    )
    .argument('<service>', 'the service')
    .option('--from <time>', 'ISO 8601, "02:41" (UTC) or "6h ago" (default: a day before --to)')
    .option('--to <time>', 'the same (default: now, or the end of the file)')
    .option('--service-seconds <s>', 'how long a job takes (default: what the log tells, else the config’s priors)')
    .option('--seed <n>', 'equal seeds give equal answers', '1')
    .option('--json', 'one JSON document')
    .action(compare);
};

interface Options extends SourceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly serviceSeconds?: string;
  readonly seed: string;
  readonly json?: true;
}

const compare = async (service: string, options: Options): Promise<void> => {
  const seed = numberOf('--seed', options.seed, 0, 2 ** 31);
  const serviceSeconds =
    options.serviceSeconds === undefined
      ? undefined
      : numberOf('--service-seconds', options.serviceSeconds, 0.001, 43_200);
  const source = await openSource(options, Date.now() / 1000);
  requireService(service, source.services, source.label);
  const plan = await planOf(service, options.config ?? defaultConfigFile);
  // The end is exclusive, and the last decision of a file belongs to it.
  const to = options.to === undefined ? source.endsAt + 1 : parseWhen('--to', options.to, source.endsAt);
  const from = options.from === undefined ? to - 86_400 : parseWhen('--from', options.from, source.endsAt);
  const records = await source.read(service, from, to);
  const compared = compareShadow(records, plan, { seed, ...(serviceSeconds !== undefined && { serviceSeconds }) });
  if (typeof compared === 'string') throw notComparable(compared, service, records.length, isoUtc(from), isoUtc(to));
  if (options.json) printJson({ source: source.label, usdPerTaskHour: usdPerTaskHour(plan), ...compared });
  else print(renderComparison(compared, plan, source.label));
};

const planOf = async (service: string, file: string): Promise<ServicePlan> => {
  const { plans } = await loadConfig(file);
  const plan = plans.find((one) => one.service === service);
  const bad = (found: string, expected: string, mend: string): BadInput =>
    new BadInput([{ path: file, found, expected, mend }]);
  if (plan === undefined)
    throw bad(
      `no service ${service}`,
      'the config of the service in the log',
      `It has ${plans.map((one) => one.service).join(', ')}; name another config with --config.`,
    );
  if (plan.queues.length === 0)
    throw bad(
      `the service ${service} without a queue`,
      'a service with one',
      'Jobs and waits are what is compared; "sluice log" lists the decisions of this one.',
    );
  return plan;
};

const notComparable = (
  why: 'noJobs' | 'noServiceTime' | 'tooShort',
  service: string,
  records: number,
  from: string,
  to: string,
): BadInput => {
  const span = `from ${from} to ${to}`;
  const issues = {
    noJobs: {
      found: `no job of ${service} ${span}`,
      expected: 'a stretch with jobs',
      mend: 'Choose another with --from and --to.',
    },
    tooShort: {
      found: `${records} decisions of ${service} ${span}, too few with known counts`,
      expected: 'at least two ticks',
      mend: 'Choose a longer stretch with --from and --to.',
    },
    noServiceTime: {
      found: 'a log that does not tell how long a job takes',
      expected: 'reports of the workers, deletes of the queue, or a number',
      mend: 'Give --service-seconds, or "priors": { "serviceSeconds": … } in the config.',
    },
  } as const;
  return new BadInput([{ path: 'compare', ...issues[why] }]);
};

const numberOf = (path: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new BadInput([
    {
      path,
      found: JSON.stringify(text),
      expected: `a number from ${min} to ${max}`,
      mend: `Give ${path} such a number.`,
    },
  ]);
};
