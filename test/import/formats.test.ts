import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { type ImportedConfig, importFiles } from '../../lib/import/import-files.ts';
import { BadInput } from '../../lib/model/bad-input.ts';

/**
 * Goal: each format becomes the config that means the same, and nothing is left out without a note.
 * Method: one fixture a format, variations of it as text; then every object of every fixture gets a key that nobody
 * knows, and the notes must name it.
 */
const now = '2026-11-21T00:00:00Z';
const fixture = (name: string) => ({ name, text: readFileSync(`test/import/fixtures/${name}`, 'utf8') });
const imported = (...names: readonly string[]): ImportedConfig => importFiles(names.map(fixture), { now });
const fromText = (text: string, name = 'x.yaml'): ImportedConfig => importFiles([{ name, text }], { now });
const only = ({ config }: ImportedConfig) => Object.values(config.services)[0] ?? {};
const lost = ({ notes }: ImportedConfig) => notes.filter(({ became }) => became === null).map(({ path }) => path);
const issueOf = (run: () => unknown): BadInput['issues'][number] | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof BadInput) return error.issues[0];
    throw error;
  }
  return undefined;
};

const kubernetesBehavior = {
  scaleOut: {
    stabilizationSeconds: 0,
    policies: [
      { percent: 100, periodSeconds: 15 },
      { tasks: 4, periodSeconds: 15 },
    ],
  },
  scaleIn: { stabilizationSeconds: 300, policies: [{ percent: 100, periodSeconds: 15 }] },
};

