import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import { fixtureFunction, specOf, stackOf } from './fixtures.ts';

const validating = () => {
  const app = createApp({ outdir: undefined, builtinCloudFormationValidation: true });
  const stack = stackOf([specOf('convert'), specOf('archive')], { code: lambda.Code.fromAsset(fixtureFunction) }, app);
  return { app, stack };
};

// With the flag validateAgainstDefaultRules a finding is an error, and synth throws.
test("CDK's own rules find nothing in the template", () => {
  const { stacks } = validating().app.synth();
  expect(stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([]);
});

test('and they would: a queue that hides its jobs for a day is refused', () => {
  const { app, stack } = validating();
  new sqs.CfnQueue(stack, 'Bad', { visibilityTimeout: 86_400 });
  expect(() => app.synth()).toThrow(/VisibilityTimeout: 86400 is greater than the maximum/);
});
