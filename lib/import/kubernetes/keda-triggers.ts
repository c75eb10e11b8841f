import type { Draft, ServiceFields } from '../draft.ts';
import type { Source } from '../source/source.ts';
import type { TrackedInput } from './hpa-metrics.ts';

/** All triggers but cron → what target tracking follows, and the queues behind it. */
export const importTriggers = (draft: Draft, triggers: readonly Source[], tolerance: number): void => {
  const queues: { name: string; perTask: number; source: Source }[] = [];
  const signals: TrackedInput[] = [];
  for (const trigger of triggers) {
    const type = trigger.need('type', 'Say which scaler it is.').text();
    trigger.get('name')?.skip();
    const reference = trigger.get('authenticationRef');
    if (reference) draft.near(reference.skip(), 'IAM roles', ownRole);
    if (type === 'cron') continue;
    const tracked =
      type === 'aws-sqs-queue'
        ? sqsTrigger(draft, trigger, queues)
        : type === 'cpu' || type === 'memory'
          ? loadTrigger(draft, trigger, type)
          : type === 'aws-cloudwatch'
            ? cloudWatchTrigger(draft, trigger)
            : undefined;
    if (tracked) signals.push(tracked);
    else if (!knownTypes.includes(type)) draft.drop(trigger, `Sluice scales SQS workers and knows no "${type}".`);
  }
  queuesOf(draft, queues);
  if (signals.length > 0) draft.service.policy = { type: 'targetTracking', signals: merged(draft, signals), tolerance };
};

const knownTypes = ['aws-sqs-queue', 'cpu', 'memory', 'aws-cloudwatch'];
const ownRole = 'Sluice’s own functions have roles with the rights that they need; the template grants them.';

const sqsTrigger = (
  draft: Draft,
  trigger: Source,
  queues: { name: string; perTask: number; source: Source }[],
): TrackedInput | undefined => {
  const metadata = trigger.need('metadata', 'A trigger has its settings there.');
  const url = metadata.get('queueURL');
  for (const key of ['awsRegion', 'identityOwner']) metadata.get(key)?.skip();
  const perTask = draft.usual(
    metadata.get('queueLength')?.number(0),
    5,
    `${trigger.path}.metadata.queueLength`,
    `policy.signals[${queues.length}].perTask`,
    'KEDA',
  );
  const inFlight = metadata.get('scaleOnInFlight')?.flag() ?? true;
  activation(draft, metadata, 'activationQueueLength');
  const delayed = metadata.get('scaleOnDelayed');
  if (delayed?.flag())
    draft.drop(delayed, 'Delayed messages count once they can be received; then they are seen within a tick.');
  const name = url?.text().split('/').at(-1) ?? draft.name;
  const fromEnvironment = metadata.get('queueURLFromEnv');
  if (fromEnvironment)
    draft.near(fromEnvironment, `queue "${name}"`, 'The URL is not in this file: check the name.', 'queue.name');
  else if (url === undefined) draft.lacks('metadata.queueURL', `The queue is called "${name}" here: check the name.`);
  queues.push({ name, perTask, source: trigger });
  const signal = inFlight ? 'unfinishedJobs' : 'queueDepth';
  return metricType(trigger) === 'Value' ? { signal, target: perTask } : { signal, perTask };
};

/** CPU and memory: percent of the pod's request there, of the task's size here. */
const loadTrigger = (draft: Draft, trigger: Source, type: 'cpu' | 'memory'): TrackedInput | undefined => {
  const metadata = trigger.need('metadata', 'A trigger has its settings there.');
  const kind = (trigger.get('metricType') ?? metadata.get('type'))?.text() ?? 'Utilization';
  metadata.get('type')?.skip();
  metadata.get('containerName')?.skip();
  const value = metadata.need('value', 'KEDA requires it.');
  if (kind !== 'Utilization') {
    draft.drop(trigger, 'An amount per pod: say it in percent of the task size, as { signal, target }.');
    return undefined;
  }
  const target = value.number(0);
  draft.near(
    value,
    `${type} ${target} %`,
    'Kubernetes counts percent of the pod’s request, ECS percent of the task size.',
    'policy.signals',
  );
  return { signal: type, target };
};

const cloudWatchTrigger = (draft: Draft, trigger: Source): TrackedInput | undefined => {
  const metadata = trigger.need('metadata', 'A trigger has its settings there.');
  if (metadata.get('expression') !== undefined) {
    draft.drop(trigger, 'It is a query (SELECT …), and Sluice reads metrics and metric math: name them in "signals".');
    return undefined;
  }
  const metric = metadata.need('metricName', 'KEDA requires it.').text();
  const names = metadata.get('dimensionName')?.text().split(';') ?? [];
  const values = metadata.get('dimensionValue')?.text().split(';') ?? [];
  const target = metadata.need('targetMetricValue', 'KEDA requires it.').number(0);
  const period = Math.max(60, Math.ceil((metadata.get('metricStatPeriod')?.number(1) ?? 300) / 60) * 60);
  for (const key of ['awsRegion', 'identityOwner', 'metricUnit', 'metricEndTimeOffset', 'metricCollectionTime'])
    metadata.get(key)?.skip();
  activation(draft, metadata, 'activationTargetMetricValue');
  const signal = `m_${metric.replace(/[^A-Za-z0-9_.-]/g, '_')}`.slice(0, 63);
  draft.service.signals = {
    ...draft.service.signals,
    [signal]: {
      namespace: metadata.need('namespace', 'KEDA requires it.').text(),
      metric,
      ...(names.length > 0 && { dimensions: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])) }),
      statistic: metadata.get('metricStat')?.text() ?? 'Average',
      periodSeconds: period,
    },
  };
  const missing = metadata.get('minMetricValue');
  if (missing) draft.drop(missing, 'A missing value is unknown here, never a number: it scales nothing in.');
  return metricType(trigger) === 'Value' ? { signal, target } : { signal, perTask: target };
};

const metricType = (trigger: Source): 'AverageValue' | 'Value' =>
  trigger.get('metricType')?.oneOf(['AverageValue', 'Value']) ?? 'AverageValue';

const activation = (draft: Draft, metadata: Source, key: string): void => {
  const given = metadata.get(key);
  if (given !== undefined && given.number() > 0)
    draft.drop(given, 'Any job wakes a service that has no task; fewer jobs than this would wait for ever.');
};

const queuesOf = (draft: Draft, queues: readonly { name: string; perTask: number; source: Source }[]): void => {
  const { service } = draft;
  const names = [...new Set(queues.map(({ name }) => name))];
  const [only] = names;
  if (only === undefined) service.queue = false;
  else if (names.length === 1) service.queue = { name: only };
  else service.queues = names.map((name) => ({ name })) as NonNullable<ServiceFields['queues']>;
};

/** Several queues are one sum here. The smallest length per task, so that there are never fewer tasks than before. */
const merged = (draft: Draft, signals: readonly TrackedInput[]): TrackedInput[] => {
  const byName = new Map<string, TrackedInput>();
  for (const tracked of signals) {
    const other = byName.get(tracked.signal);
    if (other === undefined) {
      byName.set(tracked.signal, tracked);
      continue;
    }
    const perTask = Math.min(other.perTask ?? other.target ?? 0, tracked.perTask ?? tracked.target ?? 0);
    byName.set(tracked.signal, { signal: tracked.signal, perTask });
    draft.habit(
      `several triggers on ${tracked.signal}`,
      `${perTask} a task for all of them together`,
      'KEDA takes the largest of the queues, Sluice their sum: never fewer tasks.',
      'policy.signals',
    );
  }
  return [...byName.values()];
};
