import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { formatIssue } from '../../lib/model/bad-input.ts';

const tg = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067';
const lb = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const tracking = (signal: string) => ({ type: 'targetTracking', signals: [{ signal, target: 5 }] });
const parse = (fields: object, options = {}) => parseConfig({ services: { web: fields } }, options);
const linesOf = (fields: object, options = {}): readonly string[] => {
  const parsed = parse(fields, options);
  return parsed.ok ? [] : parsed.issues.map(formatIssue);
};
const planOf = (fields: object) => {
  const parsed = parse(fields);
  if (!parsed.ok) throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed;
};
const metric = { namespace: 'App', metric: 'Sessions' };

describe('definitions become sources', () => {
  it.each([
    ['a metric', metric, { from: 'metric', ...metric, dimensions: {}, statistic: 'Average', periodSeconds: 60 }],
    [
      'a metric with all its fields',
      { ...metric, dimensions: { App: 'web' }, statistic: 'p99.9', periodSeconds: 300 },
      { from: 'metric', ...metric, dimensions: { App: 'web' }, statistic: 'p99.9', periodSeconds: 300 },
    ],
    [
      'an expression',
      { expression: 'FILL(m1, 0) / 60 + 1e3', metrics: { m1: metric } },
      {
        from: 'expression',
        expression: 'FILL(m1, 0) / 60 + 1e3',
        metrics: { m1: { ...metric, dimensions: {}, statistic: 'Average' } },
        periodSeconds: 60,
      },
    ],
    ['a beacon', { source: 'beacon' }, { from: 'beacon', combine: 'mean' }],
    ['a beacon that is a total', { source: 'beacon', combine: 'sum' }, { from: 'beacon', combine: 'sum' }],
    [
      'a target group',
      { albTargetGroup: tg, loadBalancer: lb, measure: 'latencyMs', latencyPercentile: 99 },
      {
        from: 'alb',
        targetGroup: 'targetgroup/web/73e2d6bc24d8a067',
        loadBalancer: 'app/web/50dc6c495c0c9188',
        measure: 'latencyMs',
        latencyPercentile: 99,
      },
    ],
  ])('%s', (_, signal, source) => {
    const { plans } = planOf({ policy: tracking('load'), signals: { load: signal } });
    expect(plans[0]?.signals).toEqual({ load: source });
  });

  it('a name that is a total is added up, and one that is a measure needs not say so', () => {
    const { plans } = planOf({
      signals: { connections: { source: 'beacon' }, latencyMs: { albTargetGroup: tg, loadBalancer: lb } },
    });
    expect(plans[0]?.signals).toMatchObject({ connections: { combine: 'sum' }, latencyMs: { measure: 'latencyMs' } });
  });

  it('the load balancer of a service, by ARN or by the name that CloudWatch has', () => {
    const alb = { targetGroup: tg, loadBalancer: 'app/web/50dc6c495c0c9188' };
    const { plans } = planOf({ queue: false, alb, policy: tracking('latencyMs') });
    expect(plans[0]?.alb).toEqual({
      targetGroup: 'targetgroup/web/73e2d6bc24d8a067',
      loadBalancer: 'app/web/50dc6c495c0c9188',
      latencyPercentile: 95,
    });
    expect(planOf({ alb: {} }).plans[0]?.alb).toEqual({ latencyPercentile: 95 });
    expect(planOf({}).plans[0]).not.toHaveProperty('signals');
  });
});

