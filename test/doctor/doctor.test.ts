import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toServicePlans } from '../../lib/config/parse-config.ts';
import { type AccountPort, collectFacts, type StageToExamine } from '../../lib/doctor/collect-facts.ts';
import { checks, examine } from '../../lib/doctor/examine.ts';
import type { QueueSeen, ServiceSeen, TaskDefinitionSeen } from '../../lib/doctor/facts.ts';
import { renderExamined } from '../../lib/doctor/render.ts';
import { known } from '../../lib/model/observation.ts';
import { sluiceVersion } from '../../lib/model/version.ts';

/**
 * Goal: a stage in order passes every check; each thing that is wrong is found by name, with its command; what may not
 * be asked is told and never a crash.
 * Method: a small account in memory that answers from its own state; each row breaks one thing of it.
 */
const [plan] = toServicePlans({
  limits: { database: { total: 500 } },
  services: {
    convert: {
      worker: { image: 'x', cpu: 512, memoryMiB: 1024, concurrency: 4 },
      tasks: { min: 1, max: 10 },
      uses: { database: 20 },
    },
  },
});
if (plan === undefined) throw new Error('no plan');
const service: ServiceSeen = {
  arn: 'arn:aws:ecs:eu-north-1:123456789012:service/main/convert',
  status: 'ACTIVE',
  capacityProviders: ['FARGATE'],
  deploymentController: 'ECS',
  rollsBack: true,
  taskDefinition: 'arn:aws:ecs:eu-north-1:123456789012:task-definition/convert:3',
  subnets: ['subnet-a', 'subnet-b'],
  desired: 2,
  running: 2,
};
const container = { name: 'worker', hasHealthCheck: true, stopTimeoutSeconds: 120, logGroup: '/sluice/workers' };
const task: TaskDefinitionSeen = {
  arn: service.taskDefinition,
  taskRoleArn: 'arn:aws:iam::123456789012:role/convert-task',
  containers: [container],
};
const queue = (name: string, more: Partial<QueueSeen> = {}): QueueSeen => ({
  arn: `arn:aws:sqs:eu-north-1:123456789012:${name}`,
  visibilityTimeoutSeconds: 60,
  retentionSeconds: 345_600,
  messages: 0,
  ...more,
});

/** An account with one service, in order. Every part may be replaced. */
const account = (change: Partial<AccountPort> = {}, queues: Readonly<Record<string, QueueSeen>> = {}): AccountPort => {
  const zoneOf: Readonly<Record<string, string>> = { 'subnet-a': 'eu-north-1a', 'subnet-b': 'eu-north-1b' };
  const all: Readonly<Record<string, QueueSeen>> = {
    convert: queue('convert', {
      deadLetterArn: 'arn:aws:sqs:eu-north-1:123456789012:convert-dead',
      maxReceiveCount: 10,
    }),
    'convert-dead': queue('convert-dead', { retentionSeconds: 1_209_600 }),
    ...queues,
  };
  return {
    service: async (cluster, name) => (service.arn.endsWith(`${cluster}/${name}`) ? service : undefined),
    taskDefinition: async (arn) => (arn === task.arn ? task : undefined),
    zones: async (subnets) => subnets.flatMap((subnet) => zoneOf[subnet] ?? []),
    queue: async (url) => {
      const found = all[url.split('/').at(-1) ?? ''];
      if (found === undefined) throw new Error('QueueDoesNotExist');
      return found;
    },
    owner: async () => ({ stack: 'sluice', logicalId: 'Service' }),
    denied: async () => [],
    tickRole: async () => 'arn:aws:iam::123456789012:role/tick',
    jobSeconds: async () => 8,
    signals: async () => ({ cpu: known(0, 70), memory: known(0, 50), errorPercent: known(0, 0.2) }),
    targets: async () => [],
    policies: async () => [],
    vcpuQuota: async () => 64,
    alarms: async () => [
      {
        name: 'sluice-Heartbeat',
        namespace: 'AWS/Lambda',
        metric: 'Invocations',
        dimensions: {},
        actions: 1,
        enabled: true,
      },
      { name: 'dead', namespace: 'AWS/SQS', dimensions: { QueueName: 'convert-dead' }, actions: 1, enabled: true },
    ],
    logGroups: async (_, names) => names.map((name) => ({ name, retentionDays: 14 })),
    recoverable: async () => true,
    topic: async (arn) => ({ arn, confirmed: 1, pending: 0 }),
    ...change,
  };
};
const alertTopic = 'arn:aws:sns:eu-north-1:123456789012:alerts';
const untold = (of: StageToExamine): StageToExamine => ({
  ...of,
  bindings: of.bindings.map(({ alertTopic: _, ...binding }) => binding),
});
const stage: StageToExamine = {
  stage: 'sluice',
  region: 'eu-north-1',
  table: 'state',
  version: sluiceVersion,
  bindings: [
    {
      plan,
      shard: '0',
      version: sluiceVersion,
      cluster: 'main',
      ecsService: 'convert',
      table: 'state',
      alertTopic,
      queues: [{ name: 'convert', url: 'https://sqs/1/convert', deadLetterUrl: 'https://sqs/1/convert-dead' }],
    },
  ],
};
const findings = async (port: AccountPort, of: StageToExamine = stage) => {
  const examined = examine(await collectFacts(port, of));
  return { ready: examined.ready, found: examined.checks.flatMap((check) => check.findings) };
};
const withPlan = (change: Partial<typeof plan>): StageToExamine => ({
  ...stage,
  bindings: stage.bindings.map((binding) => ({ ...binding, plan: { ...binding.plan, ...change } })),
});

