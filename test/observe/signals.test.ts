import { describe, expect, it } from 'vitest';
import { guardSignals } from '../../lib/decide/signals-needed.ts';
import { known, type Reading, unknown } from '../../lib/model/observation.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import type { SignalWindow } from '../../lib/observe/beacon-signals.ts';
import type { MetricSeries } from '../../lib/observe/metric-query.ts';
import { renameIds } from '../../lib/observe/rename-ids.ts';
import { type SignalEvidence, signalPlan } from '../../lib/observe/signal-plan.ts';
import { toWindow } from '../../lib/observe/signal-windows.ts';
import { bindingOf, start } from '../tick/world.ts';

const address = { targetGroup: 'targetgroup/web/1', loadBalancer: 'app/web/2' };
const bindingWith = (change: Partial<ServicePlan> = {}, alb = true) => ({
  ...bindingOf('web', change),
  ...(alb && { alb: address }),
});
const nothingSeen: SignalEvidence = { now: start, queues: [], windows: [] };

/** Minutes before `start` at which a period ended, with its value. */
const series = (...points: readonly (readonly [minutesAgo: number, value: number])[]): MetricSeries => ({
  points: points.map(([ago, value]) => ({ at: start - ago * 60, value })),
});
const none = series();
const failed: MetricSeries = { failed: 'AccessDenied' };
const at = (minutesAgo: number, value: number): Reading<number> => known(start - minutesAgo * 60, value);
const missing = { known: false, because: 'missing' };

const read = (name: string, all: readonly MetricSeries[], evidence: Partial<SignalEvidence> = {}) =>
  signalPlan(name, bindingWith()).read(all, { ...nothingSeen, ...evidence });

describe('message groups', () => {
  it.each([
    ['what SQS tells', [series([1, 7])], at(1, 7)],
    ['none in flight has no value: unknown, never zero', [none], missing],
    ['a fault', [failed], { known: false, because: 'failed' }],
  ] as const)('%s', (_, all, reading) => {
    expect(read('groupsInFlight', all)).toMatchObject(reading);
  });

  const fifo = { name: 'q', percent: 99, startWithinSeconds: 60, fifo: true };
  it.each([
    ['FIFO queues', [fifo], {}, ['groupsInFlight']],
    [
      'FIFO queues with a count of their own',
      [fifo],
      { activeGroups: { from: 'beacon', combine: 'mean' } },
      ['activeGroups'],
    ],
    ['one queue that is not FIFO', [fifo, { ...fifo, fifo: false }], {}, []],
    ['no queue', [], {}, []],
  ] as const)('are looked at for %s', (_, queues, signals, names) => {
    expect(guardSignals({ queues, signals, policy: { type: 'slo' }, schedule: [] })).toEqual(names);
  });

  it('and the deletes of a queue whose workers do not report, for slo alone', () => {
    const plan = { queues: [{ ...fifo, fifo: false }], schedule: [], reports: false as const };
    const steps = { type: 'backlogPerTask', target: 4 } as const;
    expect(guardSignals({ ...plan, policy: { type: 'max', of: [steps, { type: 'slo' }] } })).toEqual([
      'completionsPerSecond',
    ]);
    expect(guardSignals({ ...plan, policy: steps })).toEqual([]);
  });
});

