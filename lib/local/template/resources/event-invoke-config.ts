import { checkProperties } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';
import { isObject } from '../template.ts';

/** How asynchronous invocations of a function are tried again, and where they end. */
export const createEventInvokeConfig: Creator = (resource, context) => {
  checkProperties(
    resource,
    ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
    [],
  );
  const { FunctionName, MaximumEventAgeInSeconds, MaximumRetryAttempts, DestinationConfig } = resource.properties;
  const onFailure = destination(DestinationConfig, 'OnFailure');
  const onSuccess = destination(DestinationConfig, 'OnSuccess');
  context.lambda.configureAsyncInvocation(String(FunctionName), {
    retryAttempts: Number(MaximumRetryAttempts ?? 2),
    maxEventAgeSeconds: Number(MaximumEventAgeInSeconds ?? 21_600),
    ...(onFailure === undefined ? {} : { onFailureArn: onFailure }),
    ...(onSuccess === undefined ? {} : { onSuccessArn: onSuccess }),
  });
  return { ref: physicalName(resource.stack, resource.logicalId) };
};

const destination = (config: unknown, side: 'OnFailure' | 'OnSuccess'): string | undefined => {
  const one = isObject(config) ? config[side] : undefined;
  return isObject(one) && one.Destination !== undefined ? String(one.Destination) : undefined;
};