it('a stage in order has nothing to tell', async () => {
  expect(await findings(account())).toEqual({ ready: true, found: [] });
  const text = renderExamined(examine(await collectFacts(account(), stage)));
  expect(text.match(/^ {2}ok /gm)).toHaveLength(checks.length);
});

const target = { ResourceId: 'service/main/convert', MinCapacity: 1, MaxCapacity: 9 };

describe('each thing that is wrong, with its command', () => {
  it.each<[code: string, severity: string, AccountPort, command: RegExp, of?: StageToExamine]>([
    ['service', 'error', account({ service: async () => undefined }), /describe-services/],
    ['service', 'error', account({ service: async () => ({ ...service, launchType: 'EC2' }) }), /describe-services/],
    [
      'service',
      'error',
      account({ service: async () => ({ ...service, deploymentController: 'CODE_DEPLOY' }) }),
      /describe-services/,
    ],
    [
      'service',
      'error',
      account({ taskDefinition: async () => ({ ...task, operatingSystem: 'WINDOWS_SERVER_2022_CORE' }) }),
      /describe-services/,
    ],
    ['alerts', 'warning', account(), /cdk deploy/, untold(stage)],
    [
      'alerts',
      'warning',
      account({ topic: async (arn) => ({ arn, confirmed: 0, pending: 2 }) }),
      /sns subscribe --topic-arn arn:aws:sns:eu-north-1:123456789012:alerts/,
    ],
    [
      'rollout',
      'warning',
      account({ service: async () => ({ ...service, desired: 10, running: 7 }) }),
      /describe-services .*events/,
    ],
    [
      'zones',
      'warning',
      account({ service: async () => ({ ...service, subnets: ['subnet-a'] }) }),
      /awsvpcConfiguration/,
    ],
    [
      'healthCheck',
      'warning',
      account({ taskDefinition: async () => ({ ...task, containers: [{ ...container, hasHealthCheck: false }] }) }),
      /describe-task-definition/,
    ],
    [
      'rollback',
      'warning',
      account({ service: async () => ({ ...service, rollsBack: false }) }),
      /deploymentCircuitBreaker/,
    ],
    ['stopTimeout', 'warning', account({ jobSeconds: async () => 300 }), /stopTimeout/],
    [
      'stopTimeout',
      'warning',
      account({
        jobSeconds: async () => 40,
        taskDefinition: async () => ({ ...task, containers: [{ name: 'worker', hasHealthCheck: true }] }),
      }),
      /stopTimeout/,
    ],
    [
      'scalableTarget',
      'error',
      account({ targets: async () => [target] }),
      /register-scalable-target .*Suspended=true/,
    ],
    [
      'scalableTarget',
      'info',
      account({ targets: async () => [target] }),
      /register-scalable-target/,
      withPlan({ mode: 'shadow' }),
    ],
    [
      'desiredCount',
      'error',
      account({ owner: async () => ({ stack: 'legacy', logicalId: 'Web', desiredCount: 2 }) }),
      /get-template --stack-name legacy/,
    ],
    [
      'taskRights',
      'error',
      account({ denied: async (role) => (role.endsWith('task') ? ['ecs:UpdateTaskProtection'] : []) }),
      /put-role-policy --role-name convert-task/,
    ],
    [
      'taskRights',
      'warning',
      account({ taskDefinition: async () => ({ arn: task.arn, containers: [container] }) }),
      /cdk deploy/,
    ],
    [
      'tickRights',
      'error',
      account({ denied: async (role) => (role.endsWith('tick') ? ['ecs:UpdateService'] : []) }),
      /put-role-policy --role-name tick/,
    ],
    ['tickRights', 'warning', account({ tickRole: async () => undefined }), /describe-stack-resources/],
    ['deadLetterQueue', 'error', account({}, { convert: queue('convert') }), /RedrivePolicy/],
    [
      'deadLetterRetention',
      'error',
      account({}, { 'convert-dead': queue('convert-dead') }),
      /MessageRetentionPeriod=1209600/,
    ],
    [
      'deadLetters',
      'warning',
      account({}, { 'convert-dead': queue('convert-dead', { retentionSeconds: 1_209_600, messages: 3 }) }),
      /receive-message/,
    ],
    ['visibilityTimeout', 'info', account({ jobSeconds: async () => undefined }), /VisibilityTimeout=60/],
    [
      'visibilityTimeout',
      'error',
      account({ jobSeconds: async () => undefined }),
      /VisibilityTimeout=600/,
      withPlan({ priors: { serviceSeconds: 100 } }),
    ],
    ['vcpuQuota', 'error', account({ vcpuQuota: async () => 4 }), /--quota-code L-3032A538 --desired-value 10$/],
    ['vcpuQuota', 'warning', account({ vcpuQuota: async () => 6 }), /--desired-value 10$/],
    ['heartbeatAlarm', 'error', account({ alarms: async () => (await account().alarms()).slice(1) }), /cdk deploy/],
    [
      'heartbeatAlarm',
      'warning',
      account({
        alarms: async () =>
          (await account().alarms()).map((alarm) => ({ ...alarm, actions: alarm.name === 'dead' ? 1 : 0 })),
      }),
      /describe-alarms/,
    ],
    [
      'deadLetterAlarms',
      'warning',
      account({ alarms: async () => (await account().alarms()).slice(0, 1) }),
      /put-metric-alarm --alarm-name convert-dead/,
      untold(stage),
    ],
    [
      'logRetention',
      'warning',
      account({ logGroups: async (_, names) => names.map((name) => ({ name })) }),
      /put-retention-policy --log-group-name '\/sluice\/workers'/,
    ],
    [
      'pointInTimeRecovery',
      'warning',
      account({ recoverable: async () => false }),
      /update-continuous-backups --table-name state/,
    ],
    ['version', 'warning', account(), /cdk deploy/, { ...stage, version: '9.0.0' }],
    ['load', 'warning', account({ signals: async () => ({ cpu: known(0, 93) }) }), /why convert/],
    ['load', 'info', account({ signals: async () => ({ cpu: known(0, 12) }) }), /why convert/],
    ['load', 'warning', account({ signals: async () => ({ cacheHitPercent: known(0, 60) }) }), /why convert/],
    ['load', 'info', account({ signals: async () => ({ cacheHitPercent: known(0, 75) }) }), /why convert/],
    ['load', 'error', account({ signals: async () => ({ errorPercent: known(0, 3) }) }), /why convert/],
    ['load', 'warning', account({ signals: async () => ({ latencyMs: known(0, 800) }) }), /why convert/],
    ['load', 'warning', account({ signals: async () => ({ memory: known(0, 85) }) }), /why convert/],
  ])('%s: %s', async (code, severity, port, command, of) => {
    const { ready, found } = await findings(port, of);
    const own = found.find((finding) => finding.code === code);
    expect(own).toMatchObject({ severity, command: expect.stringMatching(command) });
    expect(ready).toBe(found.every((finding) => finding.severity !== 'error'));
  });
});