describe('KEDA', () => {
  it('a ScaledObject with a queue, a cron floor, a fallback and a trigger from elsewhere', () => {
    const result = imported('keda.yaml');
    expect(result.config).toEqual({
      tickSeconds: 15,
      services: {
        convert: {
          queue: { name: 'convert-jobs' },
          tasks: { min: 0, max: 50 },
          policy: { type: 'targetTracking', signals: [{ signal: 'unfinishedJobs', perTask: 5 }], tolerance: 0.1 },
          behavior: kubernetesBehavior,
          timeZone: 'Europe/Copenhagen',
          schedule: [
            {
              name: 'cron 1',
              days: ['mon', 'tue', 'wed', 'thu', 'fri'],
              from: '08:00',
              to: '18:00',
              tasks: { min: 5 },
            },
          ],
          fallback: { afterMinutes: 2, count: 'currentIfHigher', than: 6 },
        },
      },
    });
    expect(lost(result)).toEqual(['keda.yaml:1', expect.stringMatching(/^keda.yaml:\d+ spec.triggers\[2\]$/)]);
    expect(result.notes.filter(({ kind }) => kind === 'default').map(({ at, became }) => [at, became])).toContainEqual([
      'services.convert.tasks.min',
      '0',
    ]);
  });

  const object = (spec: string, annotations = '{}'): string =>
    `kind: ScaledObject\nmetadata: { name: w, annotations: ${annotations} }\nspec:\n  scaleTargetRef: { name: w }\n${spec}`;
  const sqs = (more = '') =>
    `  triggers: [{ type: aws-sqs-queue, metadata: { queueURL: https://sqs/1/jobs, ${more} } }]\n`;

  it.each([
    [
      'in flight left out',
      sqs('scaleOnInFlight: "false"'),
      '{}',
      { policy: { signals: [{ signal: 'queueDepth', perTask: 5 }] } },
    ],
    [
      'metricType Value',
      sqs().replace('type:', 'metricType: Value, type:'),
      '{}',
      { policy: { signals: [{ signal: 'unfinishedJobs', target: 5 }] } },
    ],
    [
      'CPU beside the queue',
      '  triggers: [{ type: cpu, metricType: Utilization, metadata: { value: "60" } }]\n',
      '{}',
      { queue: false, policy: { signals: [{ signal: 'cpu', target: 60 }] } },
    ],
    ['idle count', `  minReplicaCount: 3\n  idleReplicaCount: 0\n${sqs()}`, '{}', { tasks: { min: 0, max: 100 } }],
    ['paused', sqs(), '{ autoscaling.keda.sh/paused: "true" }', { mode: 'shadow' }],
    [
      'scale-in paused',
      sqs(),
      '{ autoscaling.keda.sh/paused-scale-in: "true" }',
      { behavior: { scaleIn: { select: 'disabled' } } },
    ],
    [
      'scale-out paused',
      sqs(),
      '{ autoscaling.keda.sh/paused-scale-out: "true" }',
      { behavior: { scaleOut: { select: 'disabled' } } },
    ],
    ['kept at a count', sqs(), '{ autoscaling.keda.sh/paused-replicas: "5" }', { mode: 'shadow' }],
    ['always one', sqs(), '{ autoscaling.keda.sh/force-activation: "true" }', { tasks: { min: 1, max: 100 } }],
    [
      'a static fallback',
      `  fallback: { failureThreshold: 3, replicas: 6 }\n${sqs()}`,
      '{}',
      { fallback: { afterMinutes: 1.5, count: 6 } },
    ],
    [
      'two queues',
      '  triggers: [{ type: aws-sqs-queue, metadata: { queueURL: https://sqs/1/a, queueLength: 5 } }, { type: aws-sqs-queue, metadata: { queueURL: https://sqs/1/b, queueLength: 2 } }]\n',
      '{}',
      { queues: [{ name: 'a' }, { name: 'b' }], policy: { signals: [{ signal: 'unfinishedJobs', perTask: 2 }] } },
    ],
    [
      'only cron: exact counts',
      '  minReplicaCount: 1\n  triggers: [{ type: cron, metadata: { timezone: UTC, start: 0 22 * * *, end: 0 6 * * *, desiredReplicas: 4 } }]\n',
      '{}',
      {
        queue: false,
        tasks: { min: 1, max: 1 },
        schedule: [{ name: 'cron 1', days: 'every', from: '22:00', to: '06:00', tasks: { exact: 4 } }],
      },
    ],
    [
      'a CloudWatch metric',
      '  triggers: [{ type: aws-cloudwatch, metadata: { namespace: App, metricName: Depth, dimensionName: Q, dimensionValue: x, targetMetricValue: "8" } }]\n',
      '{}',
      {
        signals: { m_Depth: { namespace: 'App', metric: 'Depth', dimensions: { Q: 'x' }, periodSeconds: 300 } },
        policy: { signals: [{ signal: 'm_Depth', perTask: 8 }] },
      },
    ],
  ])('%s', (_, spec, annotations, service) => {
    expect(only(fromText(object(spec, annotations)))).toMatchObject(service);
  });

  it('overlapping cron triggers: the larger floor, over the end of the week', () => {
    const cron = (start: string, end: string, replicas: number) =>
      `{ type: cron, metadata: { timezone: UTC, start: ${start}, end: ${end}, desiredReplicas: ${replicas} } }`;
    const text = object(
      `  triggers: [{ type: aws-sqs-queue, metadata: { queueURL: https://sqs/1/jobs } }, ${cron('0 8 * * MON-FRI', '0 18 * * MON-FRI', 5)}, ${cron('0 12 * * *', '0 13 * * *', 9)}, ${cron('0 20 * * 6', '0 6 * * 1', 2)}]\n`,
    );
    expect(only(fromText(text)).schedule).toEqual([
      { name: 'cron 1', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '12:00', tasks: { min: 5 } },
      { name: 'cron 2', days: 'every', from: '12:00', to: '13:00', tasks: { min: 9 } },
      { name: 'cron 1', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '13:00', to: '18:00', tasks: { min: 5 } },
      { name: 'cron 3', days: ['sat'], from: '20:00', to: '12:00', tasks: { min: 2 } },
      { name: 'cron 3', days: ['sun'], from: '13:00', to: '06:00', tasks: { min: 2 } },
    ]);
  });

  it.each([
    ['another window than cooldownPeriod', `  cooldownPeriod: 60\n${sqs()}`, 'spec.cooldownPeriod'],
    ['an activation threshold', sqs('activationQueueLength: "10"'), 'activationQueueLength'],
    ['delayed messages', sqs('scaleOnDelayed: "true"'), 'scaleOnDelayed'],
    [
      'a formula over triggers',
      `  advanced: { scalingModifiers: { formula: a + b, target: "2" } }\n${sqs()}`,
      'spec.advanced',
    ],
    [
      'a CPU amount',
      '  triggers: [{ type: cpu, metricType: AverageValue, metadata: { value: 500m } }, { type: aws-sqs-queue, metadata: { queueURL: https://sqs/1/a } }]\n',
      'spec.triggers[0]',
    ],
    [
      'a day of the month',
      `  triggers: [{ type: aws-sqs-queue, metadata: { queueURL: https://sqs/1/a } }, { type: cron, metadata: { timezone: UTC, start: 0 8 1 * *, end: 0 9 1 * *, desiredReplicas: 4 } }]\n`,
      'spec.triggers[1]',
    ],
  ])('%s is told', (_, spec, path) => {
    expect(
      fromText(object(spec))
        .notes.filter(({ kind }) => kind !== 'default')
        .map((note) => note.path),
    ).toContainEqual(expect.stringContaining(path));
  });
});

