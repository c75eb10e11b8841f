import { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { type AwsPolicy, awsPolicies } from './policies.ts';
import { scheduledActions } from './scheduled-actions.ts';
import { type Alarms, stepScaling } from './step-scaling.ts';
import { targetTracking } from './target-tracking.ts';

const lists = ['ScalingPolicies', 'ScheduledActions', 'ScalableTargets', 'MetricAlarms'] as const;

/** Output of `aws application-autoscaling describe-…`, or of `aws cloudwatch describe-alarms` beside it. */
export const isAutoScaling = (document: Source): boolean =>
  document.isObject && lists.some((key) => document.get(key)?.isList === true);

/** All such documents of one import together: a policy, its target and its actions may lie in different files. */
export const importAutoScaling = (documents: readonly Source[], now: string): readonly Draft[] => {
  const all = (key: (typeof lists)[number]): readonly Source[] =>
    documents.flatMap((document) => document.get(key)?.items() ?? []);
  const alarms: Alarms = new Map(
    all('MetricAlarms').map((alarm) => [alarm.need('AlarmName', 'An alarm has a name.').text(), alarm]),
  );
  const entries = [...all('ScalableTargets'), ...all('ScalingPolicies'), ...all('ScheduledActions')];
  const ids = [...new Set(entries.map(resourceOf))];
  const drafts = ids.map((id) => {
    const own = (key: (typeof lists)[number]): readonly Source[] =>
      all(key).filter((entry) => resourceOf(entry) === id);
    return importTarget(id, own('ScalableTargets'), own('ScalingPolicies'), own('ScheduledActions'), alarms, now);
  });
  // Alarms that nobody asked for are context, not a setting.
  for (const alarm of all('MetricAlarms')) alarm.skip();
  for (const document of documents) {
    document.get('CompositeAlarms')?.skip();
    for (const node of document.unread())
      drafts[0]?.drop(
        node,
        node.path === 'NextToken'
          ? 'The listing goes on: call the AWS CLI without --max-items.'
          : 'Sluice has no counterpart for it.',
      );
  }
  return drafts;
};

const resourceOf = (entry: Source): string =>
  entry.need('ResourceId', 'Use the output of the AWS CLI as it is.').text();

const importTarget = (
  id: string,
  targets: readonly Source[],
  policies: readonly Source[],
  actions: readonly Source[],
  alarms: Alarms,
  now: string,
): Draft => {
  const entries = [...targets, ...policies, ...actions];
  const source = entries[0] as Source;
  const draft = new Draft(id.split('/').at(-1) ?? id, 'Application Auto Scaling', source);
  for (const entry of entries)
    for (const key of [
      'ServiceNamespace',
      'ResourceId',
      'ScalableDimension',
      'CreationTime',
      'RoleARN',
      'ScalableTargetARN',
      'PolicyARN',
      'PolicyName',
      'PredictedCapacity',
    ])
      entry.get(key)?.skip();
  if (!id.startsWith('service/')) {
    for (const entry of entries) draft.drop(entry, `${id} is no ECS service.`);
    return draft;
  }
  bounds(draft, targets[0]);
  awsPolicies(
    draft,
    policies.flatMap((policy) => policyOf(draft, policy, alarms) ?? []),
  );
  if (draft.service.queue === undefined) withoutQueue(draft);
  scheduledActions(draft, actions, now);
  suspensions(draft, targets[0]);
  for (const entry of entries) for (const node of entry.unread()) draft.drop(node, 'Sluice has no counterpart for it.');
  return draft;
};

const bounds = (draft: Draft, target: Source | undefined): void => {
  const min = target?.need('MinCapacity', 'Use the output of the AWS CLI as it is.').wholeNumber();
  const max = target?.need('MaxCapacity', 'Use the output of the AWS CLI as it is.').wholeNumber();
  draft.service.tasks = { min: min ?? 1, max: max ?? 10 };
  if (target === undefined)
    draft.habit(
      'no describe-scalable-targets output',
      'tasks 1 to 10',
      'The bounds are not in the other outputs: import "aws application-autoscaling describe-scalable-targets --service-namespace ecs" with them, or correct this.',
      'tasks',
    );
};

const policyOf = (draft: Draft, policy: Source, alarms: Alarms): AwsPolicy | undefined => {
  const type = policy.need('PolicyType', 'Use the output of the AWS CLI as it is.').text();
  const tracking = policy.get('TargetTrackingScalingPolicyConfiguration');
  // Alarms of target tracking are AWS' own; their shape is known.
  if (tracking) for (const alarm of policy.get('Alarms')?.items() ?? []) alarm.skip();
  if (tracking) return targetTracking(draft, tracking);
  if (type === 'StepScaling') return stepScaling(draft, policy, alarms);
  draft.drop(
    policy,
    type === 'PredictiveScaling'
      ? 'Sluice forecasts with its "slo" and "predictive" policies: add { "type": "predictive", "mode": "full" } to a "max".'
      : `"${type}" is not known here.`,
  );
  return undefined;
};

const withoutQueue = (draft: Draft): void => {
  draft.service.queue = false;
  if (draft.service.policy === undefined)
    draft.habit('no policy that could be carried over', 'cpu 60 %', 'Choose a policy: docs/policies.md.', 'policy');
  else
    draft.habit(
      'no metric of a queue',
      'queue false',
      'Name the queue and use the policy "slo" if it works jobs off one.',
      'queue',
    );
};

const suspensions = (draft: Draft, target: Source | undefined): void => {
  const suspended = target?.get('SuspendedState');
  if (suspended === undefined) return;
  const isOn = (key: string): boolean => suspended.get(key)?.flag() === true;
  for (const [key, side] of [
    ['DynamicScalingInSuspended', 'scaleIn'],
    ['DynamicScalingOutSuspended', 'scaleOut'],
  ] as const)
    if (isOn(key))
      draft.service.behavior = {
        ...draft.service.behavior,
        [side]: { ...draft.service.behavior?.[side], select: 'disabled' },
      };
  if (!isOn('ScheduledScalingSuspended') || draft.service.schedule === undefined) return;
  delete draft.service.schedule;
  draft.drop(suspended, 'Scheduled scaling is suspended: its windows were left out.');
};