describe('a load balancer', () => {
  const hosts = series([0, 2], [1, 2], [2, 2]);
  it.each([
    ['a rate', 'requestsPerSecond', [series([1, 600]), hosts], at(1, 10)],
    ['no request and no host: nothing is known', 'requestsPerSecond', [none, none], missing],
    ['the newest minute proves no zero', 'requestsPerSecond', [none, series([0, 2])], missing],
    ['hosts, no request, and a later minute: zero', 'requestsPerSecond', [none, series([0, 2], [1, 2])], at(0, 0)],
    [
      'requests that ended: two minutes without any are a zero, dated by the last of them',
      'requestsPerSecond',
      [series([3, 60]), series([0, 2], [1, 2])],
      at(0, 0),
    ],
    [
      'requests that only may have ended: the last rate',
      'requestsPerSecond',
      [series([1, 60]), series([0, 2], [1, 2])],
      at(1, 1),
    ],
    ['a gap without hosts proves nothing', 'requestsPerSecond', [series([4, 60]), series([4, 2])], at(4, 1)],
    ['milliseconds', 'latencyMs', [series([1, 600]), hosts, series([1, 0.25])], at(1, 250)],
    ['no requests: nobody waited', 'latencyMs', [none, hosts, none], at(0, 0)],
    ['requests without a response time', 'latencyMs', [series([1, 5]), hosts, none], missing],
    ['errors', 'errorPercent', [series([1, 200]), hosts, series([1, 5])], at(1, 2.5)],
    ['errors of another minute', 'errorPercent', [series([1, 200]), hosts, series([2, 5])], at(1, 0)],
    ['no requests: nothing failed', 'errorPercent', [none, hosts, none], at(0, 0)],
    [
      'a fault of one of them',
      'errorPercent',
      [series([1, 200]), hosts, failed],
      { known: false, because: 'failed', text: 'AccessDenied' },
    ],
  ] as const)('%s', (_, name, all, reading) => {
    expect(read(name, all)).toMatchObject(reading);
  });

  it('asks for the percentile of the config, under the dimensions of both names', () => {
    const plan = signalPlan('latencyMs', bindingWith({ alb: { latencyPercentile: 99.9 } }));
    expect(plan.queries.map((query) => 'metric' in query && [query.metric.metric, query.metric.statistic])).toEqual([
      ['RequestCount', 'Sum'],
      ['HealthyHostCount', 'Maximum'],
      ['TargetResponseTime', 'p99.9'],
    ]);
    expect(plan.queries[0]).toMatchObject({
      metric: { dimensions: { LoadBalancer: 'app/web/2', TargetGroup: 'targetgroup/web/1' } },
    });
  });

  it('the config’s address wins over the template’s; without any the tasks report', () => {
    const other = { targetGroup: 'targetgroup/x/1', loadBalancer: 'app/x/1', latencyPercentile: 95 };
    expect(signalPlan('latencyMs', bindingWith({ alb: other })).queries[0]).toMatchObject({
      metric: { dimensions: { TargetGroup: 'targetgroup/x/1' } },
    });
    expect(signalPlan('latencyMs', bindingWith({}, false))).toMatchObject({ queries: [], beacon: true });
  });
});

describe('queues', () => {
  const seen = (visible: number, inFlight = 0) => [
    { name: 'web', counts: known(start, { visible, inFlight, delayed: 0 }) },
  ];
  const onlyDelayed = [{ name: 'web', counts: known(start, { visible: 0, inFlight: 0, delayed: 2 }) }];
  const unseen = [{ name: 'web', counts: unknown('failed') }];
  it.each([
    ['an age', 'oldestAgeSeconds', [series([1, 42])], seen(3), at(1, 42)],
    ['no age of an empty queue', 'oldestAgeSeconds', [none], seen(0), known(start, 0)],
    [
      'an empty queue has no age, whatever was measured before',
      'oldestAgeSeconds',
      [series([1, 42])],
      seen(0),
      known(start, 0),
    ],
    ['no age, and jobs wait', 'oldestAgeSeconds', [none], seen(3), missing],
    ['no age, and jobs are in flight', 'oldestAgeSeconds', [none], seen(0, 1), missing],
    ['no age, and only delayed jobs', 'oldestAgeSeconds', [none], onlyDelayed, missing],
    ['no age, and the counters are unknown', 'oldestAgeSeconds', [none], unseen, missing],
    ['arrivals', 'arrivalsPerSecond', [series([1, 90]), series([1, 3])], seen(3), at(1, 1.5)],
    ['no arrivals while the queue is active', 'arrivalsPerSecond', [none, series([0, 3], [1, 3])], seen(3), at(0, 0)],
    ['no arrivals and no sign of the queue', 'arrivalsPerSecond', [none, none], seen(3), missing],
    ['completions', 'completionsPerSecond', [series([0, 30]), series([0, 0])], seen(3), at(0, 0.5)],
    ['the depth', 'queueDepth', [], seen(3, 2), known(start, 3)],
    ['the unfinished', 'unfinishedJobs', [], seen(3, 2), known(start, 5)],
    ['the delayed', 'delayedJobs', [], unseen, { known: false, because: 'failed' }],
  ] as const)('%s', (_, name, all, queues, reading) => {
    expect(read(name, all, { queues })).toMatchObject(reading);
  });

  it('of several queues the oldest job counts, and one that is unknown may have it', () => {
    const binding = { ...bindingWith(), queues: ['a', 'b'].map((name) => ({ name, url: `http://sqs/1/${name}` })) };
    const queues = ['a', 'b'].map((name) => ({ name, counts: known(start, { visible: 1, inFlight: 0, delayed: 0 }) }));
    const plan = signalPlan('oldestAgeSeconds', binding);
    expect(plan.queries.map((query) => 'metric' in query && query.metric.dimensions.QueueName)).toEqual(['a', 'b']);
    expect(plan.read([series([1, 5]), series([2, 9])], { ...nothingSeen, queues })).toEqual(at(2, 9));
    expect(plan.read([series([1, 5]), none], { ...nothingSeen, queues })).toMatchObject(missing);
  });

  it('a service without a queue has none of these', () => {
    const binding = { ...bindingWith(), queues: [] };
    for (const name of ['queueDepth', 'activeJobs', 'oldestAgeSeconds'])
      expect(signalPlan(name, binding)).toMatchObject({ queries: [], beacon: true });
  });
});