describe('HPA', () => {
  it('Resource, Pods and External metrics, behaviour and tolerances', () => {
    expect(imported('hpa.yaml').config.services.web).toEqual({
      queue: { name: 'web' },
      tasks: { min: 3, max: 50 },
      policy: {
        type: 'targetTracking',
        signals: [
          { signal: 'cpu', target: 60 },
          { signal: 'activeJobs', perTask: 10 },
          { signal: 'tenant_quota_used', target: 0.5 },
        ],
        tolerance: 0.05,
      },
      signals: { tenant_quota_used: { source: 'beacon', combine: 'mean' } },
      behavior: {
        scaleOut: {
          stabilizationSeconds: 60,
          policies: [
            { percent: 100, periodSeconds: 30 },
            { tasks: 5, periodSeconds: 30 },
          ],
        },
        scaleIn: {
          stabilizationSeconds: 300,
          select: 'disabled',
          policies: [{ percent: 100, periodSeconds: 15 }],
          tolerance: 0.1,
        },
      },
    });
  });

  it('without metrics: CPU 80 %, with a note', () => {
    const result = fromText('kind: HorizontalPodAutoscaler\nmetadata: { name: a }\nspec: { maxReplicas: 4 }');
    expect(only(result)).toMatchObject({
      tasks: { min: 1, max: 4 },
      policy: { signals: [{ signal: 'cpu', target: 80 }] },
      behavior: kubernetesBehavior,
    });
    expect(result.notes.map(({ became }) => became)).toContain('cpu 80 %');
  });

  it('a list of several, as kubectl prints it; --service chooses', () => {
    const hpa = (name: string) =>
      `{ kind: HorizontalPodAutoscaler, metadata: { name: ${name} }, spec: { maxReplicas: 4 } }`;
    const file = { name: 'l.yaml', text: `kind: List\nitems: [${hpa('a')}, ${hpa('b')}]` };
    expect(Object.keys(importFiles([file], { now }).config.services)).toEqual(['a', 'b']);
    expect(Object.keys(importFiles([file], { now, service: 'b' }).config.services)).toEqual(['b']);
    expect(issueOf(() => importFiles([file], { now, service: 'c' }))?.expected).toBe('one of a, b');
  });
});

