import type { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { tableDefaults } from '../table-defaults.ts';

export interface JobsTableProps {
  /**
   * What happens to the records of all jobs when the stack goes.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The table of job records; docs/architecture.md ("Jobs") lists its items. */
export class JobsTable extends dynamodb.Table {
  constructor(scope: Construct, id: string, props: JobsTableProps = {}) {
    super(scope, id, tableDefaults(props.removalPolicy));
    this.addGlobalSecondaryIndex({
      indexName: stateIndex,
      partitionKey: { name: 'tenantState', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'submittedAt', type: dynamodb.AttributeType.NUMBER },
      // All but payload and result: those make a record dear, and no list shows them.
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: [...listed],
    });
  }
}

export const stateIndex = 'byState';

const listed = [
  ...['jobId', 'tenant', 'type', 'queue', 'state', 'expiresAt', 'attempts', 'version', 'startedAt', 'finishedAt'],
  ...['sentAt', 'redrives', 'contentHash', 'workflowId', 'groupId', 'parentId', 'errorName', 'errorMessage'],
  ...['deliveryBegunAt', 'deadLetterReason'],
];
