import type { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { tableDefaults } from './table-defaults.ts';

export interface StateTableProps {
  /**
   * What happens to the learnt state, the hourly history and the decision log when the stack goes.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The one table of a stage; docs/architecture.md lists its items. */
export class StateTable extends dynamodb.Table {
  constructor(scope: Construct, id: string, props: StateTableProps = {}) {
    super(scope, id, tableDefaults(props.removalPolicy));
  }
}
