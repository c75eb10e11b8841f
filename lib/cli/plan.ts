import type { Command } from 'commander';
import { type JobCapacity, jobCapacity } from '../capacity/job-capacity.ts';
import { type RequestCapacity, requestCapacity, usualProfile } from '../capacity/request-capacity.ts';
import { rulesOfThumb } from '../capacity/rules-of-thumb.ts';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import { BadInput } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import { fargatePrice, fargatePriceSource } from '../report/fargate-price.ts';
import { type NeededTasks, neededTasks } from './plan/needed-tasks.ts';

type TextOptions = Readonly<Record<string, string | boolean | undefined>>;

export const define = (command: Command): void => {
  command
    .option('--config <file>', 'the config with the service', defaultConfigFile)
    .option('--service <name>', 'which service of it; may be left out when there is one')
    .option('--jobs-per-hour <n>', 'throughput that is wanted')
    .option('--seconds-per-job <s>', 'run time of one job; otherwise priors.serviceSeconds')
    .option('--safety <factor>', 'tasks are multiplied by it', '1.3')
    .option('--region <name>', 'whose list prices', 'us-east-1')
    .option('--requests-per-day <n>', 'instead of jobs: the profile of a request/response workload')
    .option('--peak <factor>', 'peak over mean', String(usualProfile.peakMultiplier))
    .option('--response-kb <n>', 'size of a response', String(usualProfile.responseKb))
    .option('--cache-hit <share>', 'share of requests that the cache answers', String(usualProfile.cacheHit))
    .option('--json', 'one JSON document: { jobs | requests, simulated?, rulesOfThumb, prices }')
    .action(plan);
};

const plan = async (options: TextOptions): Promise<void> => {
  const perDay = number(options, 'requestsPerDay', '--requests-per-day');
  const document = perDay === undefined ? await forJobs(options) : forRequests(options, perDay);
  const whole = { ...document, rulesOfThumb, prices: fargatePriceSource };
  process.stdout.write(options.json ? `${JSON.stringify(whole, null, 2)}\n` : prose(whole));
};

interface Planned {
  readonly service?: string;
  readonly jobs?: JobCapacity;
  readonly simulated?: NeededTasks;
  readonly requests?: RequestCapacity;
}

const forRequests = (options: TextOptions, requestsPerDay: number): Planned => ({
  requests: requestCapacity({
    ...usualProfile,
    requestsPerDay,
    peakMultiplier: number(options, 'peak', '--peak') ?? usualProfile.peakMultiplier,
    responseKb: number(options, 'responseKb', '--response-kb') ?? usualProfile.responseKb,
    cacheHit: share(options),
  }),
});

const forJobs = async (options: TextOptions): Promise<Planned> => {
  const jobsPerHour = number(options, 'jobsPerHour', '--jobs-per-hour');
  if (jobsPerHour === undefined)
    throw bad('--jobs-per-hour', 'nothing', 'a throughput, or --requests-per-day', 'Say how much is wanted.');
  const service = chosen((await loadConfig(String(options.config))).plans, options.service);
  const secondsPerJob = number(options, 'secondsPerJob', '--seconds-per-job') ?? service.priors?.serviceSeconds;
  if (secondsPerJob === undefined)
    throw bad(
      '--seconds-per-job',
      'nothing',
      'the run time of one job',
      'Give it, or priors.serviceSeconds in the config.',
    );
  const { concurrency, cpu, memoryMiB, architecture } = service.worker;
  const region = String(options.region);
  const price = fargatePrice(region, architecture);
  if (price === undefined)
    throw bad('--region', `"${region}"`, `a region with a known price for ${architecture}`, 'Try us-east-1.');
  const jobs = jobCapacity({
    jobsPerHour,
    secondsPerJob,
    concurrency,
    size: { cpu, memoryMiB },
    price,
    safety: number(options, 'safety', '--safety') ?? 1.3,
    limits: Object.fromEntries(
      Object.entries(service.uses).map(([name, perTask]) => [
        name,
        { perTask, total: service.limits?.[name] ?? Infinity },
      ]),
    ),
  });
  const [queue] = service.queues;
  return {
    service: service.service,
    jobs,
    ...(queue && { simulated: neededTasks({ jobsPerHour, secondsPerJob, concurrency, queue, tasks: jobs.tasks }) }),
  };
};

