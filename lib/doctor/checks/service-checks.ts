import { usualAlertNumbers } from '../../model/alert-numbers.ts';
import { isReady, readyShare } from '../../model/rollout-health.ts';
import { refusalsOf } from '../../model/unsupported-service.ts';
import { lastPart, secondWriter } from '../../report/adopt/second-writer.ts';
import { type Check, type FindingText, given, perService } from '../finding.ts';

const clusterAndService = (binding: { readonly cluster: string; readonly ecsService: string }): string =>
  `--cluster ${binding.cluster} --service ${lastPart(binding.ecsService)}`;

/** What Sluice works with: a Fargate service that ECS itself rolls out. */
const kind = perService(
  'service',
  'the ECS service is there, on Fargate, rolled out by ECS',
  ({ binding, service, taskDefinition }) =>
    given(service, (seen): readonly FindingText[] => {
      const command = `aws ecs describe-services --cluster ${binding.cluster} --services ${lastPart(binding.ecsService)}`;
      if (seen === undefined || seen.status !== 'ACTIVE')
        return [
          {
            severity: 'error',
            found: seen === undefined ? `no service ${binding.ecsService}` : `the status ${seen.status}`,
            expected: 'an active service',
            mend: 'Deploy the stack again.',
            command,
          },
        ];
      return refusalsOf({
        launchType: seen.launchType,
        capacityProviders: seen.capacityProviders,
        deploymentController: seen.deploymentController,
        operatingSystem: taskDefinition.known ? taskDefinition.value?.operatingSystem : undefined,
      }).map(({ found, expected, mend }) => ({ severity: 'error', found, expected, mend, command }));
    }),
);

const rollout = perService('rollout', 'at least 80 % of the desired tasks are ready', ({ binding, service }) =>
  given(service, (seen) => {
    const { numbers } = binding.plan.alerts ?? {};
    if (seen === undefined || isReady(seen, numbers?.readyPercent)) return [];
    return [
      {
        severity: 'warning',
        found: `${seen.running} of ${seen.desired} tasks (${Math.round(readyShare(seen))} %)`,
        expected: `at least ${numbers?.readyPercent ?? usualAlertNumbers.readyPercent} %`,
        mend: 'Just after a scale-out it passes; else the service’s events say why tasks do not start.',
        command: `aws ecs describe-services --cluster ${binding.cluster} --services ${lastPart(binding.ecsService)} --query 'services[].events[:5]'`,
      },
    ];
  }),
);

const zones = perService('zones', 'tasks may run in two availability zones or more', ({ binding, zones: seen }) =>
  given(seen, (names) => {
    const distinct = [...new Set(names)];
    return distinct.length > 1
      ? []
      : [
          {
            severity: 'warning',
            found: distinct.length === 0 ? 'no subnet that is known' : `one zone (${distinct[0]})`,
            expected: 'subnets in at least two zones',
            mend: 'A zone that fails takes the service with it: give it subnets in a second one.',
            command: `aws ecs update-service ${clusterAndService(binding)} --network-configuration 'awsvpcConfiguration={subnets=[SUBNET_A,SUBNET_B],securityGroups=[GROUP]}'`,
          },
        ];
  }),
);

const healthCheck = perService('healthCheck', 'containers have a health check', ({ taskDefinition }) =>
  given(taskDefinition, (seen) => {
    const without = seen?.containers.filter(({ hasHealthCheck }) => !hasHealthCheck) ?? [];
    return without.length === 0
      ? []
      : [
          {
            severity: 'warning',
            found: `none on ${without.map(({ name }) => name).join(', ')}`,
            expected: 'a health check on each container',
            mend: 'A task that hangs is never replaced: add one to the task definition (every 10 s, 5 s, 3 retries), and deploy.',
            command: `aws ecs describe-task-definition --task-definition ${seen?.arn ?? ''} --query 'taskDefinition.containerDefinitions[].healthCheck'`,
          },
        ];
  }),
);

const rollsBack = perService('rollback', 'a deployment that fails is rolled back', ({ binding, service }) =>
  given(service, (seen) =>
    seen === undefined || seen.rollsBack
      ? []
      : [
          {
            severity: 'warning',
            found: 'no deployment circuit breaker with rollback',
            expected: 'one: a broken image stops scale-out and is not put back by itself',
            mend: 'Turn it on.',
            command: `aws ecs update-service ${clusterAndService(binding)} --deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}'`,
          },
        ],
  ),
);

