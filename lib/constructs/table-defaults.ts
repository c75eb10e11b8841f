import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

/**
 * What all tables of Sluice have in common: `pk` and `sk`, on demand, restorable to any second, items go by their `ttl`.
 * `Table` and not `TableV2`: that one is a GlobalTable in the template, dearer to emulate and of no use to one Region.
 */
export const tableDefaults = (removalPolicy = RemovalPolicy.RETAIN): dynamodb.TableProps => ({
  partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
  sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  timeToLiveAttribute: 'ttl',
  removalPolicy,
});
