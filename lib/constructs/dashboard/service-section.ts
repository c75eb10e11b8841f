import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { usualAlertNumbers } from '../../model/alert-numbers.ts';
import type { ScaledService } from '../scaled-service.ts';
import { changesOf, desiredOf } from './log-widgets.ts';

type Row = readonly cloudwatch.IWidget[];

/** One service, row by row, each 24 wide. */
export const serviceSection = (service: ScaledService, logGroup: logs.ILogGroup, region: string): readonly Row[] => [
  [title(service)],
  [
    tasks(service),
    desiredOf(service.plan.service, logGroup, region),
    load(service),
    ...(service.targetGroup === undefined ? [] : [requests(service.targetGroup)]),
  ],
  ...(service.queues.length === 0 ? [] : [[waiting(service), oldest(service), throughput(service), dead(service)]]),
  [changesOf(service.plan.service, logGroup, region)],
];

const title = ({ plan }: ScaledService): cloudwatch.IWidget => {
  const promises = plan.queues.map(
    ({ name, percent, startWithinSeconds }) =>
      `${percent} % of the jobs in **${name}** start within ${startWithinSeconds} s`,
  );
  const promise = promises.length > 0 ? `Promised: ${promises.join('; ')}. ` : '';
  const shadow = plan.mode === 'shadow' ? ' **Shadow: Sluice decides and changes nothing.**' : '';
  return new cloudwatch.TextWidget({
    markdown: `## ${plan.service}\n${promise}Between ${plan.tasks.min} and ${plan.tasks.max} tasks outside all windows.${shadow} Why it is as it is: \`sluice why ${plan.service}\``,
    width: 24,
    height: 2,
  });
};

/** Each running task sends one sample a minute: their number is the number of tasks, without Container Insights. */
const tasks = (service: ScaledService): cloudwatch.IWidget =>
  graph('Tasks that run', {
    left: [ecsMetric(service, 'CPUUtilization', 'SampleCount', 'running')],
    leftAnnotations: [{ value: service.plan.tasks.max, label: 'most', color: cloudwatch.Color.GREY }],
    leftYAxis: { min: 0, label: 'tasks', showUnits: false },
  });

const load = (service: ScaledService): cloudwatch.IWidget => {
  const { cpuWarning, memoryCritical } = { ...usualAlertNumbers, ...service.plan.alerts?.numbers };
  return graph('CPU and memory of the tasks', {
    left: [
      ecsMetric(service, 'CPUUtilization', 'Average', 'CPU'),
      ecsMetric(service, 'MemoryUtilization', 'Average', 'memory'),
    ],
    leftAnnotations: [
      { value: cpuWarning, label: 'CPU: warning above', color: cloudwatch.Color.ORANGE },
      { value: memoryCritical, label: 'memory: critical above', color: cloudwatch.Color.RED },
    ],
    leftYAxis: { min: 0, max: 100, label: '%', showUnits: false },
  });
};

const waiting = ({ queues }: ScaledService): cloudwatch.IWidget =>
  graph('Jobs that wait, and jobs being worked on', {
    left: queues.flatMap(({ name, queue }) => [
      queue.metricApproximateNumberOfMessagesVisible({ ...minute, label: `${name}: waiting` }),
      queue.metricApproximateNumberOfMessagesNotVisible({ ...minute, label: `${name}: in progress` }),
    ]),
    leftYAxis: { min: 0, label: 'jobs', showUnits: false },
  });

const oldest = ({ queues, plan }: ScaledService): cloudwatch.IWidget =>
  graph('Age of the oldest job that is not done', {
    left: queues.map(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ ...minute, label: name })),
    leftAnnotations: plan.queues.map(({ name, startWithinSeconds }) => ({
      value: startWithinSeconds,
      label: `${name}: promised to start`,
      color: cloudwatch.Color.RED,
    })),
    leftYAxis: { min: 0, label: 'seconds', showUnits: false },
  });

const throughput = ({ queues }: ScaledService): cloudwatch.IWidget =>
  graph('Jobs that arrive, and jobs that are done', {
    left: queues.flatMap(({ name, queue }) => [
      queue.metricNumberOfMessagesSent({ ...minute, label: `${name}: arrived` }),
      queue.metricNumberOfMessagesDeleted({ ...minute, label: `${name}: done` }),
    ]),
    leftYAxis: { min: 0, label: 'jobs a minute', showUnits: false },
  });

const dead = ({ queues }: ScaledService): cloudwatch.IWidget => {
  const known = queues.flatMap(({ name, deadLetterQueue }) => (deadLetterQueue ? [{ name, deadLetterQueue }] : []));
  if (known.length === 0)
    return new cloudwatch.TextWidget({
      markdown: '### Failed jobs\nSluice knows no dead-letter queue of this service.',
      ...size,
    });
  return graph('Failed jobs in the dead-letter queue (sluice redrive)', {
    left: known.map(({ name, deadLetterQueue }) =>
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...minute, label: name }),
    ),
    leftYAxis: { min: 0, label: 'jobs', showUnits: false },
  });
};

const requests = ({ metrics }: NonNullable<ScaledService['targetGroup']>): cloudwatch.IWidget =>
  graph('Requests, response time and errors', {
    left: [metrics.targetResponseTime({ period: Duration.minutes(1), statistic: 'p95', label: 'response time, p95' })],
    right: [
      metrics.requestCount({ period: Duration.minutes(1), label: 'requests a minute' }),
      metrics.custom('HTTPCode_Target_5XX_Count', {
        period: Duration.minutes(1),
        statistic: 'Sum',
        label: 'errors a minute',
      }),
    ],
    leftYAxis: { min: 0, label: 'seconds', showUnits: false },
    rightYAxis: { min: 0, label: 'a minute', showUnits: false },
  });

const minute = { period: Duration.minutes(1) };
const size = { width: 6, height: 6 };

const graph = (name: string, props: cloudwatch.GraphWidgetProps): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title: name, ...size, ...props });

const ecsMetric = (
  { cluster, service }: ScaledService,
  metricName: string,
  statistic: string,
  label: string,
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/ECS',
    metricName,
    dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: service.serviceName },
    statistic,
    label,
    ...minute,
  });
