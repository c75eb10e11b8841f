/**
 * Template types that moto 5.2.5 takes without a word and does not make, and what proves them instead. A skipped type
 * that is not named here fails the lane.
 */
export const skippedByMoto: Readonly<Record<string, string>> = {
  'AWS::Scheduler::Schedule': 'test/constructs/scaler.test.ts and holidays.test.ts, cfn-lint',
  'AWS::CloudWatch::Alarm': 'test/constructs/scaler.test.ts, cfn-lint',
  'AWS::Lambda::EventInvokeConfig': 'test/constructs/scaler.test.ts, cfn-lint',
  'AWS::SQS::QueuePolicy': 'test/constructs/job-queue.test.ts, cdk-nag (AwsSolutions-SQS4), cfn-lint',
  'AWS::S3::BucketPolicy': "CDK's own construct, in the README's app only",
  'AWS::CDK::Metadata': "nothing: CDK's count of what it is used for, without effect",
};
