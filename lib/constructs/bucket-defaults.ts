import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** What all buckets of Sluice have in common: encrypted, nobody from outside, TLS only, kept when the stack goes. */
export const bucketDefaults = (removalPolicy = RemovalPolicy.RETAIN): s3.BucketProps => ({
  encryption: s3.BucketEncryption.S3_MANAGED,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  removalPolicy,
});
