import type { ServiceBinding } from '../model/binding.ts';
import { type QueueCounts, type QueueObservation, type Reading, unknown } from '../model/observation.ts';
import type { Seconds } from '../model/units.ts';
import type { MetricQuery, MetricSeries } from './metric-query.ts';
import { faultOf, newestCount } from './newest-count.ts';
import { dated, newestOf } from './newest-of.ts';
import type { SignalPlan } from './signal-plan.ts';

type Queues = ServiceBinding['queues'];

/** Signals of a service's queues. Absent: not such a name, or no queue. */
export function queueSignal(name: string, queues: Queues, periodSeconds: Seconds): SignalPlan | undefined {
  if (queues.length === 0) return undefined;
  const counter = counters.get(name);
  if (counter !== undefined) return counterSignal(counter);
  if (name === 'oldestAgeSeconds') return oldestAge(queues, periodSeconds);
  if (name === 'groupsInFlight') return groupsInFlight(queues, periodSeconds);
  const metric = rates.get(name);
  return metric === undefined ? undefined : rateSignal(metric, queues, periodSeconds);
}

const counters: ReadonlyMap<string, (counts: QueueCounts) => number> = new Map([
  ['queueDepth', (counts: QueueCounts) => counts.visible],
  ['activeJobs', (counts: QueueCounts) => counts.inFlight],
  ['delayedJobs', (counts: QueueCounts) => counts.delayed],
  ['unfinishedJobs', (counts: QueueCounts) => counts.visible + counts.inFlight],
]);
const rates: ReadonlyMap<string, string> = new Map([
  ['arrivalsPerSecond', 'NumberOfMessagesSent'],
  ['completionsPerSecond', 'NumberOfMessagesDeleted'],
]);

/** No call of its own: the counters were read anyway. One queue that is unknown leaves the sum unknown. */
const counterSignal = (counter: (counts: QueueCounts) => number): SignalPlan => ({
  queries: [],
  beacon: false,
  read: (_, { queues, now }) => {
    let value = 0;
    for (const { counts } of queues) {
      if (!counts.known) return counts;
      value += counter(counts.value);
    }
    return { known: true, at: now, value };
  },
});

/**
 * Age of the oldest message, over all queues. CloudWatch has it only while a queue holds a message, so a missing age is
 * 0 when the counters of this very tick are all zero, and unknown when they are not.
 */
const oldestAge = (queues: Queues, periodSeconds: Seconds): SignalPlan => ({
  queries: queues.map(({ url }) => sqsMetric(url, 'ApproximateAgeOfOldestMessage', 'Maximum', periodSeconds)),
  beacon: false,
  read: (series, { queues: seen, now }) => {
    const ages = seen.map(({ counts }, i) => ageOf(series[i] ?? { points: [] }, counts, now, periodSeconds));
    return ages.reduce(older);
  },
});

/** Message groups of FIFO queues that somebody works on. No value while none is in flight, so absence is unknown, never zero. */
const groupsInFlight = (queues: Queues, periodSeconds: Seconds): SignalPlan => ({
  queries: queues.map(({ url }) => sqsMetric(url, groupsMetric, 'Maximum', periodSeconds)),
  beacon: false,
  read: (series) => {
    const readings = series.map((one) => newestOf(one, periodSeconds));
    let value = 0;
    let at = Number.POSITIVE_INFINITY;
    for (const reading of readings) {
      if (!reading.known) return reading;
      value += reading.value;
      at = Math.min(at, reading.at);
    }
    return dated({ at, value }, periodSeconds);
  },
});
const groupsMetric = 'ApproximateNumberOfGroupsWithInflightMessages';

const ageOf = (
  series: MetricSeries,
  counts: QueueObservation['counts'],
  now: number,
  periodSeconds: Seconds,
): Reading<number> => {
  if (counts.known && counts.value.visible + counts.value.inFlight + counts.value.delayed === 0)
    return { known: true, at: now, value: 0 };
  const reading = newestOf(series, periodSeconds);
  return reading.known || reading.because === 'failed'
    ? reading
    : unknown('missing', 'the queue is not empty, and CloudWatch has no age of its oldest message');
};

/** One that is not known may be the oldest. */
const older = (a: Reading<number>, b: Reading<number>): Reading<number> => {
  if (!a.known || !b.known) return a.known ? b : a;
  return b.value > a.value ? b : a;
};

/** Messages a second over the newest minute that is known of every queue. `ApproximateNumberOfMessagesVisible` is there while a queue is active. */
const rateSignal = (metric: string, queues: Queues, periodSeconds: Seconds): SignalPlan => ({
  queries: queues.flatMap(({ url }) => [
    sqsMetric(url, metric, 'Sum', periodSeconds),
    sqsMetric(url, 'ApproximateNumberOfMessagesVisible', 'Maximum', periodSeconds),
  ]),
  beacon: false,
  read: (series) => {
    const fault = faultOf(...series);
    if (fault !== undefined) return unknown('failed', fault);
    let sum = 0;
    let at = Number.POSITIVE_INFINITY;
    for (let i = 0; i < series.length; i += 2) {
      const newest = newestCount(series[i] ?? { points: [] }, series[i + 1] ?? { points: [] });
      if (newest === undefined) return unknown('missing', 'CloudWatch has no value of the last minutes');
      sum += newest.value;
      at = Math.min(at, newest.at);
    }
    return dated({ at, value: sum / periodSeconds }, periodSeconds);
  },
});

const sqsMetric = (url: string, metric: string, statistic: string, periodSeconds: Seconds): MetricQuery => ({
  metric: { namespace: 'AWS/SQS', metric, dimensions: { QueueName: url.split('/').at(-1) ?? url }, statistic },
  periodSeconds,
});
