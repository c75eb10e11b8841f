import { Draft } from '../draft.ts';
import { type Source, wrong } from '../source/source.ts';
import { duration } from './copilot.ts';
import { awsSignal } from './metric.ts';
import { type AwsPolicy, awsPolicies, type Stepping, usualCooldownSeconds } from './policies.ts';
import { requestsSignal } from './target-tracking.ts';

const queueProps = [
  'scalingSteps',
  'maxScalingCapacity',
  'minScalingCapacity',
  'cpuTargetUtilizationPercent',
  'disableCpuBasedScaling',
  'maxReceiveCount',
  'visibilityTimeout',
];
const serviceCalls = ['autoScaleTaskCount', 'scaleOnCpuUtilization', 'scaleOnMemoryUtilization', 'scaleOnRequestCount'];

/** Props of `QueueProcessingFargateService`, or the scaling calls of an `ApplicationLoadBalancedFargateService`, as JSON. */
export const isCdkProps = (document: Source): boolean =>
  document.isObject && [...queueProps, ...serviceCalls].some((key) => document.has(key));

export const importCdk = (document: Source): Draft =>
  serviceCalls.some((key) => document.has(key)) ? importCalls(document) : importQueueProcessing(document);

/** The pattern's own steps on the five-minute maximum of visible messages. */
const usualSteps = [
  { upper: 0, change: -1 },
  { lower: 100, change: 1 },
  { lower: 500, change: 5 },
];
const usualCpuPercent = 50;

const importQueueProcessing = (document: Source): Draft => {
  const draft = start(document, 'CDK QueueProcessingFargateService', 'queue-processing');
  const { service } = draft;
  const queue = document.get('queue') ?? document.get('queueName');
  const name = (queue?.isObject ? queue.get('queueName') : queue)?.text();
  queue?.skip();
  service.queue = { name: name ?? draft.name };
  if (name === undefined)
    draft.habit(
      'the queue that the pattern makes',
      `queue "${draft.name}"`,
      'Write the name of the real one here.',
      'queue.name',
    );
  const desired = document.get('desiredTaskCount')?.wholeNumber();
  const min = draft.usual(
    document.get('minScalingCapacity')?.wholeNumber() ?? desired,
    1,
    'minScalingCapacity',
    'tasks.min',
    'The pattern',
  );
  const max = draft.usual(
    document.get('maxScalingCapacity')?.wholeNumber(1),
    2 * (desired ?? 1),
    'maxScalingCapacity',
    'tasks.max',
    'The pattern',
  );
  service.tasks = { min, max };
  const cooldownSeconds = draft.usual(
    seconds(document.get('cooldown')),
    usualCooldownSeconds,
    'cooldown',
    'behavior.scaleIn.cooldownSeconds',
    'Application Auto Scaling',
  );
  const cpuOff = document.get('disableCpuBasedScaling')?.flag() === true;
  const cpu = document.get('cpuTargetUtilizationPercent')?.number(1);
  const steps: AwsPolicy[] = [queueSteps(draft, document.get('scalingSteps'), cooldownSeconds)];
  const target = cpuOff
    ? undefined
    : draft.usual(cpu, usualCpuPercent, 'cpuTargetUtilizationPercent', 'policy', 'The pattern');
  awsPolicies(draft, [...(target === undefined ? [] : [cpuTracking(target)]), ...steps]);
  outside(draft, document);
  draft.dropUnread();
  return draft;
};

const queueSteps = (draft: Draft, source: Source | undefined, cooldownSeconds: number): Stepping => {
  const given = source?.items().map((step) => ({
    lower: step.get('lower')?.number(),
    upper: step.get('upper')?.number(),
    change: step.need('change', 'A step says by how much.').number(),
  }));
  if (given === undefined) draft.usual(undefined, '0: -1, 100: +1, 500: +5', 'scalingSteps', 'policy', 'The pattern');
  draft.habit(
    'the five-minute maximum of visible messages',
    'the queue as read at each tick; the highest of 300 s for scale-in',
    'Out at once instead of after up to five minutes.',
    'behavior',
  );
  return {
    kind: 'steps',
    signal: 'queueDepth',
    adjustment: 'change',
    steps: completed(given ?? usualSteps),
    cooldownSeconds,
    outAfterSeconds: 0,
    inAfterSeconds: 300,
  };
};

interface CdkStep {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly change: number;
}

/** As the construct does it: an edge that is left out is the neighbour's, and the outermost ones are open. */
const completed = (steps: readonly CdkStep[]): Stepping['steps'] => {
  const sorted = [...steps].sort((a, b) => (a.lower ?? a.upper ?? 0) - (b.lower ?? b.upper ?? 0));
  return sorted.map((step, i) => {
    const from = step.lower ?? (i > 0 ? sorted[i - 1]?.upper : undefined);
    const to = step.upper ?? sorted[i + 1]?.lower;
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }), by: step.change };
  });
};

const cpuTracking = (
  target: number,
  outCooldownSeconds = usualCooldownSeconds,
  inCooldownSeconds = usualCooldownSeconds,
): AwsPolicy => ({
  kind: 'tracking',
  signal: { signal: 'cpu', target },
  outCooldownSeconds,
  inCooldownSeconds,
  scalesIn: true,
});