const chosen = (plans: readonly ServicePlan[], name: unknown): ServicePlan => {
  const found = name === undefined && plans.length === 1 ? plans[0] : plans.find(({ service }) => service === name);
  if (found !== undefined) return found;
  const names = plans.map(({ service }) => service).join(', ');
  throw bad('--service', name === undefined ? 'nothing' : `"${String(name)}"`, `one of ${names}`, 'Name one of them.');
};

const number = (options: TextOptions, key: string, name: string): number | undefined => {
  const text = options[key];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (String(text).trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw bad(name, JSON.stringify(text), 'a number above 0', 'Correct it.');
};

const share = ({ cacheHit }: TextOptions): number => {
  const value = Number(cacheHit);
  if (value >= 0 && value <= 1) return value;
  throw bad('--cache-hit', JSON.stringify(cacheHit), 'a share from 0 to 1', 'Write 0.7 for 70 %.');
};

const bad = (path: string, found: string, expected: string, mend: string): BadInput =>
  new BadInput([{ path, found, expected, mend }]);

const prose = ({
  service,
  jobs,
  simulated,
  requests,
  rulesOfThumb: rules,
  prices,
}: Planned & {
  readonly rulesOfThumb: typeof rulesOfThumb;
  readonly prices: typeof fargatePriceSource;
}): string =>
  [
    ...(jobs ? jobLines(service ?? '', jobs) : []),
    ...(simulated ? [`  simulated    ${simulated.text}`] : []),
    ...(requests ? requestLines(requests) : []),
    '',
    'Rules of thumb of the five systems',
    ...rules.flatMap(({ system, figures }) => [
      `  ${system}`,
      ...figures.map(([name, value]) => `    ${name.padEnd(12)} ${value}`),
    ]),
    '',
    ...(jobs ? [`Prices: ${prices.source}.`, ''] : []),
  ].join('\n');

const jobLines = (service: string, jobs: JobCapacity): readonly string[] => [
  `${service}: ${jobs.tasks} tasks (${jobs.tier}), ${shown(jobs.jobsPerTaskHour)} jobs an hour each`,
  `  takes        ${shown(jobs.vcpu)} vCPU, ${shown(jobs.memoryGiB)} GiB${Object.entries(jobs.takes)
    .map(([name, amount]) => `, ${shown(amount)} of ${name}`)
    .join('')}`,
  `  costs        USD ${jobs.usdPerHour.toFixed(2)} an hour, ${jobs.usdPerMonth.toFixed(0)} a month, if it runs all the time`,
  ...(jobs.binds
    ? [
        `  binds first  ${jobs.binds.limit}, at ${jobs.binds.tasks} tasks: ${shown(jobs.binds.jobsPerHour)} jobs an hour`,
      ]
    : []),
];

const requestLines = (r: RequestCapacity): readonly string[] => [
  `${r.replicas} replicas for ${shown(r.peakRps)} requests a second at the peak (${shown(r.weightedRps)} with the heavy ones weighed)`,
  `  takes        ${shown(r.cpu)} CPU, ${shown(r.memoryMb)} MB; cache ${shown(r.cacheGb)} GB on ${r.cacheNodes} node(s)`,
  `  database     ${r.databaseCpu} CPU, ${r.databaseMemoryGb} GB memory, ${shown(r.databaseStorageGb)} GB storage`,
  `  costs        USD ${r.usdPerMonth.toFixed(0)} a month by its rule of thumb, ${shown(r.transferGbPerMonth)} GB of transfer in it (its own formula counts that 1,024 times: corrected)`,
];

const shown = (value: number): string => Number(value.toPrecision(4)).toLocaleString('en-US');