it('which limit binds first, and at what throughput', async () => {
  const uses = { database: 20, redis: 10 };
  const of = withPlan({ tasks: { min: 5, max: 50 }, uses, limits: { database: 500, redis: 200 } });
  const { found } = await findings(account(), of);
  // 20 tasks × 4 at once, 8 s each.
  expect(found.find(({ code }) => code === 'limits')?.found).toBe(
    '"redis" binds first, at 20 tasks (200 / 10 a task), then "database" at 25: about 36,000 jobs an hour',
  );
});

it('the rights are asked on the resources themselves, protection under the condition of its cluster', async () => {
  const asked: unknown[] = [];
  const denied: AccountPort['denied'] = async (_, rights) => {
    asked.push(...rights);
    return [];
  };
  await findings(account({ denied }));
  expect(asked).toContainEqual({
    actions: ['ecs:UpdateTaskProtection', 'ecs:GetTaskProtection'],
    resources: [expect.stringMatching(/^arn:aws:ecs:eu-north-1:123456789012:task\/main\//)],
    context: { 'ecs:cluster': ['arn:aws:ecs:eu-north-1:123456789012:cluster/main'] },
  });
  expect(asked).toContainEqual(
    expect.objectContaining({ resources: ['arn:aws:ssm:eu-north-1:123456789012:parameter/sluice/sluice/services'] }),
  );
});

it('an account that allows nothing: no crash, every question is told with its right, and nothing is an error', async () => {
  const port = Object.fromEntries(
    Object.keys(account()).map((name) => [
      name,
      () => Promise.reject(Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })),
    ]),
  ) as unknown as AccountPort;
  const { ready, found } = await findings(port);
  expect(ready).toBe(true);
  expect(found.every(({ severity }) => severity === 'unknown')).toBe(true);
  const rights = found.map(({ expected }) => expected).join(' ');
  for (const right of [
    'ecs:DescribeServices',
    'sqs:GetQueueAttributes',
    'servicequotas:GetServiceQuota',
    'cloudwatch:DescribeAlarms',
    'logs:DescribeLogGroups',
    'dynamodb:DescribeContinuousBackups',
    'application-autoscaling:DescribeScalableTargets',
    'cloudformation:ListStackResources',
  ])
    expect(rights).toContain(right);
});

it('the version in the code is the package’s', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version: sluiceVersion });
});
