import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketDefaults } from '../bucket-defaults.ts';

export interface JobBucketProps {
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Where payloads and results lie that are too large for a record: `payloads/`, `uploads/` and `results/`, by tenant. */
export class JobBucket extends s3.Bucket {
  constructor(scope: Construct, id: string, props: JobBucketProps = {}) {
    super(scope, id, {
      ...bucketDefaults(props.removalPolicy),
      lifecycleRules: [
        // As long as a record stays after its end; a job lives for 18 days at most, redriven from the dead letters.
        { expiration: Duration.days(50), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }
}
