import { describe, expect, it } from 'vitest';
import { resourceIdOf, type ScalableTargetSeen, secondWriter } from '../../../lib/report/adopt/second-writer.ts';

const watched = { service: 'convert', cluster: 'prod', ecsService: 'convert-workers', mode: 'act' } as const;
const target: ScalableTargetSeen = {
  ResourceId: 'service/prod/convert-workers',
  ScalableDimension: 'ecs:service:DesiredCount',
  MinCapacity: 1,
  MaxCapacity: 10,
};
const policies = [
  { ResourceId: 'service/prod/convert-workers', PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' },
  { ResourceId: 'service/prod/other', PolicyName: 'steps', PolicyType: 'StepScaling' },
];
const all = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };

describe('an Application Auto Scaling target', () => {
  it.each([
    ['beside Sluice', {}, 'act', 'error', 'scalableTarget'],
    ['suspended', { SuspendedState: all }, 'act', 'warning', 'scalableTargetSuspended'],
    [
      'suspended in part',
      { SuspendedState: { ...all, ScheduledScalingSuspended: false } },
      'act',
      'error',
      'scalableTarget',
    ],
    ['that Sluice watches', {}, 'shadow', 'info', 'scalableTargetWatched'],
    ['suspended, in shadow', { SuspendedState: all }, 'shadow', 'info', 'scalableTargetSuspended'],
  ] as const)('%s', (_, change, mode, severity, code) => {
    expect(secondWriter({ ...watched, mode }, [{ ...target, ...change }], policies)).toMatchObject({ severity, code });
  });

  it('is told with its bounds and its own policies', () => {
    expect(secondWriter(watched, [target], policies)?.found).toBe(
      'an Application Auto Scaling target on service/prod/convert-workers (1 to 10 tasks; TargetTrackingScaling "cpu")',
    );
    expect(secondWriter(watched, [target], [])?.found).toContain('no policy');
  });

  it('comes with the commands that hand over, and back', () => {
    const of = '--service-namespace ecs --resource-id service/prod/convert-workers';
    const suspended = (yes: boolean) =>
      `aws application-autoscaling register-scalable-target ${of} --scalable-dimension ecs:service:DesiredCount --suspended-state DynamicScalingInSuspended=${yes},DynamicScalingOutSuspended=${yes},ScheduledScalingSuspended=${yes}`;
    const commands = secondWriter(watched, [target], [])?.commands;
    expect(commands).toMatchObject({
      suspend: suspended(true),
      goOn: suspended(false),
      deregister: `aws application-autoscaling deregister-scalable-target ${of} --scalable-dimension ecs:service:DesiredCount`,
    });
    expect(commands?.save).toHaveLength(3);
  });

  it('of another service, or of none, is no finding', () => {
    expect(secondWriter(watched, [], policies)).toBeUndefined();
    expect(secondWriter(watched, [{ ...target, ResourceId: 'service/prod/other' }], policies)).toBeUndefined();
  });
});

it('ARNs in a binding are the same resource', () => {
  const cluster = 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod';
  const ecsService = 'arn:aws:ecs:eu-central-1:123456789012:service/prod/convert';
  expect(resourceIdOf({ cluster, ecsService })).toBe('service/prod/convert');
});
