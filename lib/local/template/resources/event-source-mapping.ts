import { checkProperties, refuseValue } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';
import { isObject } from '../template.ts';

const honoured = [
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
];

/** From an SQS queue to a function. `Ref` is its id. */
export const createEventSourceMapping: Creator = async (resource, context) => {
  checkProperties(resource, honoured, ['MetricsConfig']);
  const { properties } = resource;
  const queueArn = String(properties.EventSourceArn);
  if (!queueArn.startsWith('arn:aws:sqs:')) {
    throw refuseValue(resource, 'EventSourceArn', 'the ARN of an SQS queue', 'Other event sources do not run locally.');
  }
  const types = Array.isArray(properties.FunctionResponseTypes) ? properties.FunctionResponseTypes : [];
  const maximum = isObject(properties.ScalingConfig) ? properties.ScalingConfig.MaximumConcurrency : undefined;
  const id = physicalName(resource.stack, resource.logicalId);
  if (properties.Enabled !== false) {
    await context.lambda.mapQueue({
      queueArn,
      functionName: String(properties.FunctionName),
      batchSize: Number(properties.BatchSize ?? 10),
      batchingWindowSeconds: Number(properties.MaximumBatchingWindowInSeconds ?? 0),
      reportsItemFailures: types.includes('ReportBatchItemFailures'),
      ...(maximum === undefined ? {} : { maximumConcurrency: Number(maximum) }),
    });
  }
  return { ref: id, attributes: { Id: id } };
};
