import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BadInput, type InputIssue } from '../../model/bad-input.ts';
import { refusalsOf } from '../../model/unsupported-service.ts';
import type { QueueProcessingFargateServiceProps as Props } from './queue-processing-fargate-service.ts';

/** Throws `BadInput` with every prop of the peer that does not fit, and what to write instead. */
export const refusePeerProps = (scope: Construct, props: Props): void => {
  const issues = rules
    .flatMap((rule) => rule(props))
    .map((issue) => ({ ...issue, path: `${scope.node.path}.${issue.path}` }));
  if (issues.length > 0) throw new BadInput(issues);
};

const issue = (path: string, found: string, expected: string, mend: string): InputIssue => ({
  path,
  found,
  expected,
  mend,
});

const rules: readonly ((props: Props) => readonly InputIssue[])[] = [
  ({ scalingSteps, policy }) =>
    scalingSteps === undefined
      ? []
      : [
          issue(
            'scalingSteps',
            'steps of the queue’s length in a five-minute maximum',
            policy ? '"policy" alone' : '"policy", or none: then the promise "slo" decides',
            `Remove it for the policy "slo". The same steps on fresh counters: policy: ${stepsPolicy(scalingSteps)}.`,
          ),
        ],
  ({ policy, cpuTargetUtilizationPercent, disableCpuBasedScaling }) =>
    policy === undefined || cpuTargetUtilizationPercent === undefined || disableCpuBasedScaling === true
      ? []
      : [
          issue(
            'cpuTargetUtilizationPercent',
            'a CPU target beside "policy"',
            'one of them',
            `Put it into the policy: { type: 'max', of: [<policy>, { type: 'targetTracking', signals: [{ signal: 'cpu', target: ${cpuTargetUtilizationPercent} }] }] }.`,
          ),
        ],
  ({ cooldown, behavior }) =>
    cooldown === undefined || behavior === undefined
      ? []
      : [
          issue(
            'cooldown',
            'a cooldown beside "behavior"',
            'one of them',
            'Give behavior.scaleOut.cooldownSeconds and behavior.scaleIn.cooldownSeconds instead.',
          ),
        ],
  ({ deploymentController }) =>
    refusalsOf({ deploymentController: deploymentController?.type }).map(({ found, expected, mend }) =>
      issue('deploymentController', found, expected, mend),
    ),
  ({ runtimePlatform }) =>
    refusalsOf({ operatingSystem: runtimePlatform?.operatingSystemFamily?._operatingSystemFamily }).map(
      ({ found, expected, mend }) => issue('runtimePlatform', found, expected, mend),
    ),
  ({ capacityProviderStrategies = [] }) =>
    refusalsOf({
      capacityProviders: capacityProviderStrategies.map(({ capacityProvider }) =>
        Token.isUnresolved(capacityProvider) ? 'of the app' : capacityProvider,
      ),
    }).map(({ found, expected, mend }) => issue('capacityProviderStrategies', found, expected, mend)),
  ({ healthCheckGracePeriod }) =>
    healthCheckGracePeriod === undefined
      ? []
      : [
          issue(
            'healthCheckGracePeriod',
            healthCheckGracePeriod.toHumanString(),
            'nothing: there is no load balancer whose health checks could wait',
            'Remove it; "healthCheck.startPeriod" is the grace of the container’s own check.',
          ),
        ],
  (props) =>
    (['desiredTaskCount', 'desiredCount'] as const)
      .filter((name) => name in props)
      .map((name) =>
        issue(
          name,
          `"${name}"`,
          'no count in the template',
          'Remove it: each deploy would reset the count. "minScalingCapacity" is the floor.',
        ),
      ),
  ({ taskDefinition, image }) =>
    (taskDefinition === undefined) === (image === undefined)
      ? [
          issue(
            'image',
            image ? '"image" and "taskDefinition"' : 'neither "image" nor "taskDefinition"',
            'one of them',
            'Give what the tasks run, once.',
          ),
        ]
      : [],
  (props) =>
    props.queue === undefined
      ? []
      : (['maxReceiveCount', 'visibilityTimeout', 'retentionPeriod'] as const)
          .filter((name) => props[name] !== undefined)
          .map((name) => issue(name, `"${name}" beside "queue"`, 'what the queue itself says', 'Set it on the queue.')),
  ({ cluster, vpc }) =>
    cluster && vpc ? [issue('vpc', '"vpc" beside "cluster"', 'one of them', 'Remove "vpc": a cluster has one.')] : [],
];

/** The same in Sluice's words. */
const stepsPolicy = (steps: NonNullable<Props['scalingSteps']>): string =>
  JSON.stringify({
    type: 'steps',
    signal: 'queueDepth',
    adjustment: 'change',
    steps: steps.map(({ lower, upper, change }) => ({
      ...(lower !== undefined && { from: lower }),
      ...(upper !== undefined && { to: upper }),
      by: change,
    })),
  });
