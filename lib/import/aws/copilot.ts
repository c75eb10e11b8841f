import { Draft } from '../draft.ts';
import { type Source, wrong } from '../source/source.ts';
import { type AwsPolicy, awsPolicies, type Tracking } from './policies.ts';
import { requestsSignal } from './target-tracking.ts';

const types = ['Worker Service', 'Backend Service', 'Load Balanced Web Service'];

export const isCopilotManifest = (document: Source): boolean =>
  document.isObject && types.includes(String(document.get('type')?.content)) && document.has('name');

/** Copilot's own cooldowns for all policies, unless the manifest says others. */
const usualCooldowns = { out: 60, in: 120 } as const;

/** A Copilot manifest: `count` becomes bounds and policies, the task's size comes along. */
export const importCopilot = (document: Source): Draft => {
  const name = document.need('name', 'A manifest has a name.').text();
  const type = document.need('type', 'A manifest has a type.').text();
  const draft = new Draft(name, `Copilot ${type}`, document);
  const hasQueue = type === 'Worker Service';
  draft.service.queue = hasQueue ? { name: queueName(name, document) } : false;
  if (hasQueue)
    draft.habit(
      'the queue that Copilot makes (APP-ENV-SERVICE-EventsQueue-…)',
      `queue "${draft.service.queue && 'name' in draft.service.queue ? draft.service.queue.name : name}"`,
      'Its name is not in the manifest: write the name of the real one here.',
      'queue.name',
    );
  worker(draft, document);
  counts(draft, document.get('count'), hasQueue);
  const environments = document.get('environments');
  if (environments?.isObject)
    for (const [environment, override] of environments.entries())
      draft.drop(override, `One config a stage: apply the overrides of "${environment}" to a config of its own.`);
  for (const key of outside) {
    const part = document.get(key);
    if (part) draft.drop(part, 'Not part of scaling: the construct or the task definition has it.');
  }
  draft.dropUnread();
  return draft;
};

const outside = [
  'http',
  'network',
  'secrets',
  'storage',
  'sidecars',
  'logging',
  'observability',
  'deployment',
  'publish',
  'exec',
  'taskdef_overrides',
  'alb',
];

const queueName = (name: string, document: Source): string => {
  const fifo = document.get('subscribe', 'queue', 'fifo');
  const isFifo = fifo !== undefined && fifo.content !== false;
  fifo?.skip();
  return isFifo ? `${name}.fifo` : name;
};

const worker = (draft: Draft, document: Source): void => {
  const image = document.get('image');
  const location = image?.get('location')?.text();
  const build = image?.get('build');
  if (build) draft.drop(build, 'Sluice builds from "worker.entry", or runs "worker.image": name one of them.');
  const platform = document.get('platform');
  const isArm = platform !== undefined && /arm/i.test(JSON.stringify(platform.shown));
  platform?.skip();
  const variables = document.get('variables');
  draft.service.worker = {
    ...(location !== undefined && { image: location }),
    cpu: draft.usual(document.get('cpu')?.wholeNumber(1), 256, 'cpu', 'worker.cpu', 'Copilot'),
    memoryMiB: draft.usual(document.get('memory')?.wholeNumber(1), 512, 'memory', 'worker.memoryMiB', 'Copilot'),
    ...(isArm && { architecture: 'arm64' }),
    ...(variables?.isObject &&
      variables.entries().every(([, value]) => !value.isObject) && {
        environment: Object.fromEntries(variables.entries().map(([key, value]) => [key, value.text()])),
      }),
  };
};

const counts = (draft: Draft, count: Source | undefined, hasQueue: boolean): void => {
  if (count?.isObject !== true) {
    const fixed = draft.usual(count?.wholeNumber(), 1, 'count', 'tasks', 'Copilot');
    draft.service.tasks = { min: fixed, max: fixed };
    return;
  }
  const spot = count.get('spot');
  if (spot) {
    const fixed = spot.wholeNumber();
    draft.service.tasks = { min: fixed, max: fixed };
    draft.drop(spot, `${fixed} tasks stay; that they run on Spot is a capacity provider strategy of the construct.`);
    return;
  }
  range(draft, count.need('range', 'Write count.range, such as "1-10".'));
  awsPolicies(draft, policiesOf(draft, count, hasQueue));
};