describe('Application Auto Scaling', () => {
  it('backlog per task, bounds, actions of the week and one of one day, in two files', () => {
    const result = imported('aas-policies.json', 'aas-rest.json');
    expect(result.config.services.convert).toEqual({
      queue: { name: 'convert-jobs' },
      tasks: { min: 1, max: 20 },
      policy: { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 10 }], tolerance: 0 },
      behavior: {
        scaleOut: { stabilizationSeconds: 180, cooldownSeconds: 60, policies: [] },
        scaleIn: {
          stabilizationSeconds: 900,
          cooldownSeconds: 300,
          policies: [{ percent: 50, periodSeconds: 60 }],
          tolerance: 0.1,
        },
      },
      timeZone: 'Europe/Copenhagen',
      schedule: [
        // Until the evening's action, with the maximum that the morning's one set.
        { name: 'christmas', dates: ['2026-12-24'], from: '10:00', to: '18:00', tasks: { min: 20, max: 40 } },
        {
          name: 'morning',
          days: ['mon', 'tue', 'wed', 'thu', 'fri'],
          from: '08:00',
          to: '18:00',
          tasks: { min: 5, max: 40 },
        },
      ],
    });
    expect(lost(result)).toEqual([expect.stringContaining('ScheduledActions[3]')]);
  });

  const policy = (name: string, rest: object) => ({
    PolicyName: name,
    ServiceNamespace: 'ecs',
    ResourceId: 'service/c/web',
    ...rest,
  });
  const tracking = (name: string, config: object) =>
    policy(name, {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 60,
        ScaleInCooldown: 300,
        ScaleOutCooldown: 300,
        ...config,
      },
    });
  const predefined = (type: string, more = {}) => ({
    PredefinedMetricSpecification: { PredefinedMetricType: type, ...more },
  });
  const steps = (name: string, adjustments: readonly object[], alarm: string) =>
    policy(name, {
      PolicyType: 'StepScaling',
      Alarms: [{ AlarmName: alarm }],
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        Cooldown: 120,
        StepAdjustments: adjustments,
      },
    });
  const alarm = (name: string, comparison: string, threshold: number) => ({
    AlarmName: name,
    ComparisonOperator: comparison,
    Threshold: threshold,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'web-jobs' }],
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 1,
  });
  const from = (document: object) => fromText(JSON.stringify(document), 'aas.json');

  it.each([
    ['CPU', predefined('ECSServiceAverageCPUUtilization'), { signal: 'cpu', target: 60 }],
    ['CPU at 20 s', predefined('ECSServiceAverageCPUUtilizationHighResolution'), { signal: 'cpu', target: 60 }],
    ['memory', predefined('ECSServiceAverageMemoryUtilization'), { signal: 'memory', target: 60 }],
    [
      'requests of a target group, by the minute',
      predefined('ALBRequestCountPerTarget', { ResourceLabel: 'app/l/1/targetgroup/t/2' }),
      { signal: 'requestsPerSecond', perTask: 1 },
    ],
    [
      'a metric of their own',
      { CustomizedMetricSpecification: { Namespace: 'App', MetricName: 'Load', Statistic: 'Average', Dimensions: [] } },
      { signal: 'Load', target: 60 },
    ],
  ])('%s', (_, config, signal) => {
    expect(only(from({ ScalingPolicies: [tracking('t', config)] })).policy).toMatchObject({ signals: [signal] });
  });

  it('expressions upon expressions become one', () => {
    const metrics = [
      { Id: 'a', MetricStat: { Metric: { Namespace: 'App', MetricName: 'A' }, Stat: 'Sum' }, ReturnData: false },
      { Id: 'b', MetricStat: { Metric: { Namespace: 'App', MetricName: 'B' }, Stat: 'Sum' }, ReturnData: false },
      { Id: 'half', Expression: 'b / 2', ReturnData: false },
      { Id: 'r', Expression: 'a / half', ReturnData: true },
    ];
    const { signals } = only(
      from({ ScalingPolicies: [tracking('t', { CustomizedMetricSpecification: { Metrics: metrics } })] }),
    );
    expect(signals).toMatchObject({ expression_r: { expression: 'a / (b / 2)', metrics: { a: { metric: 'A' } } } });
  });

  it('step policies with their alarms: edges from the threshold, both sides in one, any beside target tracking', () => {
    const result = from({
      ScalingPolicies: [
        tracking('t', predefined('ECSServiceAverageCPUUtilization')),
        steps(
          'out',
          [
            { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 400, ScalingAdjustment: 1 },
            { MetricIntervalLowerBound: 400, ScalingAdjustment: 5 },
          ],
          'high',
        ),
        steps('in', [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -1 }], 'low'),
      ],
      MetricAlarms: [
        alarm('high', 'GreaterThanOrEqualToThreshold', 100),
        alarm('low', 'LessThanOrEqualToThreshold', 0),
      ],
    });
    expect(only(result)).toMatchObject({
      queue: { name: 'web-jobs' },
      policy: {
        type: 'any',
        of: [
          { type: 'targetTracking' },
          {
            type: 'steps',
            signal: 'queueDepth',
            steps: [
              { to: 0, by: -1 },
              { from: 100, to: 500, by: 1 },
              { from: 500, by: 5 },
            ],
          },
        ],
      },
      behavior: { scaleOut: { stabilizationSeconds: 0, cooldownSeconds: 120 }, scaleIn: { stabilizationSeconds: 900 } },
    });
    expect(lost(result)).toEqual([]);
  });

  it('a step policy without its alarm says which command to add', () => {
    const { notes } = from({
      ScalingPolicies: [tracking('t', predefined('ECSServiceAverageCPUUtilization')), steps('out', [], 'high')],
    });
    expect(notes.find(({ became }) => became === null)?.why).toContain(
      'aws cloudwatch describe-alarms --alarm-names high',
    );
  });

  it('suspended scale-in, and scale-in that is disabled', () => {
    const target = {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/c/web',
      MinCapacity: 1,
      MaxCapacity: 9,
      SuspendedState: { DynamicScalingInSuspended: true },
    };
    const cpu = tracking('t', predefined('ECSServiceAverageCPUUtilization'));
    expect(only(from({ ScalableTargets: [target], ScalingPolicies: [cpu] })).behavior?.scaleIn).toMatchObject({
      select: 'disabled',
    });
    const held = tracking('t', { ...predefined('ECSServiceAverageCPUUtilization'), DisableScaleIn: true });
    expect(only(from({ ScalingPolicies: [held] })).behavior?.scaleIn).toMatchObject({ select: 'disabled' });
  });
});

