import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketDefaults } from '../bucket-defaults.ts';

export interface ReportBucketProps {
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Where the weekly reports lie: `reports/<stage>/<week>/`, each object written once. */
export class ReportBucket extends s3.Bucket {
  constructor(scope: Construct, id: string, props: ReportBucketProps = {}) {
    super(scope, id, {
      ...bucketDefaults(props.removalPolicy),
      lifecycleRules: [
        {
          // Three years: as long as the longest commitment that a report may have advised.
          expiration: Duration.days(1100),
          transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) }],
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }
}
