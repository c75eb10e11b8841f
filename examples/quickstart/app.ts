import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { runApp } from '../../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../../lib/constructs/sluice-from-config.ts';

// The stack of the config, and what its jobs need beside it: a bucket for payloads and results.
await runApp(async (app) => {
  const stack = await sluiceStack(app, { config: 'examples/quickstart/sluice.config.ts' });
  const bucket = new s3.Bucket(stack, 'Payloads', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  for (const service of ['thumbnails', 'encodes']) {
    const worker = stack.worker(service);
    bucket.grantRead(worker, 'payloads/*');
    bucket.grantPut(worker, 'results/*');
    worker.addEnvironment('PAYLOAD_BUCKET', bucket.bucketName);
  }
});
