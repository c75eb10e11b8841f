import type { ScheduleSpec } from '../../simulate/cloud/scheduler.ts';
import type { TemplateResource } from './interface.ts';
import {
  type KnownProperties,
  physicalName,
  readNumber,
  readObject,
  readText,
  refuse,
  refuseUnknownProperties,
} from './template-properties.ts';

/** AWS::Scheduler::Schedule → what the model creates. Throws BadInput. */
export const readSchedule = (resource: TemplateResource): ScheduleSpec => {
  const properties = resource.Properties;
  refuseUnknownProperties(resource, properties, knownProperties);
  const mode = (properties.FlexibleTimeWindow as { readonly Mode?: unknown } | undefined)?.Mode;
  if (mode !== undefined && mode !== 'OFF') {
    refuse(resource, 'FlexibleTimeWindow.Mode', mode, 'OFF', 'Flexible windows are not modelled.');
  }
  const target = readObject(resource, 'Target', properties.Target);
  refuseUnknownProperties(resource, target, knownTargetProperties, 'Target.');
  const retry = readObject(resource, 'Target.RetryPolicy', target.RetryPolicy ?? {});
  const zone = properties.ScheduleExpressionTimezone;
  return {
    name: physicalName(resource, 'Name'),
    expression: readText(resource, 'ScheduleExpression', properties.ScheduleExpression),
    ...(zone === undefined ? {} : { timeZone: readText(resource, 'ScheduleExpressionTimezone', zone) }),
    enabled: properties.State !== 'DISABLED',
    targetArn: readText(resource, 'Target.Arn', target.Arn),
    ...(target.RoleArn === undefined ? {} : { roleArn: readText(resource, 'Target.RoleArn', target.RoleArn) }),
    input: target.Input === undefined ? '{}' : readText(resource, 'Target.Input', target.Input),
    maximumRetryAttempts: readNumber(
      resource,
      'Target.RetryPolicy.MaximumRetryAttempts',
      retry.MaximumRetryAttempts ?? 185,
      { min: 0, max: 185 },
    ),
    maximumEventAgeSeconds: readNumber(
      resource,
      'Target.RetryPolicy.MaximumEventAgeInSeconds',
      retry.MaximumEventAgeInSeconds ?? 86_400,
      { min: 60, max: 86_400 },
    ),
  };
};

const knownProperties: KnownProperties = {
  modelled: ['Name', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'State', 'Target', 'FlexibleTimeWindow'],
  withoutMeaningHere: ['Description', 'GroupName', 'KmsKeyArn'],
};

const knownTargetProperties: KnownProperties = {
  modelled: ['Arn', 'RoleArn', 'Input', 'RetryPolicy'],
  withoutMeaningHere: ['DeadLetterConfig'],
};