describe('Copilot and CDK', () => {
  it('queue_delay keeps its two numbers, and becomes the promise', () => {
    expect(only(imported('copilot.yml'))).toMatchObject({
      slo: { percent: 99, startWithinSeconds: 600 },
      tasks: { min: 1, max: 20 },
      worker: { cpu: 512, memoryMiB: 1024, environment: { LOG_LEVEL: 'info' } },
      policy: {
        type: 'max',
        of: [
          { type: 'targetTracking', signals: [{ signal: 'cpu', target: 70 }] },
          { type: 'backlogPerTask', latencySeconds: 600, secondsPerJob: 0.25 },
        ],
      },
      behavior: { scaleOut: { cooldownSeconds: 60 }, scaleIn: { cooldownSeconds: 90 } },
    });
  });

  it.each([
    ['a fixed count', 'count: 3', { tasks: { min: 3, max: 3 } }],
    ['no count', 'cpu: 256', { tasks: { min: 1, max: 1 } }],
    [
      'requests and response time',
      'count: { range: { min: 1, max: 5 }, requests: 6000, response_time: 2s }',
      {
        policy: {
          signals: [
            { signal: 'requestsPerSecond', perTask: 100 },
            { signal: 'latencyMs', target: 2000 },
          ],
        },
      },
    ],
  ])('a web service with %s', (_, count, service) => {
    expect(only(fromText(`name: web\ntype: Load Balanced Web Service\n${count}`))).toMatchObject(service);
  });

  it('the pattern’s silent steps and CPU policy', () => {
    expect(only(imported('cdk.json'))).toMatchObject({
      tasks: { min: 0, max: 10 },
      policy: {
        type: 'any',
        of: [
          { signals: [{ signal: 'cpu', target: 50 }] },
          {
            steps: [
              { to: 0, by: -1 },
              { from: 100, to: 500, by: 1 },
              { from: 500, by: 5 },
            ],
          },
        ],
      },
      behavior: { scaleOut: { cooldownSeconds: 120 } },
    });
    expect(only(imported('cdk-web.json'))).toMatchObject({
      tasks: { min: 2, max: 12 },
      policy: {
        signals: [
          { signal: 'cpu', target: 55 },
          { signal: 'requestsPerSecond', perTask: 100 },
        ],
      },
    });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['broken YAML', 'kind: ScaledObject\nspec: [1,\n', /^x.yaml:\d+:\d+$/],
    ['a template', 'kind: ScaledObject\nspec: {{ .Values.spec }}\n', /^x.yaml:2/],
    ['broken JSON', '{"ScalingPolicies": [,]}', /^x.yaml:1:22$/],
    ['nothing', '', /^x.yaml$/],
    ['another kind', 'kind: Deployment\nmetadata: { name: a }', /^x.yaml:1$/],
    [
      'text where a number belongs',
      'kind: HorizontalPodAutoscaler\nspec:\n  maxReplicas: ten',
      /^x.yaml:3 spec.maxReplicas$/,
    ],
    ['no upper bound', 'kind: HorizontalPodAutoscaler\nspec:\n  minReplicas: 1', /^x.yaml:\d spec.maxReplicas$/],
    ['more than Sluice takes', 'kind: HorizontalPodAutoscaler\nspec: { maxReplicas: 9000 }', /tasks.max$/],
    [
      'an unknown enum',
      'kind: HorizontalPodAutoscaler\nspec: { maxReplicas: 9, behavior: { scaleUp: { selectPolicy: Most } } }',
      /selectPolicy$/,
    ],
  ])('%s', (_, text, path) => {
    const issue = issueOf(() => fromText(text));
    expect(issue?.path).toMatch(path);
    expect([issue?.found, issue?.expected, issue?.mend].every((part) => part !== undefined && part.length > 0)).toBe(
      true,
    );
  });
});