describe('bad definitions say where, what and how to mend it', () => {
  const at = 'services.web.signals.load';
  it.each([
    ['nothing', {}, `${at}: found no source`, 'docs/signals.md'],
    [
      'two sources',
      { source: 'beacon', ...metric },
      `${at}: found two sources: "namespace" and "metric" and "source"`,
      'one way',
    ],
    [
      'half a metric',
      { namespace: 'App' },
      `${at}.metric: found nothing; expected "metric" beside "namespace"`,
      'Add "metric"',
    ],
    ['half an expression', { expression: 'm1' }, `${at}.metrics: found nothing`, 'Add "metrics"'],
    [
      'half a target group',
      { albTargetGroup: tg, measure: 'latencyMs' },
      `${at}.loadBalancer: found nothing`,
      'Add "loadBalancer"',
    ],
    [
      'a period of a beacon',
      { source: 'beacon', periodSeconds: 60 },
      `${at}.periodSeconds: found "periodSeconds" beside "source"`,
      'Remove it',
    ],
    ['an odd period', { ...metric, periodSeconds: 90 }, `${at}.periodSeconds: found 90`, 'a multiple of 60'],
    ['a short period', { ...metric, periodSeconds: 10 }, `${at}.periodSeconds: found 10`, 'multiple of 60'],
    ['a statistic', { ...metric, statistic: 'average' }, `${at}.statistic: found "average"`, '"p99"'],
    ['a percentile above 100', { ...metric, statistic: 'p101' }, `${at}.statistic: found "p101"`, '"p99"'],
    ['another source', { source: 'statsd' }, `${at}.source: found "statsd"`, '"beacon"'],
    [
      'an id',
      { expression: 'M1', metrics: { M1: metric } },
      `${at}.metrics.M1: found the id "M1"`,
      'Rename it, such as "m_M1"',
    ],
    [
      'an id that is not there',
      { expression: 'reqests * 2', metrics: { requests: metric } },
      `${at}.expression: found the id "reqests"`,
      'Did you mean "requests"?',
    ],
    [
      'a metric without use',
      { expression: 'a + 1', metrics: { a: metric, b: metric } },
      `${at}.metrics.b: found the metric "b"`,
      'Remove it',
    ],
    [
      'a search',
      { expression: "SUM(SEARCH('{App} x', 'Sum')) + a", metrics: { a: metric } },
      `${at}.expression: found the function SEARCH`,
      'Name each metric',
    ],
    [
      'all metrics of the call',
      { expression: 'SUM(METRICS()) + a', metrics: { a: metric } },
      `${at}.expression: found the function METRICS`,
      'Name each metric',
    ],
    ['no metrics', { expression: '1', metrics: {} }, `${at}.metrics: found 0 metrics`, 'Name each metric'],
    [
      'a bare name',
      { albTargetGroup: 'web', loadBalancer: lb, measure: 'latencyMs' },
      `${at}.albTargetGroup: found "web"`,
      'the ARN of a target group',
    ],
    [
      'a network load balancer',
      { albTargetGroup: tg, loadBalancer: 'net/web/1', measure: 'latencyMs' },
      `${at}.loadBalancer: found "net/web/1"`,
      'application load balancer',
    ],
    ['no measure', { albTargetGroup: tg, loadBalancer: lb }, `${at}.measure: found nothing`, 'add "measure"'],
  ])('%s', (_, signal, start, mend) => {
    const lines = linesOf({ policy: tracking('load'), signals: { load: signal } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(start);
    expect(lines[0]).toContain(mend);
  });

  it('a name that cannot be an attribute', () => {
    expect(linesOf({ signals: { '9 lives': { source: 'beacon' } } })[0]).toContain(
      'services.web.signals.9 lives: found "9 lives"; expected a signal name',
    );
  });

  it('half a load balancer', () => {
    expect(linesOf({ alb: { targetGroup: tg } })[0]).toContain('services.web.alb.loadBalancer: found nothing');
  });
});

describe('names that policies look at', () => {
  const steps = { type: 'steps', signal: 'cpuu', steps: [{ from: 1, by: 1 }] };
  it.each([
    [
      'a slip',
      { policy: tracking('requestPerSecond') },
      'services.web.policy.signals[0].signal',
      'Did you mean "requestsPerSecond"?',
    ],
    [
      'a name of nobody',
      { policy: tracking('sessions') },
      'the signal "sessions", which has no source',
      '"signals": { "sessions"',
    ],
    [
      'in steps of a member',
      { policy: { type: 'max', of: [{ type: 'slo' }, steps] } },
      'services.web.policy.of[1].signal',
      '"cpu"',
    ],
    [
      'in a vote',
      { policy: { type: 'vote', in: { signals: { cpux: 3 } } } },
      'services.web.policy.in.signals.cpux',
      '"cpu"',
    ],
    ['in a window', { schedule: [{ policy: steps }] }, 'services.web.schedule[0].policy.signal', '"cpu"'],
    [
      'an age without a queue',
      { queue: false, policy: tracking('oldestAgeSeconds') },
      'of a service without a queue',
      'Give it a queue',
    ],
  ])('%s is refused', (_, fields, where, mend) => {
    const lines = linesOf(fields);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(where);
    expect(lines[0]).toContain(mend);
  });

  it('a definition of one’s own goes before everything, also for a name that only a queue has', () => {
    const fields = { queue: false, policy: tracking('oldestAgeSeconds'), signals: { oldestAgeSeconds: metric } };
    expect(linesOf(fields)).toEqual([]);
  });

  it('a definition that is near is offered too', () => {
    expect(linesOf({ policy: tracking('sesions'), signals: { sessions: metric } }).join()).toContain('"sessions"?');
  });

  it('the decide filter is given its values by name, and asks for no source', () => {
    expect(linesOf({ policy: tracking('sessions') }, { signalsGiven: true })).toEqual([]);
  });

  it.each([
    [
      'a definition without use',
      { signals: { load: { source: 'beacon' } } },
      'unusedSignal',
      'services.web.signals.load',
    ],
    ['a load balancer without use', { alb: {} }, 'unusedSignal', 'services.web.alb'],
    [
      'a rate that nobody measures',
      { policy: tracking('requestsPerSecond') },
      'reportedByTasks',
      'services.web.policy',
    ],
  ])('%s is worth a warning', (_, fields, code, path) => {
    expect(planOf(fields).warnings.map((warning) => [warning.code, warning.path])).toContainEqual([code, path]);
  });

  it('a window’s policy is a use, and a definition of one’s own needs no load balancer', () => {
    const { warnings } = planOf({
      schedule: [{ policy: tracking('requestsPerSecond') }],
      signals: { requestsPerSecond: { ...metric, statistic: 'Sum' } },
    });
    expect(warnings.map(({ code }) => code).filter((code) => /Signal|reported/.test(code))).toEqual([]);
  });
});