const range = (draft: Draft, source: Source): void => {
  if (source.isObject) {
    draft.service.tasks = {
      min: source.need('min', 'Write the least.').wholeNumber(),
      max: source.need('max', 'Write the most.').wholeNumber(),
    };
    const spot = source.get('spot_from');
    if (spot) draft.drop(spot, 'Spot is a capacity provider strategy of the construct.');
    return;
  }
  const match = /^(\d+)-(\d+)$/.exec(source.text());
  if (match === null) throw wrong(source, source.shown, 'a range such as "1-10"', 'Write it as "1-10".');
  draft.service.tasks = { min: Number(match[1]), max: Number(match[2]) };
};

const policiesOf = (draft: Draft, count: Source, hasQueue: boolean): readonly AwsPolicy[] =>
  policyKeys.flatMap((key) => {
    const source = count.get(key);
    if (source === undefined) return [];
    const value = source.isObject ? source.get('value') : source;
    const base = { kind: 'tracking', scalesIn: true, ...cooldowns(draft, source, count.get('cooldown')) } as const;
    return key === 'queue_delay'
      ? (queueDelay(draft, source, base, hasQueue) ?? [])
      : (tracked(draft, key, value, base) ?? []);
  });

const policyKeys = ['queue_delay', 'cpu_percentage', 'memory_percentage', 'requests', 'response_time'] as const;
type Base = Omit<Tracking, 'signal'>;

const tracked = (
  draft: Draft,
  key: Exclude<(typeof policyKeys)[number], 'queue_delay'>,
  value: Source | undefined,
  base: Base,
): Tracking | undefined => {
  if (value === undefined) return undefined;
  if (key === 'cpu_percentage') return { ...base, signal: { signal: 'cpu', target: value.number(0) } };
  if (key === 'memory_percentage') return { ...base, signal: { signal: 'memory', target: value.number(0) } };
  const alb = 'Name the load balancer in "alb"; until then the tasks must report it.';
  if (key === 'requests') {
    const perMinute = value.number(0);
    draft.near(
      value,
      `requestsPerSecond ${perMinute / 60} a task`,
      `Copilot counts per task and minute. ${alb}`,
      'policy',
    );
    return { ...base, signal: requestsSignal(perMinute) };
  }
  const seconds = duration(value);
  draft.near(value, `latencyMs ${seconds * 1000}`, `The mean there, the 95th percentile here. ${alb}`, 'policy');
  return { ...base, signal: { signal: 'latencyMs', target: seconds * 1000 } };
};

/** Its own two numbers stay: they are also what the promise of `slo` would be. */
const queueDelay = (draft: Draft, source: Source, base: Base, hasQueue: boolean): Tracking | undefined => {
  if (!hasQueue) {
    draft.drop(source, 'queue_delay belongs to a Worker Service.');
    return undefined;
  }
  const latencySeconds = duration(source.need('acceptable_latency', 'Copilot requires it.'));
  const secondsPerJob = duration(source.need('msg_processing_time', 'Copilot requires it.'));
  draft.service.slo = { percent: 99, startWithinSeconds: Math.max(1, latencySeconds) };
  draft.habit(
    `acceptable_latency ${latencySeconds} s`,
    'also the promise in "slo"',
    'With the policy { "type": "slo" } it is kept by what is measured, and msg_processing_time need not be known.',
    'slo',
  );
  draft.habit(
    'visible messages by running tasks, from a Lambda each minute',
    'backlogPerTask',
    'Out as Copilot; in only when the messages in flight fit the smaller fleet too.',
    'policy',
  );
  return {
    ...base,
    signal: { signal: 'queueDepth', perTask: latencySeconds / secondsPerJob },
    as: { type: 'backlogPerTask', latencySeconds, secondsPerJob },
  };
};

const cooldowns = (
  draft: Draft,
  own: Source,
  shared: Source | undefined,
): { readonly outCooldownSeconds: number; readonly inCooldownSeconds: number } => {
  const seconds = (side: 'in' | 'out'): number => {
    const source = (own.isObject ? own.get('cooldown', side) : undefined) ?? shared?.get(side);
    return draft.usual(
      source && duration(source),
      usualCooldowns[side],
      `count.cooldown.${side}`,
      `behavior.${side === 'in' ? 'scaleIn' : 'scaleOut'}.cooldownSeconds`,
      'Copilot',
    );
  };
  return { outCooldownSeconds: seconds('out'), inCooldownSeconds: seconds('in') };
};

/** Go's form: `10m`, `250ms`, `1h30m`; a bare number are seconds. In seconds. */
export const duration = (source: Source): number => {
  const text = source.text().trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw wrong(source, source.shown, 'a duration such as "250ms" or "10m"', 'Write it in ms, s, m or h.');
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit ?? 's'] ?? 0), 0);
};

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
