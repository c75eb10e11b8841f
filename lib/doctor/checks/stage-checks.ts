import type { ServicePlan } from '../../model/plan.ts';
import { boundsIn } from '../../schedule/settings-at.ts';
import { type Check, type FindingText, given, perStage } from '../finding.ts';
import { putPolicy } from './service-checks.ts';

const quota = perStage('vcpuQuota', 'the Fargate quota covers all tasks', ({ services, vcpuQuota }) =>
  given(vcpuQuota, (vcpu) => {
    const most = services.reduce((sum, { binding }) => sum + mostVcpu(binding.plan), 0);
    if (2 * most <= vcpu) return [];
    return [
      {
        severity: most > vcpu ? 'error' : 'warning',
        found: `${vcpu} vCPU (L-3032A538), for services that may ask for ${round(most)}`,
        expected:
          most > vcpu
            ? `at least ${Math.ceil(most)}`
            : `${Math.ceil(2 * most)}: a deployment at the peak needs up to double`,
        mend: 'Ask for more; it takes hours to days.',
        command: `aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 --desired-value ${Math.ceil(2 * most)}`,
      },
    ];
  }),
);

const mostVcpu = (plan: ServicePlan): number =>
  Math.max(
    (plan.worker.cpu / 1024) * plan.tasks.max,
    ...plan.schedule.map((window) => ((window.size ?? plan.worker).cpu / 1024) * boundsIn(plan.tasks, window).max),
  );

const heartbeat = perStage('heartbeatAlarm', 'somebody is told when Sluice stands still', ({ alarms, stage }) =>
  given(alarms, (all) => {
    const own = all.filter(
      ({ namespace, metric, name }) => namespace === 'AWS/Lambda' && metric === 'Invocations' && name.includes(stage),
    );
    const [alarm] = own;
    if (own.some(({ actions, enabled }) => actions > 0 && enabled)) return [];
    return [
      {
        severity: alarm === undefined ? 'error' : 'warning',
        found: alarm === undefined ? 'no heartbeat alarm' : `the alarm ${alarm.name}, which tells nobody`,
        expected: 'an alarm on missing invocations, with an action',
        mend:
          alarm === undefined
            ? 'Deploy the stack again.'
            : 'Give the config "alerts", or the stack an alarm topic (alarmTopic), and deploy.',
        command:
          alarm === undefined
            ? 'npx cdk deploy'
            : `aws cloudwatch describe-alarms --alarm-names '${alarm.name}' --query 'MetricAlarms[].AlarmActions'`,
      },
    ];
  }),
);

const deadAlarms = perStage('deadLetterAlarms', 'somebody is told about dead jobs', ({ alarms, services }) =>
  given(alarms, (all) =>
    services
      // Where people are told of alerts, Sluice looks at its dead-letter queues itself.
      .flatMap(({ binding }) => (binding.alertTopic === undefined ? binding.queues : []))
      .flatMap(({ deadLetterUrl }) => deadLetterUrl?.split('/').at(-1) ?? [])
      .filter(
        (queue) =>
          !all.some(({ dimensions, actions, enabled }) => dimensions.QueueName === queue && actions > 0 && enabled),
      )
      .map((queue) => ({
        severity: 'warning',
        found: `no alarm with an action on ${queue}`,
        expected: 'one on ApproximateNumberOfMessagesVisible above 0',
        mend: 'Make it, with a topic of yours.',
        command: `aws cloudwatch put-metric-alarm --alarm-name ${queue} --namespace AWS/SQS --metric-name ApproximateNumberOfMessagesVisible --dimensions Name=QueueName,Value=${queue} --statistic Maximum --period 300 --evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold --alarm-actions TOPIC_ARN`,
      })),
  ),
);

const alerts = perStage('alerts', 'somebody is told of alerts', ({ alertTopic }) =>
  given(alertTopic, (topic): readonly FindingText[] => {
    if (topic === undefined)
      return [
        {
          severity: 'warning',
          found: 'no "alerts" in the config',
          expected: 'a topic that somebody reads',
          mend: 'Add "alerts": { "email": ["you@example.com"] } at the top of the config, and deploy.',
          command: 'npx cdk deploy',
        },
      ];
    if (topic.confirmed > 0) return [];
    return [
      {
        severity: 'warning',
        found: `no confirmed subscription to ${topic.arn}${topic.pending > 0 ? `, ${topic.pending} pending` : ''}`,
        expected: 'at least one',
        mend:
          topic.pending > 0
            ? 'SNS has sent a mail to each address: open the link in it.'
            : 'Add an address to "alerts.email" and deploy, or subscribe by hand.',
        command: `aws sns subscribe --topic-arn ${topic.arn} --protocol email --notification-endpoint you@example.com`,
      },
    ];
  }),
);

const logRetention = perStage('logRetention', 'logs do not grow for ever', ({ logGroups }) =>
  given(logGroups, (groups) =>
    groups
      .filter(({ retentionDays }) => retentionDays === undefined)
      .map(({ name }) => ({
        severity: 'warning',
        found: `no retention on ${name}`,
        expected: 'a number of days',
        mend: 'Set one: stored logs cost USD 0.03 per GB and month.',
        command: `aws logs put-retention-policy --log-group-name '${name}' --retention-in-days 14`,
      })),
  ),
);

const recovery = perStage('pointInTimeRecovery', 'the table can be restored to any second', ({ recoverable, table }) =>
  given(recoverable, (isOn) =>
    isOn
      ? []
      : [
          {
            severity: 'warning',
            found: `none on ${table}`,
            expected: 'point-in-time recovery, and a restore that was tried once',
            mend: 'Turn it on.',
            command: `aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
          },
        ],
  ),
);

const tickRights = perStage('tickRights', 'the tick function may do what it does', ({ tickRole, stage }) =>
  given(tickRole, (role): readonly FindingText[] => {
    if (role === undefined)
      return [
        {
          severity: 'warning',
          found: `no role of a tick function in stack ${stage}`,
          expected: 'the stack that "cdk deploy" made',
          mend: 'Doctor looks for the stage by its stack’s name.',
          command: `aws cloudformation describe-stack-resources --stack-name ${stage}`,
        },
      ];
    if (role.denied.length === 0) return [];
    return [
      {
        severity: 'error',
        found: `${role.denied.join(', ')} denied`,
        expected: `these rights for ${role.arn}`,
        mend: 'Deploy again; if a permissions boundary or a control policy denies them, ask whoever owns it.',
        command: putPolicy(role.arn, role.denied),
      },
    ];
  }),
);

const version = perStage('version', 'the stage runs this version of Sluice', ({ services, version: own }) => {
  const others = [...new Set(services.map(({ binding }) => binding.version ?? 'an older one'))].filter(
    (deployed) => deployed !== own,
  );
  return others.length === 0
    ? []
    : [
        {
          severity: 'warning',
          found: `${others.join(', ')} deployed, ${own} here`,
          expected: 'the same',
          mend: 'Deploy; what was learnt stays.',
          command: 'npx cdk deploy',
        },
      ];
});

const round = (value: number): number => Number(value.toFixed(2));

export const stageChecks: readonly Check[] = [
  quota,
  heartbeat,
  alerts,
  deadAlarms,
  logRetention,
  recovery,
  tickRights,
  version,
];