const usualStopSeconds = 30;

const stopTimeout = perService(
  'stopTimeout',
  'a task has time to end its jobs when it is stopped',
  ({ taskDefinition, jobSeconds }) =>
    given(taskDefinition, (seen) =>
      given(jobSeconds, (seconds) => {
        const times = seen?.containers.map((container) => container.stopTimeoutSeconds ?? usualStopSeconds) ?? [];
        const stop = Math.max(0, ...times);
        if (seconds === undefined || times.length === 0 || seconds <= stop) return [];
        return [
          {
            severity: 'warning',
            found: `${stop} s, for jobs of ${round(seconds)} s on average`,
            expected:
              seconds > 120
                ? 'at most 120 s are possible: jobs that may be begun again'
                : `at least ${Math.ceil(seconds)} s`,
            mend: 'Scale-in spares busy tasks by protection; a stop by hand or by Spot does not. Raise worker.stopTimeoutSeconds (120 at most), or write progress.',
            command: `aws ecs describe-task-definition --task-definition ${seen?.arn ?? ''} --query 'taskDefinition.containerDefinitions[].stopTimeout'`,
          },
        ];
      }),
    ),
);

/** The second writer, with the hand-over as commands. */
const otherScaler = perService(
  'scalableTarget',
  'nobody else sets the desired count',
  ({ binding }, { targets, policies }) =>
    given(targets, (seen) => {
      const writer = secondWriter(
        {
          service: binding.plan.service,
          cluster: binding.cluster,
          ecsService: binding.ecsService,
          mode: binding.plan.mode,
        },
        seen,
        policies.known ? policies.value : [],
      );
      if (writer === undefined) return [];
      const { severity, found, expected, mend, commands } = writer;
      return [
        {
          severity,
          found,
          expected,
          mend: `${mend} First keep it: ${commands.save.join('; ')}. Back again: ${commands.goOn}. For good: ${commands.deregister}.`,
          command: commands.suspend,
        },
      ];
    }),
);

const desiredCount = perService('desiredCount', 'no template resets the desired count', ({ binding, owner }) =>
  given(owner, (seen) =>
    seen?.desiredCount === undefined || binding.plan.mode === 'shadow'
      ? []
      : [
          {
            severity: 'error',
            found: `DesiredCount ${JSON.stringify(seen.desiredCount)} in the template of stack ${seen.stack} (${seen.logicalId})`,
            expected: 'no DesiredCount there: each deploy of that stack would set it',
            mend: 'Take it out of the template (in CDK: leave out desiredCount, with the feature flag @aws-cdk/aws-ecs-patterns:removeDefaultDesiredCount), and deploy.',
            command: `aws cloudformation get-template --stack-name ${seen.stack} --query 'TemplateBody.Resources.${seen.logicalId}.Properties.DesiredCount'`,
          },
        ],
  ),
);

const taskRights = perService('taskRights', 'tasks may take jobs and protect themselves', ({ taskRole }) =>
  given(taskRole, (role) =>
    role === undefined
      ? [
          {
            severity: 'warning',
            found: 'no task role',
            expected: 'a role that may take jobs and call ecs:UpdateTaskProtection',
            mend: 'Without it a busy task is not spared at scale-in: deploy with a task role.',
            command: 'npx cdk deploy',
          },
        ]
      : role.denied.length === 0
        ? []
        : [
            {
              severity: 'error',
              found: `${role.denied.join(', ')} denied`,
              expected: `these rights for ${role.arn}`,
              mend: 'Grant them; "cdk deploy" does for services that Sluice made.',
              command: putPolicy(role.arn, role.denied),
            },
          ],
  ),
);

export const putPolicy = (roleArn: string, actions: readonly string[]): string =>
  `aws iam put-role-policy --role-name ${lastPart(roleArn)} --policy-name sluice --policy-document '${JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })}'`;

const round = (value: number): number => Number(value.toPrecision(3));

export const serviceChecks: readonly Check[] = [
  kind,
  rollout,
  zones,
  healthCheck,
  rollsBack,
  stopTimeout,
  otherScaler,
  desiredCount,
  taskRights,
];