describe('what tasks report', () => {
  const window = (end: number, values: SignalWindow['values'], periodSeconds = 60): SignalWindow => ({
    at: end,
    periodSeconds,
    values,
  });
  const three = { connections: { sum: 30, tasks: 3 }, cacheHitPercent: { sum: 270, tasks: 3 } };

  it.each([
    ['a total', 'connections', [window(start - 10, three)], known(start - 10, 30)],
    ['a mean', 'cacheHitPercent', [window(start - 10, three)], known(start - 10, 90)],
    ['a window that is not over', 'connections', [window(start + 50, three)], missing],
    ['a window whose last writes may be under way', 'connections', [window(start - 4, three)], missing],
    [
      'the newest window that has the name',
      'connections',
      [window(start - 10, {}), window(start - 70, three)],
      known(start - 70, 30),
    ],
    [
      'another length of window',
      'connections',
      [window(start - 10, three, 10)],
      { ...known(start - 10, 30), periodSeconds: 10 },
    ],
    ['a name that nobody reports', 'sessions', [window(start - 10, three)], missing],
    [
      'a sum without a count',
      'connections',
      [window(start - 10, { connections: { sum: 3, tasks: 0 } })],
      { known: false, because: 'failed' },
    ],
    [
      'a table that did not answer',
      'connections',
      { failed: 'TimedOut' },
      { known: false, because: 'failed', text: 'TimedOut' },
    ],
  ] as const)('%s', (_, name, windows, reading) => {
    expect(read(name, [], { windows })).toMatchObject(reading);
  });

  it('an item of the table is a window, whoever wrote it', () => {
    const item = {
      pk: { S: 'SVC#web' },
      sk: { S: `SIGNALS#00${start}` },
      ttl: { N: '1' },
      period: { N: '30' },
      s_connections: { N: '12.5' },
      n_connections: { N: '2' },
      's_cache.hit': { N: '1' },
      s_odd: { S: 'text' },
    };
    expect(toWindow(item)).toEqual({
      at: start,
      periodSeconds: 30,
      values: { connections: { sum: 12.5, tasks: 2 }, 'cache.hit': { sum: 1, tasks: 0 } },
    });
    expect(toWindow({ sk: { S: 'WORK' } })).toBeUndefined();
  });
});

describe('definitions', () => {
  it('of a metric: its newest period, which says how long it is', () => {
    const metric = { namespace: 'App', metric: 'Sessions', dimensions: {}, statistic: 'Sum' };
    const plan = signalPlan(
      'cpu',
      bindingWith({ signals: { cpu: { from: 'metric', ...metric, periodSeconds: 300 } } }),
    );
    expect(plan.queries).toEqual([{ metric: { from: 'metric', ...metric, periodSeconds: 300 }, periodSeconds: 300 }]);
    expect(plan.read([series([5, 7], [10, 6])], nothingSeen)).toEqual({ ...at(5, 7), periodSeconds: 300 });
    expect(plan.read([none], nothingSeen)).toMatchObject(missing);
    expect(plan.read([failed], nothingSeen)).toMatchObject({ known: false, because: 'failed' });
  });

  it.each([
    ['100 * e / r', ['e', 'r'], '100 * q1_e / q1_r'],
    ['FILL(r1, 0) + r10', ['r1', 'r10'], 'FILL(q1_r1, 0) + q1_r10'],
    ['IF(a > 1, MAX([a, b]), b)', ['a', 'b'], 'IF(q1_a > 1, MAX([q1_a, q1_b]), q1_b)'],
    ["a + DATAPOINT('a b')", ['a', 'b'], "q1_a + DATAPOINT('a b')"],
    ['1e3 * e + 2.5e3 - e3', ['e', 'e3'], '1e3 * q1_e + 2.5e3 - q1_e3'],
  ])('ids of %s get a prefix', (expression, ids, renamed) => {
    expect(renameIds(expression, ids, 'q1_')).toBe(renamed);
  });
});