describe('the law: what is not understood is told', () => {
  const files = [
    'keda.yaml',
    'hpa.yaml',
    'aas-policies.json',
    'aas-rest.json',
    'copilot.yml',
    'cdk.json',
    'cdk-web.json',
  ];
  /** Identity and labels; free-form maps, where any key has a meaning. */
  const free = /^(metadata|scaleTargetRef|labels|authenticationRef|variables|spec\.podIdentity)/;

  it.each(files)('%s', (name) => {
    const documents = parseAllDocuments(fixture(name).text).map((document) => document.toJS());
    const companions = name.startsWith('aas')
      ? ['aas-policies.json', 'aas-rest.json'].filter((other) => other !== name)
      : [];
    let tried = 0;
    for (const place of documents.flatMap((document, i) => objectsIn(document).map((object) => ({ i, ...object })))) {
      if (free.test(place.path) || /variables|podIdentity|scaleTargetRef|Alarms/.test(place.path)) continue;
      place.object.somethingNew = 'hm';
      const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
      const { notes } = importFiles([{ name: 'x.yaml', text }, ...companions.map(fixture)], { now });
      const told = notes.some(
        ({ path, found, became }) =>
          `${path} ${found}`.includes('somethingNew') ||
          (became === null && (found.startsWith('the ') || place.path.startsWith(bare(path)))),
      );
      expect(told, place.path).toBe(true);
      delete place.object.somethingNew;
      tried += 1;
    }
    expect(tried).toBeGreaterThan(0);
  });

  it('every imported config is one that validate accepts', () => {
    for (const result of [
      imported('keda.yaml'),
      imported('hpa.yaml'),
      imported('aas-policies.json', 'aas-rest.json'),
      imported('copilot.yml'),
      imported('cdk.json'),
      imported('cdk-web.json'),
    ])
      expect(parseConfig(JSON.parse(JSON.stringify(result.config)))).toMatchObject({ ok: true });
  });
});

/** `x.yaml:12 spec.triggers[2]` → `spec.triggers[2]`. */
const bare = (path: string): string => path.split(' ')[1] ?? '\0';

const objectsIn = (
  value: unknown,
  path = '',
): { readonly path: string; readonly object: Record<string, unknown> }[] => {
  if (Array.isArray(value)) return value.flatMap((item, i) => objectsIn(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Record<string, unknown>;
  return [
    { path, object },
    ...Object.entries(object).flatMap(([key, item]) => objectsIn(item, path === '' ? key : `${path}.${key}`)),
  ];
};