/** `autoScaleTaskCount` and the calls on its result, as keys with their props. */
const importCalls = (document: Source): Draft => {
  const draft = start(document, 'CDK ApplicationLoadBalancedFargateService', 'service');
  const bounds = document.get('autoScaleTaskCount');
  draft.service.queue = false;
  draft.service.tasks = {
    min: draft.usual(
      bounds?.get('minCapacity')?.wholeNumber(),
      1,
      'autoScaleTaskCount.minCapacity',
      'tasks.min',
      'CDK',
    ),
    max: (bounds ?? document).need('maxCapacity', 'autoScaleTaskCount requires it.').wholeNumber(1),
  };
  const policies = serviceCalls.flatMap((key) => call(draft, key, document.get(key)) ?? []);
  const custom = document.get('scaleToTrackCustomMetric');
  awsPolicies(draft, [...policies, ...(custom ? [customMetric(draft, custom)] : [])]);
  const schedule = document.get('scaleOnSchedule');
  if (schedule)
    draft.drop(
      schedule,
      'Import the deployed actions: "aws application-autoscaling describe-scheduled-actions --service-namespace ecs".',
    );
  document.get('desiredCount')?.skip();
  outside(draft, document);
  draft.dropUnread();
  return draft;
};

const call = (draft: Draft, key: string, props: Source | undefined): AwsPolicy | undefined => {
  if (props === undefined || key === 'autoScaleTaskCount') return undefined;
  const cooldown = (name: string): number =>
    draft.usual(
      seconds(props.get(name)),
      usualCooldownSeconds,
      `${key}.${name}`,
      `behavior.${name === 'scaleInCooldown' ? 'scaleIn' : 'scaleOut'}.cooldownSeconds`,
      'Application Auto Scaling',
    );
  const base = {
    kind: 'tracking',
    outCooldownSeconds: cooldown('scaleOutCooldown'),
    inCooldownSeconds: cooldown('scaleInCooldown'),
    scalesIn: props.get('disableScaleIn')?.flag() !== true,
  } as const;
  if (key !== 'scaleOnRequestCount')
    return {
      ...base,
      signal: {
        signal: key === 'scaleOnCpuUtilization' ? 'cpu' : 'memory',
        target: props.need('targetUtilizationPercent', 'CDK requires it.').number(1),
      },
    };
  const requests = props.need('requestsPerTarget', 'CDK requires it.');
  props.get('targetGroup')?.skip();
  const perMinute = requests.number(0);
  draft.near(
    requests,
    `requestsPerSecond ${perMinute / 60} a task`,
    'Per target and minute there. Name the load balancer in "alb".',
    'policy',
  );
  return { ...base, signal: requestsSignal(perMinute) };
};

const customMetric = (draft: Draft, props: Source): AwsPolicy => {
  const metric = props.need('metric', 'CDK requires it.');
  const field = (name: string): string => metric.need(name, 'A metric has it.').text();
  const dimensions =
    metric
      .get('dimensionsMap')
      ?.entries()
      .map(([key, value]) => [key, value.text()]) ?? [];
  const seen = {
    namespace: field('namespace'),
    metric: field('metricName'),
    dimensions: Object.fromEntries(dimensions),
    statistic: metric.get('statistic')?.text() ?? 'Average',
  };
  return {
    ...cpuTracking(0, seconds(props.get('scaleOutCooldown')), seconds(props.get('scaleInCooldown'))),
    kind: 'tracking',
    scalesIn: props.get('disableScaleIn')?.flag() !== true,
    outCooldownSeconds: seconds(props.get('scaleOutCooldown')) ?? usualCooldownSeconds,
    inCooldownSeconds: seconds(props.get('scaleInCooldown')) ?? usualCooldownSeconds,
    signal: { signal: awsSignal(draft, seen, 60), target: props.need('targetValue', 'CDK requires it.').number(0) },
  };
};

const start = (document: Source, origin: string, usual: string): Draft => {
  const name = document.get('serviceName')?.text() ?? document.get('family')?.text() ?? usual;
  const draft = new Draft(name, origin, document);
  const cpu = document.get('cpu')?.wholeNumber(1);
  const memoryMiB = document.get('memoryLimitMiB')?.wholeNumber(1);
  const options = document.get('taskImageOptions');
  const image = (document.get('image') ?? options?.get('image'))?.content;
  const environment = document.get('environment') ?? options?.get('environment');
  draft.service.worker = {
    ...(typeof image === 'string' && { image }),
    cpu: draft.usual(cpu, 256, 'cpu', 'worker.cpu', 'CDK'),
    memoryMiB: draft.usual(memoryMiB, 512, 'memoryLimitMiB', 'worker.memoryMiB', 'CDK'),
    ...(environment?.isObject && {
      environment: Object.fromEntries(environment.entries().map(([key, value]) => [key, value.text()])),
    }),
  };
  if (typeof image === 'string') (document.get('image') ?? options?.get('image'))?.skip();
  return draft;
};

const outside = (draft: Draft, document: Source): void => {
  const queue = ['visibilityTimeout', 'maxReceiveCount', 'retentionPeriod'].flatMap((key) => document.get(key) ?? []);
  for (const prop of queue)
    draft.drop(prop, 'A setting of the queue: give it to JobQueue, or attach to the queue as it is.');
  const spot = document.get('capacityProviderStrategies');
  if (spot) draft.drop(spot, 'A capacity provider strategy is the construct’s: WorkerService has it.');
};

/** `300`, `"PT5M"`, `"5m"`, or what CDK's Duration prints as JSON. */
const seconds = (source: Source | undefined): number | undefined => {
  if (source === undefined) return undefined;
  if (source.isObject) {
    const [[unit = '', value] = []] = source.entries();
    const factor = { seconds: 1, minutes: 60, hours: 3600 }[unit];
    if (factor !== undefined && value !== undefined) return value.number(0) * factor;
    throw wrong(source, source.shown, 'a duration such as { "minutes": 5 }', 'Write it in seconds or minutes.');
  }
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(source.text());
  if (iso) return Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0);
  return duration(source);
};
